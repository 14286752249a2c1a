"""The one place that asks what time it is, so that tests can hold it still."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The current moment, aware, in UTC."""
    return timezone.now()


def today() -> dt.date:
    """The current day in UTC: the finest time that another person may see or a post may store."""
    return now().date()


def this_month() -> dt.date:
    """The first day of the current month."""
    return today().replace(day=1)
