"""Asking for help, and what a team does for somebody who is not well."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from moderation.actions.worries import LONGEST
from moderation.enums import SOON, Later
from moderation.forms.care import PICK


class HelpForm(Form):
    """A call for help. Saying why is up to them."""

    message = forms.CharField(
        label=_("You can say what is wrong."),
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

    def __init__(self, *args: Any, is_soon: bool = False, refused: str = "", **more: Any) -> None:
        """`is_soon`: somebody waits for words, so that only a few hours are offered. `refused`: why what was picked
        cannot be."""
        super().__init__(*args, **more)
        if is_soon:
            self.fields["later"].choices = [(SOON.value, SOON.label)]  # type: ignore[attr-defined]
            self.fields["later"].help_text = _("Once the team has written to them, it can come back later.")
        if refused:
            self.full_clean()
            self.errors.pop("later", None)
            self.add_error("later", refused)
