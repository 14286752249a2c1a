"""Codes that admit: made, taken back, counted once a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from community import policies
from community.enums import InvitationKind, Role
from community.errors import NotHere
from community.models import Group, Invitation
from community.selectors import invitations
from community.selectors.here import Here
from core import clock, ids

CARD_USES = (20, 50, 100)  # fewer would tell its giver who came
LIFETIMES = (30, 90, 365)  # days


def invite(*, here: Here, kind: InvitationKind, label: str, uses: int, days: int) -> str:
    """Make a code and return it: it is stored only as a fingerprint, and cannot be shown again.

    A link is for one person; a card has at least 20 uses.
    """
    policies.require("invite", here)
    if days not in LIFETIMES or (kind == InvitationKind.CARD and uses not in CARD_USES):
        raise ValueError("no such invitation")
    uses = 1 if kind == InvitationKind.LINK else uses
    return _create(group=here.group, kind=kind, label=label, uses=uses, days=days, role=Role.MEMBER)


def invite_lead(*, group: Group) -> str:
    """A code for one person that admits as group lead: made in the terminal, good for 30 days."""
    return _create(group=group, kind=InvitationKind.LINK, label="", uses=1, days=30, role=Role.LEAD)


def take_back(*, here: Here, public_id: str) -> None:
    """End a code. Those it let in stay."""
    policies.require("invite", here)
    gone, _ = Invitation.objects.filter(group=here.group, public_id=public_id).delete()
    if not gone:
        raise NotHere


def count_uses() -> None:
    """Add what was used on days gone by to the counts that teams see, and forget codes that ended."""
    today = clock.today()
    late = Invitation.objects.filter(counted_on__lt=today)
    late.update(used=F("used") + F("used_today"), used_today=0, counted_on=today)
    Invitation.objects.filter(expires_on__lt=today).delete()


def _create(*, group: Group, kind: InvitationKind, label: str, uses: int, days: int, role: Role) -> str:
    code = ids.new_code()
    Invitation.objects.create(
        group=group,
        fingerprint=invitations.fingerprint_of(code=code),
        kind=kind,
        label=label,
        uses_left=uses,
        expires_on=clock.today() + dt.timedelta(days=days),
        role=role,
    )
    return code
