"""How a group is looked after, and words for a message that is sent back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from moderation.enums import Checking, OffHours, Pace, Slow

PICK = {"required": _("Pick one of these."), "invalid_choice": _("Pick one of these.")}


class CheckingForm(Form):
    """Whose messages are checked before they appear."""

    checking = forms.ChoiceField(
        label=_("Checked before it appears"),
        choices=Checking.choices,
        widget=forms.RadioSelect,
        error_messages=PICK,
    )
    first_messages = forms.IntegerField(
        label=_("How many first messages of a newcomer"),
        min_value=1,
        max_value=20,
        error_messages={
            "required": _("Write a number from 1 to 20."),
            "invalid": _("Write a number from 1 to 20."),
            "min_value": _("Write a number from 1 to 20."),
            "max_value": _("Write a number from 1 to 20."),
        },
    )


class OffHoursForm(Form):
    """What is other for newcomers while nobody of the team is here."""

    off_hours = forms.ChoiceField(
        label=_("For newcomers, while nobody from the team is on duty"),
        choices=OffHours.choices,
        widget=forms.RadioSelect,
        error_messages=PICK,
    )


class FoldsForm(Form):
    """Who can fold a message while nobody of the team is here."""

    by_leaders = forms.BooleanField(label=_("A peer leader can fold a message"), required=False)
    about_me = forms.BooleanField(
        label=_("Someone can fold a message that is about them"),
        help_text=_("What is folded now stays so until you look."),
        required=False,
    )


class SlowForm(Form):
    """How slowly people talk, and until when."""

    minutes = forms.TypedChoiceField(
        label=_("How slowly"), choices=Pace.choices, coerce=int, widget=forms.RadioSelect, error_messages=PICK
    )
    hours = forms.TypedChoiceField(
        label=_("For how long"), choices=Slow.choices, coerce=int, error_messages=PICK
    )


class OutsideForm(Form):
    """Who looks where the whole team is part of it."""

    outside_person = forms.CharField(
        label=_("The outside person"),
        help_text=_("Somebody who is not in this group. They look where the whole team is part of it."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class BackForm(Form):
    """Kind words for a message that is sent back."""

    answer = forms.CharField(
        label=_("Why, in a kind sentence"),
        help_text=_("The writer reads this. They do not see who wrote it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={
            "required": _("Write a kind sentence that says why. They will read it."),
        },
    )
