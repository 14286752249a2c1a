"""Closing an account: at once for everybody, for good after an undo time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts.actions import locks, sessions
from accounts.models import Account
from core import clock, ledger

UNDO = dt.timedelta(hours=72)
BACKUPS_KEPT = dt.timedelta(days=36)  # and the night in which the file goes


@dataclass(frozen=True, kw_only=True)
class Days:
    """What the page before and the receipt after say. `groups_gone` is the last day on which something of one's own
    goes from a group; `final` is when no backup holds any of it that could be opened or read."""

    asked_on: dt.date
    undo_until: dt.datetime
    account_gone: dt.date
    groups_gone: dt.date | None
    final: dt.date


def undo_until() -> dt.datetime:
    """The end of the undo time of an account that closes now, at a full hour."""
    return clock.full_hour(clock.now() + UNDO)


def days(*, until: dt.datetime, groups_gone: dt.date | None) -> Days:
    """The days of closing: the account is final in backups when the key that locks the newest of them is
    destroyed, what was written in groups when the last file that holds it is deleted."""
    final = locks.destroyed_on(epoch=until.strftime("%Y-%m"))
    if groups_gone:
        final = max(final, groups_gone + BACKUPS_KEPT)
    return Days(
        asked_on=clock.today(),
        undo_until=until,
        account_gone=until.date(),
        groups_gone=groups_gone,
        final=final,
    )


@transaction.atomic
def close(*, account: Account, owner_tag: bytes, until: dt.datetime) -> None:
    """Close an account, and end all its sessions and sockets."""
    Account.objects.filter(pk=account.pk).update(closing_at=until)
    sessions.end_all(owner_tag=owner_tag)
    ledger.waiting_changed()


@transaction.atomic
def reopen(*, account: Account) -> bool:
    """Open it again. False if the undo time is over."""
    open_again = Account.objects.filter(pk=account.pk, closing_at__gt=clock.now()).update(closing_at=None)
    ledger.waiting_changed()
    return bool(open_again)


def finish() -> None:
    """Delete the accounts whose undo time is over, with their locks, facts and second factors. Due work."""
    for pk in Account.objects.filter(closing_at__lte=clock.now()).values_list("pk", flat=True):
        delete(str(pk))


def delete(pk: str) -> None:
    """Delete an account: S is gone, and every tag made from it is nobody's. Also for a replay of the ledger."""
    with transaction.atomic():
        ledger.note(kind="account", ref=pk)
        Account.objects.filter(pk=int(pk)).delete()
        ledger.waiting_changed()


def lines() -> Iterator[str]:
    """The closed accounts, for the ledger: a digest and a moment each."""
    for account in Account.objects.filter(closing_at__isnull=False):
        yield f"{_digest(account.pk)} {account.closing_at:%Y-%m-%dT%H:%M:%S%z}"


@transaction.atomic
def restore(found: Collection[str]) -> None:
    """Let exactly these accounts be closed: in an older copy of the database others may be."""
    until = dict(line.split(" ") for line in found)
    Account.objects.filter(closing_at__isnull=False).update(closing_at=None)
    for pk in Account.objects.values_list("pk", flat=True):
        if moment := until.get(_digest(pk)):
            Account.objects.filter(pk=pk).update(closing_at=dt.datetime.fromisoformat(moment))


def _digest(pk: int) -> str:
    return hashlib.sha256(f"closing|{pk}".encode()).hexdigest()
