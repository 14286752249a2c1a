"""Reading one's own sessions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import Session
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
