"""Whose a left member was: sealed under the key ring for 30 days, so that a limit follows whoever wrote something, left
and came back before anybody reported it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from community.models import Leaver, Member
from community.selectors.yours import marks_of
from core import clock, keyring, sealing

KEPT = dt.timedelta(days=30)
TAG = 32  # bytes; after them stands the day on which it is emptied


def seal(*, pk: int, owner_tag: bytes) -> bytes:
    """What the row of somebody who leaves now carries."""
    until = (clock.today() + KEPT).isoformat()
    return sealing.seal(key=_key(), value=bytes(owner_tag) + until.encode(), place=_place(pk))


def tag_of(*, member: Member) -> bytes:
    """The owner tag that a limit on this member follows: only for moderation."""
    return _open(member)[0] if member.sealed_tag else bytes(member.owner_tag)


def forget_old() -> None:
    """Empty what is older than 30 days. Due work."""
    today = clock.today()
    _empty(member.pk for member in _sealed() if _open(member)[1] <= today)


def note(owner_tag: bytes) -> None:
    """Somebody leaves: what they leave behind is found by it when they close their account."""
    rows = [Leaver(key=key) for key in marks_of([owner_tag])]
    Leaver.objects.bulk_create(rows, ignore_conflicts=True)


def forget_person(owner_tag: bytes) -> None:
    """The account is gone for good."""
    Leaver.objects.filter(key__in=list(marks_of([owner_tag]))).delete()
    _empty(member.pk for member in _sealed() if _open(member)[0] == bytes(owner_tag))


def _sealed() -> QuerySet[Member]:
    return Member.objects.exclude(sealed_tag=b"")


def _empty(pks: Iterable[int]) -> None:
    Member.objects.filter(pk__in=list(pks)).update(sealed_tag=b"")


def _open(member: Member) -> tuple[bytes, dt.date]:
    try:
        value = sealing.unseal(key=_key(), sealed=bytes(member.sealed_tag), place=_place(member.pk))
    except sealing.SealBroken:  # the key ring is not the one it was: nobody can open it ever again
        return bytes(member.owner_tag), dt.date.min
    return value[:TAG], dt.date.fromisoformat(value[TAG:].decode())


def _key() -> bytes:
    return sealing.derive(key=keyring.lasting_key(), purpose="left member")


def _place(pk: int) -> str:
    return f"left member|{pk}"
