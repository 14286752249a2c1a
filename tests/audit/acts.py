"""Acts for the record, and a way round its triggers: what somebody with the whole database in hand can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from audit import actions
from audit.models import AuditEntry
from core import clock
from tests import emptying

SCOPE = "harbour2harbour"
TABLES = ["audit_auditentry", "audit_auditpayload", "audit_chain"]


def act(*, scope: str = SCOPE, day: int = 1, **given: Any) -> AuditEntry:
    """One act in a transaction of its own, on a day of March."""
    said: dict[str, Any] = {
        "act": "hide post", "actor_role": "moderator", "ref": "4kP9wXyTqLmN2b", "payload": {"rule": "3", "why": "é"},
    }  # fmt: skip
    with clock.held_at(dt.datetime(2026, 3, day, 13, 37, tzinfo=dt.UTC)), transaction.atomic():
        return actions.append(scope=scope, **(said | given))


def acts(count: int, *, scope: str = SCOPE, **given: Any) -> list[AuditEntry]:
    """Some of them, two a day."""
    return [act(scope=scope, day=1 + n // 2 % 28, payload={"n": n}, **given) for n in range(count)]


@contextmanager
def all_powers() -> Iterator[None]:
    """Inside, no trigger is asked."""
    with transaction.atomic(), connection.cursor() as cursor:
        refusing = emptying.silence(cursor, TABLES)
        yield
        emptying.speak_again(cursor, refusing)


def run(sql: str, *values: Any) -> None:
    """One statement, past the models."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
