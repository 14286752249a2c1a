"""What a process keeps in memory from one request to the next: none of it for longer than a day.

Words that somebody took away are gone from the database at once. A process may still have them, made ready to be shown;
the first request of a new day lets go of them, or the first round of due work. A process that has neither keeps them
until it does.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from core import clock

Made = TypeVar("Made")

_kept: list[Callable[[], None]] = []
_day = dt.date.min


def for_a_day(forget: Callable[[], None]) -> None:
    """Say how something kept is let go of."""
    _kept.append(forget)


def of_the_day(*, maxsize: int) -> Callable[[Callable[[str], Made]], Callable[[str], Made]]:
    """Keep what a function made of the last texts, for a day."""

    def keep(make: Callable[[str], Made]) -> Callable[[str], Made]:
        kept = lru_cache(maxsize=maxsize)(make)
        for_a_day(kept.cache_clear)
        return kept

    return keep


def begin_day() -> None:
    """Let go of all of it if it is from a day before. Cheap: every request calls it."""
    global _day  # noqa: PLW0603 one day for each process
    if _day != clock.today():
        _day = clock.today()
        for forget in _kept:
            forget()


def keep_what_is_loaded() -> None:
    """The collector of garbage need not look through it again and again: a look through all of it stops everything
    for a tenth of a second, just when many people come."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
