"""The six made-up groups, read from `content/*.toml`."""

from __future__ import annotations

import datetime as dt
import itertools
import tomllib
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from core import clock

FOLDER = Path(__file__).parent / "content"
APART = (25, 130, 45, 100, 10, 190)  # minutes from one message of a day to the one before


@cache
def groups() -> list[dict[str, Any]]:
    """Each file as a dictionary: group, charter, rota, people, threads, scripted, lively."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))]


def names() -> dict[str, str]:
    """Key -> name of each group."""
    return {data["group"]["key"]: data["group"]["name"] for data in groups()}


def moment_of(said: dict[str, Any]) -> dt.datetime:
    """When something happened: `days_ago` and `hours_ago`, or a `day` so many whole `months_ago`."""
    if "months_ago" not in said:
        return clock.now() - dt.timedelta(days=said.get("days_ago", 0), hours=said.get("hours_ago", 0))
    month = clock.this_month()
    for _ in range(said["months_ago"]):
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return dt.datetime.combine(month.replace(day=said["day"]), dt.time(20), dt.UTC)


def moments_of(thread: dict[str, Any]) -> list[dt.datetime]:
    """When each message of a talk was written: those of one day are spread over it, each talk's in its own way."""
    found = list[dt.datetime]()
    for day, posts in itertools.groupby(reversed(thread["posts"]), _day):
        late = dt.timedelta(minutes=zlib.crc32(f"{thread['title']} {day}".encode()) % 540)
        before = itertools.accumulate(itertools.cycle(APART), initial=0)
        found += [moment_of(post) - late - dt.timedelta(minutes=next(before)) for post in posts]
    return found[::-1]


def _day(said: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(said.get(part) for part in ("months_ago", "day", "days_ago"))
