"""Where somebody of a team gets a mail while they are on duty: sealed under the lasting key of the key ring, because
the worker sends, and has nobody's secret."""

from __future__ import annotations

from collections.abc import Collection

from community.models import DutyAddress, Member
from core import keyring, sealing

SIZE = 320  # bytes, so that the row does not tell how long an address is


def keep(*, member: Member, address: str) -> None:
    """Keep an address, in place of an earlier one."""
    sealed = sealing.seal(key=_key(), value=address.encode().ljust(SIZE), place=_place(member.pk))
    DutyAddress.objects.update_or_create(member=member, defaults={"sealed": sealed})


def forget(*, member: Member) -> None:
    """Keep none."""
    DutyAddress.objects.filter(member=member).delete()


def of(*, members: Collection[Member]) -> dict[int, str]:
    """The address of each member that gave one, by the key of the member."""
    rows = DutyAddress.objects.filter(member__in=members)
    return {row.member_id: _open(row) for row in rows}


def _open(row: DutyAddress) -> str:
    value: bytes = sealing.unseal(key=_key(), sealed=bytes(row.sealed), place=_place(row.member_id))
    return value.decode().rstrip()


def _key() -> bytes:
    return sealing.derive(key=keyring.lasting_key(), purpose="duty address")


def _place(member_id: int) -> str:
    return f"duty address|{member_id}"
