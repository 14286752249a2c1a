"""What the team writes to itself and to people who reported."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from moderation.selectors.console import mark_of


class HandoverForm(Form):
    """A note for whoever comes next."""

    note = forms.CharField(
        label=_("Note for whoever comes next"),
        help_text=_("All of the team can read it. Name nobody. Write no numbers."),
        required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    before = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    @classmethod
    def over(cls, found: str, *, typed: str | None = None) -> HandoverForm:
        """A form to put another note in the place of the one that was found; with what was typed already."""
        return cls(initial={"note": found if typed is None else typed, "before": mark_of(found)})


class QuestionForm(Form):
    """One question to somebody who reported."""

    question = forms.CharField(
        label=_("Ask them one thing"), max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Write what you want to ask.")},
    )  # fmt: skip
