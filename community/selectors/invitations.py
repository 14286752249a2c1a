"""Codes that admit: how they are found, and what the team may see of their use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from community import policies
from community.enums import UseBand
from community.errors import KeptOutHere, NotHere
from community.models import Charter, Invitation
from community.policies import Outside
from community.selectors import charters, groups
from community.selectors.here import Here
from core import clock, keyring, sealing


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where a code leads, for the one who typed it."""

    place: Outside
    owner_tag: bytes
    charter: Charter
    kind: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One code as the team sees it: never the code, and its use in words, up to yesterday."""

    public_id: str
    kind: str
    label: str
    used: UseBand
    is_used_up: bool
    expires_on: dt.date


def tidy_code(code: str) -> str:
    """A code as it was made, however it was typed: capitals and digits, nothing else."""
    return "".join(char for char in code.upper() if char.isascii() and char.isalnum())


def fingerprint_of(*, code: str) -> bytes:
    """How a code is stored. It has 59 random bits, too few for a bare hash in a copied database, so that a
    key outside the database goes into it."""
    key = sealing.derive(key=keyring.lasting_key(), purpose="invitation")
    return sealing.tag(key=key, parts=("invitation", tidy_code(code)))


def in_force() -> QuerySet[Invitation]:
    """Codes that still admit somebody."""
    return Invitation.objects.filter(uses_left__gt=0, expires_on__gte=clock.today())


def find(*, code: str) -> Invitation | None:
    """The invitation of a code that still admits somebody, with its group."""
    return in_force().filter(fingerprint=fingerprint_of(code=code)).select_related("group").first()


def door(*, code: str, tag_in: Callable[[str], bytes], signed_in: bool) -> Door:
    """The door that a code opens, or NotHere. `tag_in` makes the tag of the one who asks in a group. Looking
    uses nothing up."""
    invitation = find(code=code)
    if invitation is None:
        raise NotHere
    gid = invitation.group.public_id
    tag = tag_in(gid)
    place = groups.outside_of(gid=gid, owner_tag=tag, signed_in=signed_in)
    if place is not None and place.barred:
        raise KeptOutHere
    if place is None or not policies.permits("use_code", place):
        raise NotHere
    return Door(place=place, owner_tag=tag, charter=charters.current(group=place.group), kind=invitation.kind)


def listing(*, here: Here) -> list[Row]:
    """The group's codes, by the day they end. What was used today is not in it."""
    policies.require("see_invitations", here)
    rows = Invitation.objects.filter(group=here.group, expires_on__gte=clock.today())
    return [
        Row(
            public_id=row.public_id,
            kind=row.kind,
            label=row.label,
            used=use_band(used=row.used),
            is_used_up=row.uses_left == 0 and row.used_today == 0,
            expires_on=row.expires_on,
        )
        for row in rows.order_by("expires_on", "public_id")
    ]


def use_band(*, used: int) -> UseBand:
    """A number of uses in words."""
    if used == 0:
        return UseBand.NONE
    if used <= 10:
        return UseBand.FEW
    return UseBand.OVER_10 if used <= 50 else UseBand.OVER_50
