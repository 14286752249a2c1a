"""Somebody saw a person type now and then, and looks through a group's pages for the name that wrote just then.

Made-up people write in a group of 200 names over 90 days, about 20 messages each, by the lives of `behaviour`. For each
the attacker knows when some of their messages were written, and keeps the names that wrote on all of these days, or in
all of these hours. The day and the hour are those that the product's clock would store.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from core import clock
from proof import behaviour
from proof.crowd import START
from proof.harness import Defence, Result, swapped

NAMES = {"small": 100, "full": 200}
DRAWS = {"small": 1, "full": 10}  # groups
POSTS = 20
KNOWN = (1, 2, 4)
Stored = Callable[[], Any]


def prove(size: str) -> Iterator[Result]:
    """How many are singled out, by day and by hour; and that with two known moments days give far fewer away."""
    singled: dict[tuple[str, int], int] = defaultdict(int)
    tried = 0
    for nth in range(DRAWS[size]):
        dice = random.Random(nth)
        lives = [behaviour._life(POSTS, dice)[0] for _ in range(NAMES[size])]
        tried += len(lives)
        pages = {"day": _kept(lives, clock.today), "hour": _kept(lives, clock.this_hour)}
        for known in KNOWN:
            drawn = [dice.sample(range(len(life)), min(known, len(life))) for life in lives]
            for what, kept in pages.items():
                singled[what, known] += _alone(kept, drawn)
    for (what, known), count in sorted(singled.items()):
        yield Result(
            promise=f"a name is not singled out by {known} known {'moment' if known == 1 else 'moments'}, where pages "
            f"show the {what}",
            tried=tried,
            found=f"{count / tried:.0%}",
            goal="none",
            holds=None,
            part=f"{known} by the {what}",
        )
    yield Result(
        promise="with two known moments, days single out at most a third of those whom hours single out",
        tried=tried,
        found=f"{singled['day', 2] / tried:.0%} instead of {singled['hour', 2] / tried:.0%}",
        goal="at most a third",
        holds=singled["day", 2] * 3 <= singled["hour", 2],
        part="days help",
    )


def _kept(lives: Sequence[Sequence[float]], stored: Stored) -> list[list[Any]]:
    """What a page shows of each message of each name."""
    return [[_at(moment, stored) for moment in life] for life in lives]


def _at(moment: float, stored: Stored) -> Any:
    with clock.held_at(START + dt.timedelta(days=moment)):
        return stored()


def _alone(kept: Sequence[Sequence[Any]], drawn: Sequence[Sequence[int]]) -> int:
    wrote: dict[Any, set[int]] = defaultdict(set)
    for name, shown in enumerate(kept):
        for when in shown:
            wrote[when].add(name)
    fits = (set.intersection(*(wrote[kept[name][nth]] for nth in some)) for name, some in enumerate(drawn))
    return sum(len(one) == 1 for one in fits)


DEFENCES = [Defence(name="days", off=swapped(clock, "today", clock.this_hour))]
