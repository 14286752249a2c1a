"""The live engine beside others: messages put in over a control connection, no database on any side.

To 1,000 readers of one talk, and to 2,000 readers of 400 talks. Each server runs alone on one core, the load generator
on the other. Rounds take turns: every server once, then again. Kith's gain under pressure is that messages which come
while others go out share a frame, which the others do not do as they come: the C server does it both ways.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from bench.rivals import RIVALS, Failed, Found, build, running
from bench.rows import Row, row

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "5"))
READERS = 1000
FAST = ["kith", "kith, plain ASGI", "Node ws", "socket.io", "C, one by one", "C, joined"]
SLOW = ["naive, in memory", "naive, channels_redis"]  # they cannot carry more than a few messages a second
SMALL = ["kith, over Redis", "naive, channels_redis", "naive, pubsub", "socket.io", "Node ws"]
LOADS = {"steady": (20, 3), "burst": (200, 30), "pressure": (64, 2)}
SLOW_LOADS = {"steady": (1, 3), "pressure": (8, 3)}
GOALS = {  # (rival, load, figure): at most, or at least
    ("naive, channels_redis", "steady", "cpu"): ("at_most", 1 / 30),
    ("naive, channels_redis", "pressure", "rate"): ("at_least", 500),
    ("naive, in memory", "pressure", "rate"): ("at_least", None),
    ("Node ws", "steady", "cpu"): ("at_most", 0.7),
    ("Node ws", "steady", "p99"): ("at_most", 0.75),
    ("Node ws", "pressure", "rate"): ("at_least", 10),
    ("Node ws", "burst", "p99"): ("at_most", 0.1),
    ("socket.io", "steady", "cpu"): ("at_most", 0.5),
    ("socket.io", "steady", "p99"): ("at_most", 0.65),
    ("socket.io", "pressure", "rate"): ("at_least", 15),
    ("C, one by one", "steady", "cpu"): ("at_most", 1.25),
    ("C, one by one", "steady", "p99"): ("at_most", 1.2),
    ("C, joined", "pressure", "rate"): ("at_least", 0.8),
    ("kith, plain ASGI", "pressure", "rate"): ("at_least", None),
    ("kith, plain ASGI", "steady", "cpu"): ("at_most", None),
}
SMALL_GOALS = {"naive, channels_redis": 10.0, "naive, pubsub": 5.0, "socket.io": 0.5, "Node ws": None}
WORDS = {"cpu": "CPU seconds for 10,000 deliveries", "p99": "p99, ms", "rate": "deliveries a second"}
Figures = dict[tuple[str, str], list[Found]]


def run() -> Iterator[Row | str]:
    """Rows, and sentences about what could not be measured."""
    build()
    figures: Figures = defaultdict(list)
    failed: set[str] = set()
    for _ in range(ROUNDS):
        for name in [*FAST, *SLOW, *(f"{one}: small" for one in SMALL)]:
            try:
                _one_round(name, figures)
            except (Failed, OSError) as error:
                failed.add(f"{name}: not measured in every round ({error})")
    yield from sorted(failed)
    yield from _rows(figures)
    busiest = max((found.busy for many in figures.values() for found in many), default=0)
    yield f"the load generator was busy for {busiest:.0%} of its core at most"


def _one_round(name: str, figures: Figures) -> None:
    rival, _, small = name.partition(": ")
    readers, talks = (2000, 400) if small else (READERS, 1)
    loads = {"pressure": (64, 2)} if small else SLOW_LOADS if rival in SLOW else LOADS
    with running(RIVALS[rival], readers=readers, talks=talks) as run:
        for load, (amount, seconds) in loads.items():
            figures[name, load].append(run.under(load, amount, seconds))


def _rows(figures: Figures) -> Iterator[Row]:
    for (rival, load, figure), (way, goal) in GOALS.items():
        found = _compared((figures["kith", load], figures[rival, load]), figure, way, goal)
        yield from (row(name=f"engine, {load}: {rival}, {figure}", baseline=rival, **one) for one in found)
    ours = figures["kith, over Redis: small", "pressure"]
    for rival, goal in SMALL_GOALS.items():
        found = _compared((ours, figures[f"{rival}: small", "pressure"]), "rate", "at_least", goal)
        yield from (row(name=f"engine, 400 talks of 5: {rival}", baseline=rival, **one) for one in found)
    held = [found.memory for found in figures["kith", "steady"]]
    if held:
        yield row(
            name="engine, an idle socket: 30 KiB", baseline="30 KiB", metric="KiB a socket", kith=held,
            other=[30.0] * len(held), at_most=1,
        )  # fmt: skip


def _compared(
    sides: tuple[list[Found], list[Found]], figure: str, way: str, goal: float | None
) -> Iterator[dict[str, Any]]:
    """One figure of both sides, as far as both were measured."""
    rounds = min(map(len, sides))
    if rounds:
        kith, other = ([getattr(found, figure) for found in side[:rounds]] for side in sides)
        yield {"metric": WORDS[figure], "kith": kith, "other": other, way: goal}
