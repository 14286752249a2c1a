"""Giving a role."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from community.enums import Role
from community.handles import MAX_LENGTH


class RoleForm(forms.Form):
    """A name here, and what its holder may do."""

    handle = forms.CharField(
        label=_("Their name here"),
        max_length=MAX_LENGTH + 10,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Type the name that they use here.")},
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
