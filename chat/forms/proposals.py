"""The answer to somebody who asks for a change of the group promise."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.enums import Outcome
from core.forms import Form


class AnswerForm(Form):
    """What becomes of it, and why."""

    outcome = forms.ChoiceField(
        label=_("What happens now?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one of these."), "invalid_choice": _("Pick one of these.")},
    )
    text = forms.CharField(
        label=_("Why?"),
        help_text=_("Everyone here can read this. Say what you heard from others, too."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={
            "required": _("Write why first. People asked, and they wait for it."),
        },
    )
