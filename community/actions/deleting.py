"""Leaving a group and deleting what one wrote there, with a time to undo it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction

from community.actions import due, erasing, leaving
from community.errors import NotHere
from community.models import Group, Member, Persona
from core import clock
from core.registries.holdings import Owner

UNDO = dt.timedelta(hours=72)
SPREAD = dt.timedelta(days=3)  # after the undo time, or from now
BACKUPS_KEPT = 36  # days, and the night in which the file goes
KeyOf = Callable[[str], bytes]


class JoinedAgain(Exception):
    """Leaving cannot be undone: one is in the group again."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What somebody keeps: until when it can be undone, if it can, and the days by which it is gone."""

    asked_on: dt.date
    undo_until: dt.datetime | None
    gone_by: dt.date
    gone_from_backups: dt.date


def receipt(*, at_once: bool) -> Receipt:
    """The days of a deletion that is asked for now. The undo time ends at a full hour, so that what the page said is
    what the receipt says a little later."""
    start = clock.now() if at_once else clock.full_hour(clock.now() + UNDO)
    gone_by = (start + SPREAD).date()
    return Receipt(
        asked_on=clock.today(),
        undo_until=None if at_once else start,
        gone_by=gone_by,
        gone_from_backups=gone_by + dt.timedelta(days=BACKUPS_KEPT),
    )


def leave_and_delete(*, owner: Owner, key_of: KeyOf, at_once: bool) -> Receipt:
    """Leave now, and have everything deleted: the posts under one's name now or at a random moment after the undo
    time, everything else at moments of its own."""
    given = receipt(at_once=at_once)
    start = given.undo_until or clock.now()
    later = (start + due.part_of(SPREAD) for _ in itertools.count())
    with transaction.atomic():
        back: due.Payload = {}
        if not at_once:
            back = _to_come_back_to(owner) | {"undo_until": start.isoformat()}
        tag = leaving.forget_member(owner_tag=owner.tag)
        moments = itertools.chain([start], later) if at_once else later
        erasing.plan(owner, tag=tag, key_of=key_of, moments=moments, **back)
    return given


def _to_come_back_to(owner: Owner) -> due.Payload:
    member = Member.objects.get(owner_tag=owner.tag)
    persona = Persona.objects.filter(member=member, is_current=True).first()
    return {
        "member": member.pk,
        "version": member.accepted_version,
        "joined": member.joined_month.isoformat(),
        "name": persona.pk if persona else None,
        "about": persona.about if persona else "",
    }


@dataclass(frozen=True, kw_only=True)
class Left:
    """A group that somebody left, whose deletion waits."""

    gid: str
    undo_until: dt.datetime
    first: due.Waiting


def left(*, groups: Collection[str], key_of: KeyOf) -> list[Left]:
    """What somebody deletes in these groups after leaving, and can still undo: in each the latest alone, for one
    can only come back as one of those one was. What was made to go now is due before its undo time ends, and is not
    among it."""
    waiting = due.waiting(keys=[key_of(erasing.first_part(gid=gid)) for gid in groups])
    found = [
        Left(
            gid=one.payload["group"],
            undo_until=dt.datetime.fromisoformat(one.payload["undo_until"]),
            first=one,
        )
        for one in waiting
        if one.act == erasing.ACT and "undo_until" in one.payload
    ]
    open_yet = [
        one
        for one in found
        if one.undo_until > clock.now() and (one.first.due_at or clock.now()) >= one.undo_until
    ]
    return list({one.gid: one for one in sorted(open_yet, key=lambda one: one.undo_until)}.values())


def make_it_now(*, found: Left, key_of: KeyOf) -> Receipt:
    """Do not wait for the end of the undo time. Raises NotHere if it has begun."""
    given = receipt(at_once=True)
    later = (clock.now() + due.part_of(SPREAD) for _ in itertools.count())
    moments = itertools.chain([clock.now()], later)
    if not erasing.bring_forward(first=found.first, key_of=key_of, moments=moments):
        raise NotHere
    return given


def undo(*, found: Left, owner_tag: bytes, key_of: KeyOf) -> None:
    """Keep everything after all, and be back under the same name, but for a role. Raises JoinedAgain for whoever is
    a newcomer by now: what they wrote before would be nobody's, and could never be deleted. Raises NotHere if it is
    too late."""
    kept = found.first.payload
    with transaction.atomic():
        if Member.objects.filter(owner_tag=owner_tag).exists():
            raise JoinedAgain
        if found.first not in due.free(keys=[key_of(erasing.first_part(gid=found.gid))]):
            raise NotHere  # it was made to go now, since it was found
        if not erasing.take_back(first=found.first, key_of=key_of):
            raise NotHere
        # A row of its own: the ledger has the old one down as gone.
        now = Member.objects.create(
            group=Group.objects.get(public_id=found.gid),
            owner_tag=owner_tag,
            accepted_version=kept["version"],
            joined_month=dt.date.fromisoformat(kept["joined"]),
        )
        Persona.objects.filter(member=kept["member"]).update(member=now)
        Member.objects.filter(pk=kept["member"]).delete()
        current = Persona.objects.filter(member=now, pk=kept["name"])
        current.update(is_current=True, about=kept["about"])
