"""Asking for another look."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form


class AppealForm(Form):
    """One box."""

    text = forms.CharField(
        label=_("Is there anything we should know?"),
        help_text=_("Say what you see in another way, or what came before. One or two lines are enough."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={
            "required": _("Write a line, so that we know what to look at."),
        },
    )
