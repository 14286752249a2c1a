"""Folding something: one press says why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from moderation.enums import WORRIES, Reason

ABOUT_ME = "about_me"


class FoldForm(Form):
    """Why it is folded. Only who may fold for others finds other reasons than that it is about them, which not every
    group has."""

    why = forms.ChoiceField(choices=[(ABOUT_ME, _("This is about me"))])

    def __init__(self, *args: Any, may_about_me: bool, may_for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = [one for one in Reason.choices if one[0] not in WORRIES] if may_for_others else []
        field = self.fields["why"]
        assert isinstance(field, forms.ChoiceField)
        self.has_about_me = may_about_me
        field.choices = [(ABOUT_ME, _("This is about me"))] * may_about_me + self.others

    @property
    def is_about_me(self) -> bool:
        """Whether it is about whoever folds it."""
        return bool(self.cleaned_data["why"] == ABOUT_ME)

    @property
    def reason(self) -> Reason:
        """What the team reads."""
        return Reason.GIVES_AWAY if self.is_about_me else Reason(self.cleaned_data["why"])
