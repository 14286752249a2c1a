"""Asking for help, and what a team does for somebody who is not well."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from moderation.actions.worries import LONGEST
from moderation.enums import Later
from moderation.forms.care import PICK


class HelpForm(Form):
    """A call for help. Saying why is up to them."""

    message = forms.CharField(
        label=_("You can say what is wrong. You can also leave this empty."),
        help_text=_("The team reads it. You do not have to say who you are or where."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    in_danger = forms.BooleanField(label=_("I am in danger now, or I could be soon"), required=False)


class WriteForm(Form):
    """Words to somebody who is not well."""

    fence = forms.IntegerField(widget=forms.HiddenInput)
    message = forms.CharField(
        label=_("What you write to them"),
        help_text=_("They do not see who wrote it. Never ask for a name or a place."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
        error_messages={"required": _("Write what you want to tell them.")},
    )
    shows_help = forms.BooleanField(label=_("Say below it where help is"), required=False, initial=True)


class CareForm(Form):
    """One of the other things a team can do."""

    fence = forms.IntegerField(widget=forms.HiddenInput)
    later = forms.TypedChoiceField(
        label=_("When shall it come back?"),
        choices=Later.choices,
        coerce=int,
        required=False,
        error_messages=PICK,
    )
