"""Where somebody of a team gets a mail while they are on duty: sealed under the lasting key of the key ring, because
the worker sends, and has nobody's secret."""

from __future__ import annotations

from collections.abc import Collection

from community.models import DutyAddress, Member
from core import clock, keyring, mailed_codes, sealing

SIZE = 320  # bytes, so that the row does not tell how long an address is
CONFIRMED = {"code": b"", "asked_on": None}


def keep(*, member: Member, address: str, code: str = "") -> None:
    """Keep an address, in place of an earlier one. With a code it is used once that was typed."""
    sealed = sealing.seal(key=_key(), value=address.encode().ljust(SIZE), place=_place(member.pk))
    waits = {"code": _tag(member.pk, code), "asked_on": clock.today()} if code else CONFIRMED
    DutyAddress.objects.update_or_create(member=member, defaults={"sealed": sealed, "tries": 0, **waits})


def confirm(*, member: Member, code: str) -> bool:
    """Use the address from now on, if this is the code that was sent there: for a day, in a few tries."""
    waiting = DutyAddress.objects.filter(member=member, asked_on__gte=mailed_codes.since())
    row = mailed_codes.tried(waiting, tag=_tag(member.pk, code.strip()))
    return row is not None and waiting.filter(pk=row.pk).update(**CONFIRMED) == 1


def own(*, member: Member) -> tuple[str, bool]:
    """The address that a member gave, empty for none, and whether it waits for its code."""
    row = DutyAddress.objects.filter(member=member).first()
    return (_open(row), row.asked_on is not None) if row else ("", False)


def drop_unconfirmed() -> None:
    """An address whose code nobody typed within a day is forgotten. Due work."""
    DutyAddress.objects.filter(asked_on__lt=mailed_codes.since()).delete()


def forget(*, member: Member) -> None:
    """Keep none."""
    DutyAddress.objects.filter(member=member).delete()


def of(*, members: Collection[Member]) -> dict[int, str]:
    """The address of each member that gave one and confirmed it, by the key of the member."""
    rows = DutyAddress.objects.filter(member__in=members, asked_on=None)
    return {row.member_id: _open(row) for row in rows}


def _open(row: DutyAddress) -> str:
    value: bytes = sealing.unseal(key=_key(), sealed=bytes(row.sealed), place=_place(row.member_id))
    return value.decode().rstrip()


def _tag(member_id: int, code: str) -> bytes:
    return sealing.tag(key=_key(), parts=("code", str(member_id), code))


def _key() -> bytes:
    return sealing.derive(key=keyring.lasting_key(), purpose="duty address")


def _place(member_id: int) -> str:
    return f"duty address|{member_id}"
