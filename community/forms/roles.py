"""Giving a role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.enums import Role
from community.handles import MAX_LENGTH
from core.forms import Form


class RoleForm(Form):
    """A name here, or a holder of the list without one, and what they may do."""

    holder = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    handle = forms.CharField(
        label=_("Their name here"),
        required=False,
        max_length=MAX_LENGTH + 10,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    role = forms.ChoiceField(
        label=_("What they do here"),
        choices=[
            (Role.PEER_LEADER, _("Peer leader: has lived with it, welcomes people. No extra power.")),
            (Role.MODERATOR, _("Moderator: looks at reports and lets people in")),
            (Role.RESEARCHER, _("Researcher: can be seen by all as a researcher")),
            (Role.LEAD, _("Group lead: moderator, and can change the promise and roles")),
            (Role.MEMBER, _("Member: take the role away")),
        ],
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """One of the two says who it is."""
        given = super().clean() or {}
        if not given.get("holder") and not given.get("handle"):
            self.add_error("handle", _("Type the name that they use here."))
        return given
