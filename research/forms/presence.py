"""A researcher's place in a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from research.policies import Desk
from research.selectors import parts


class SeatForm(Form):
    """For which study one is here."""

    sid = forms.ChoiceField(
        label=_("For which study are you here?"), widget=forms.RadioSelect,
        error_messages={"required": _("Pick the study."), "invalid_choice": _("Pick one of these.")},
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Sequence[Desk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sid"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(desk.study.public_id, parts.title(desk.study)) for desk in choices]
