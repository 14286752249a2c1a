"""Two attackers on a made-up group: who knows a person offline, and who is in both of a person's groups.

Sets of names are whole numbers, a bit for each name, so that narrowing down is one `&` for each thing that is known.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from research.simulation.parameters import Values
from research.simulation.people import EXACT, ROUGH, Somebody

HOURS_IN = {"days": 24.0, "hours": 1.0}


@dataclass(frozen=True, kw_only=True)
class Known:
    """How many names each person could be, by details alone, and by details with some times."""

    by_details: list[int]
    by_all: list[int]


def recognised(people: Sequence[Somebody], p: Values, *, times: str, dice: random.Random) -> Known:
    """Somebody knows a person's true details, or some of them, and when they wrote now and then. For each person with
    a name here: how many names contradict nothing of that. Their own name never does."""
    everybody = (1 << len(people)) - 1
    differs = _contradicting(people)
    at = _written(people, times)
    by_details, by_all = [], []
    for one in people:
        could_be = everybody
        for kind, value in enumerate(one.values):
            if one.known[kind]:
                could_be &= ~differs(kind, value)
        by_details.append(could_be.bit_count())
        seen = dice.sample(one.name_at, min(int(p["known_times"]), len(one.name_at)))
        for moment in seen:
            could_be &= at[_bucket(moment, times)]
        by_all.append(could_be.bit_count())
    return Known(by_details=by_details, by_all=by_all)


class _contradicting:  # noqa: N801 reads as the function it is
    """Which names show something else than a value of a kind."""

    def __init__(self, people: Sequence[Somebody]) -> None:
        self.any: dict[int, int] = defaultdict(int)
        self.same: dict[tuple[int, int, int], int] = defaultdict(int)
        for bit, one in enumerate(people):
            for kind, shown in enumerate(one.shown):
                if shown is not None:
                    self.any[kind] |= 1 << bit
                    self.same[kind, *shown] |= 1 << bit

    def __call__(self, kind: int, value: int) -> int:
        fits = self.same.get((kind, EXACT, value), 0) | self.same.get((kind, ROUGH, value // 2), 0)
        return self.any.get(kind, 0) & ~fits


def _written(people: Iterable[Somebody], times: str) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for bit, one in enumerate(people):
        for moment in one.name_at:
            found[_bucket(moment, times)] |= 1 << bit
    return found


def _bucket(moment: float, times: str) -> int:
    return int(moment // HOURS_IN[times])


def linked(posts: int, p: Values, *, times: str) -> float:
    """The chance that somebody in two groups ties a name here to the other name of the same person, by when so many
    messages were written under each: straight between the points of the table, over the logarithm of their number."""
    if posts < 1:
        return 0.0
    points = [(1, 0.0), (5, p["link_days_5"]), (20, p["link_days_20"]), (80, p["link_days_80"])]
    points.append((10**9, p["link_days_80"]))
    by_days = 0.0
    for (fewer, less), (more, most) in pairwise(points):
        if fewer <= posts <= more:
            way = math.log(posts / fewer) / math.log(more / fewer)
            by_days = less + way * (most - less)
            break
    return by_days + (p["link_hours"] * (1 - by_days) if times == "hours" else 0.0)
