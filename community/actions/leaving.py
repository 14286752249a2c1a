"""Leaving a group. What somebody wrote stays under the name they had; nothing ties it to them any more. What lies under
keys that only they can make (one-thread names, whom they hid) is theirs again, should they come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction

from community import policies
from community.actions import left_tags, roles, standing
from community.enums import Role
from community.errors import NotHere
from community.handles import NAME_OF_THE_GONE
from community.models import (
    Badge,
    Disclosure,
    DueAct,
    DutyAddress,
    Group,
    JoinRequest,
    Member,
    OffDuty,
    Persona,
    Shift,
)
from community.selectors.here import Here
from core import clock, ids, ledger, sealing
from core.registries.subjects import KeyOf

Listener = Callable[[Group, KeyOf], None]
_listeners: list[Listener] = []
HALF_A_YEAR = dt.timedelta(days=184)
SPREAD_DAYS = 61
NO_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def after_leaving(listen: Listener) -> None:
    """Have something done in the transaction in which somebody leaves, with the keys that only they can make."""
    _listeners.append(listen)


def leave_group(*, here: Here, key_of: KeyOf) -> None:
    """Leave. Coming back makes a new member, whom nothing but the key ring ties to this one; limits still bind."""
    policies.require("leave_group", here)
    with transaction.atomic():
        forget_member(owner_tag=bytes(here.member.owner_tag))
        for listen in _listeners:
            listen(here.group, key_of)


def keep_in(*, here: Here) -> None:
    """Let whoever leaves meanwhile, or closes their account, wait until the transaction ends: what is written in it is
    found with the rest. It comes before every lock but those of the queue and of the stream of standings. Raises
    NotHere for whoever did so by now."""
    tag = bytes(here.member.owner_tag)
    one_at_a_time(owner_tag=tag)
    stays = Member.objects.filter(pk=here.member.pk, owner_tag=tag).exists()
    if not stays or DueAct.objects.filter(key=closing_key(tag)).exists():
        raise NotHere


def one_at_a_time(*, owner_tag: bytes) -> None:
    """Until the transaction ends, no other of this member goes on from here. Not by a lock of their row: PostgreSQL
    writes into a locked row which transaction locked it, and the same number into all that this writes, also under
    a one-thread name. SQLite lets only one transaction write at all."""
    if connection.vendor == "postgresql":
        key = _own_secret("one at a time", owner_tag)[:8]  # nor does a list of locks say whose it is
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [int.from_bytes(key, signed=True)])


def closing_key(owner_tag: bytes) -> bytes:
    """The key of the last act of an erasure that comes while an account closes: until it begins, the member row is as
    it was. It is made with a secret that is in no database, so that no row says whose account closes."""
    return _own_secret("closing members", owner_tag)


def _own_secret(purpose: str, owner_tag: bytes) -> bytes:
    own = sealing.derive(key=settings.SECRET_KEY.encode(), purpose=purpose)
    return sealing.tag(key=own, parts=(bytes(owner_tag).hex(),))


def forget_member(*, owner_tag: bytes, keeps_tag: bool = True) -> bytes:
    """Untie a member from their owner, and silence their open pages. Returns the tag the row has from now on.

    A member without names goes altogether. Otherwise the row stays, because posts are signed by its names, but
    under a random tag, without a role, and the names stay reserved for some months. Whose it was is sealed in it for
    30 days, but not where the ledger says again that somebody left.
    """
    left_behind = ids.new_secret()
    with transaction.atomic():
        for group_id in Member.objects.filter(owner_tag=owner_tag).values_list("group_id", flat=True):
            roles.lock(group_id=group_id)  # a lead may be going while another gives up the role
        standing.announce(owner_tag=owner_tag)
        one_at_a_time(owner_tag=owner_tag)
        JoinRequest.objects.filter(owner_tag=owner_tag).delete()
        member = Member.objects.filter(owner_tag=owner_tag).first()
        if member is None:
            return left_behind
        ledger.note(kind="member", ref=str(member.pk))
        left_tags.note(owner_tag)
        if not member.personas.exists():
            member.delete()
            return left_behind
        for model in (Badge, Disclosure, Shift, OffDuty, DutyAddress):
            model._default_manager.filter(member=member).delete()
        member.personas.update(is_current=False, about="")
        Member.objects.filter(pk=member.pk).update(
            owner_tag=left_behind,
            role=Role.MEMBER,
            judges_since=0,
            left_month=clock.this_month(),
            sealed_tag=left_tags.seal(pk=member.pk, owner_tag=owner_tag) if keeps_tag else b"",
        )
    return left_behind


def forget_names(*, owner_tag: bytes) -> None:
    """Take every name, picture and text of a member away from what is left of their posts."""
    for persona in Persona.objects.filter(member__owner_tag=owner_tag):
        forget_name(str(persona.pk))


def forget_name(pk: str) -> None:
    """Take one name away: it says that its owner left, and no limit follows them by it any more."""
    with transaction.atomic():
        ledger.note(kind="name", ref=pk)
        Member.objects.filter(personas=int(pk)).update(sealed_tag=b"")
        Persona.objects.filter(pk=int(pk)).update(
            handle=NAME_OF_THE_GONE,
            handle_key=ids.new_secret(size=16).hex(),
            about="",
            avatar_svg=NO_PICTURE,
            avatar_id=ids.new_public_id(),
            is_current=False,
        )


def forget_member_again(pk: str) -> None:
    """Untie a member who had left: for a replay of the ledger."""
    for tag in Member.objects.filter(pk=int(pk)).values_list("owner_tag", flat=True):
        forget_member(owner_tag=bytes(tag), keeps_tag=False)


def release_names() -> None:
    """Let others take the names of people who left half a year ago. What those signed says that they left.

    Each on a day of its own within two months: names that one person left in two groups do not go together.
    """
    longest_ago = clock.today() - HALF_A_YEAR
    rows = Persona.objects.filter(member__left_month__lte=longest_ago).exclude(handle=NAME_OF_THE_GONE)
    for persona in rows.select_related("member"):
        assert persona.member.left_month is not None
        since = clock.today() - persona.member.left_month
        if since < HALF_A_YEAR + dt.timedelta(days=persona.pk % SPREAD_DAYS):  # keys are random
            continue
        persona.handle = NAME_OF_THE_GONE
        persona.handle_key = ids.new_secret(size=16).hex()
        persona.save(update_fields=["handle", "handle_key"])
