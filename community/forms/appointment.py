"""What somebody wants to say at an appointment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form


def _lines(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=700,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class AppointmentForm(Form):
    """Four things that help to be heard."""

    first = _lines(_("What I want to say first"), _("If there is time for one thing only."))
    changed = _lines(_("What has changed since last time"))
    questions = _lines(_("What I want to ask"))
    wish = _lines(_("What would help me"), _("Someone with me? More time? Things written down?"))
