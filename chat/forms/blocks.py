"""How not to see somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form

ALONE, BOTH = "mute", "block"


class HideForm(Form):
    """Whether one side or both stop seeing the other. Where only one can be, nothing is asked."""

    how = forms.ChoiceField(
        label=_("Who stops seeing whom?"),
        widget=forms.RadioSelect,
        choices=[
            (ALONE, _("Only I stop seeing them. Nobody can tell.")),
            (BOTH, _("We stop seeing each other, under these two names. They may notice.")),
        ],
        initial=ALONE,
        error_messages={"required": _("Pick one."), "invalid_choice": _("Pick one.")},
    )

    def __init__(self, *args: Any, may_block: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_block:
            del self.fields["how"]

    @property
    def both(self) -> bool:
        """Whether both sides stop."""
        return bool(self.cleaned_data.get("how") == BOTH)
