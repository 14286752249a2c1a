"""The six made-up groups, read from `content/*.toml`."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from core import clock

FOLDER = Path(__file__).parent / "content"


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
