"""Saying that somebody was checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.enums import Pay, Proof
from community.handles import MAX_LENGTH
from core.forms import Form

PICK = {"required": _("Pick one of these."), "invalid_choice": _("Pick one of these.")}


class BadgeForm(Form):
    """Whose role was checked, which, by what, and for whom they are here."""

    handle = forms.CharField(
        label=_("Their name here"),
        max_length=MAX_LENGTH + 10,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Type the name that they use here.")},
    )
    role = forms.CharField(
        label=_("What they are"),
        help_text=_("One or two words, like: nurse. Never a name or a place of work."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={
            "required": _("Say what they are."),
        },
    )
    proof = forms.ChoiceField(
        label=_("What did you look at?"),
        help_text=_("Members can read this. Keep no copy of what you saw."),
        choices=Proof.choices,
        widget=forms.RadioSelect,
        error_messages=PICK,
    )
    organisation = forms.CharField(
        label=_("Who are they here for?"),
        help_text=_("Only for a partner of the group. Else leave this empty."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    pay = forms.ChoiceField(
        label=_("Does the partner pay them for it?"),
        choices=[(Pay.PAID, _("Yes")), (Pay.UNPAID, _("No"))],
        required=False,
        widget=forms.RadioSelect,
        error_messages=PICK,
    )

    def clean(self) -> dict[str, Any]:
        """Whoever speaks for a partner says whether they are paid."""
        given = super().clean() or {}
        if given.get("organisation") and not given.get("pay"):
            self.add_error("pay", _("Say whether the partner pays them. Members can read it."))
        return given


class WearForm(Form):
    """Whether a checked role stands beside one's name, and for whom."""

    is_worn = forms.BooleanField(required=False)
    shows_organisation = forms.BooleanField(required=False)
