"""Asking to be allowed to quote, and answering that."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form


class AskForm(Form):
    """Which words, what for, and how they would be worded."""

    passage = forms.CharField(
        label=_("The words to quote"), strip=False, max_length=16_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}), help_text=_("Leave only those words."),
        error_messages={"required": _("Which words?")},
    )  # fmt: skip
    use = forms.CharField(
        label=_("How it will be used"), max_length=500, help_text=_("Where it will stand, and who will read it."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"required": _("Say how it will be used.")},
    )  # fmt: skip
    rewording = forms.CharField(
        label=_("The same in other words"), required=False, max_length=1000,
        help_text=_("Its writer can choose this instead. It cannot be found by looking for it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
