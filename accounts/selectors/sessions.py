"""Reading sessions: one's own, and those that ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import Session, SessionEvent, SessionStream
from core import clock


@dataclass(frozen=True, kw_only=True)
class Browser:
    """One signed-in browser, as its owner sees it."""

    key: int
    ends_by: dt.date
    is_this: bool


def of(*, owner_tag: bytes, fingerprint: bytes) -> list[Browser]:
    """One's own sessions, this one first."""
    rows = Session.objects.filter(owner_tag=owner_tag, expires_on__gt=clock.today()).order_by(
        "expires_on", "pk"
    )
    found = [
        Browser(key=row.pk, ends_by=row.expires_on, is_this=bytes(row.fingerprint) == fingerprint)
        for row in rows.only("pk", "expires_on", "fingerprint")
    ]
    return sorted(found, key=lambda browser: not browser.is_this)


def head() -> int:
    """The sequence number of the newest ended session, 0 if none ever ended."""
    return SessionStream.objects.values_list("last_seq", flat=True).first() or 0


def ended_after(*, seq: int, limit: int = 1000) -> list[tuple[int, str]]:
    """(sequence, fingerprint in hexadecimal) of sessions that ended after `seq`, oldest first.

    Gaps mean that older events were pruned: whoever is that far behind asks about each session anew.
    """
    rows = SessionEvent.objects.filter(seq__gt=seq).order_by("seq")
    return list(rows.values_list("seq", "ref")[:limit])
