"""The one place that asks what time it is, so that tests can hold it still."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_held: ContextVar[dt.datetime | None] = ContextVar("held", default=None)


def now() -> dt.datetime:
    """The current moment, aware, in UTC."""
    return _held.get() or timezone.now()


@contextmanager
def held_at(moment: dt.datetime) -> Iterator[None]:
    """Hold the clock at an aware moment, in this thread or task only."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


def today() -> dt.date:
    """The current day in UTC: the finest time that another person may see or a post may store."""
    return now().date()


def this_hour() -> dt.datetime:
    """The beginning of the current hour: since when something waits."""
    return now().replace(minute=0, second=0, microsecond=0)


def this_month() -> dt.date:
    """The first day of the current month."""
    return today().replace(day=1)


def full_hour(moment: dt.datetime) -> dt.datetime:
    """The first full hour that is not before a moment: pages that are made minutes apart say the same."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour if hour == moment else hour + dt.timedelta(hours=1)
