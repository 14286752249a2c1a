"""Reading one's own reminder."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import reminders
from accounts.enums import Cadence
from accounts.models import Reminder


@dataclass(frozen=True, kw_only=True)
class OwnReminder:
    """A reminder as its owner sees it."""

    address: str
    cadence: Cadence
    is_on: bool


def own(*, account_id: int) -> OwnReminder | None:
    """One's own, confirmed or waiting for its code."""
    row = Reminder.objects.filter(account_id=account_id).first()
    if row is None:
        return None
    return OwnReminder(
        address=reminders.unseal(account_id=account_id, sealed=bytes(row.sealed)).address,
        cadence=Cadence(row.cadence),
        is_on=row.next_on is not None,
    )
