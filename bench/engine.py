"""The live engine beside others: messages put in over a control connection, no database on any side.

To 1,000 readers of one talk, and to 2,000 readers of 400 talks. Each server runs alone on one core, the load generator
on the other. Rounds take turns: every server once, then again from another one on; each has a load that does not count
before those that do. Kith's gain under pressure is that messages which come while others go out share a write, which
`ws` and socket.io do not do as they come: the C server and one on `ws` do it both ways.
"""

from __future__ import annotations

import os
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from bench.rivals import RIVALS, Failed, Found, build, running
from bench.rows import Row, common, under_load

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "5"))
READERS = 1000
FAST = ["kith", "kith, plain ASGI", "Node ws", "Node ws, joined", "socket.io", "C, one by one", "C, joined"]
SLOW = ["naive, in memory", "naive, channels_redis"]  # they cannot carry more than a few messages a second
AS_LITTLE = "as little to do"  # Kith under what those are given
SMALL = [
    "kith, over Redis", "kith, without Redis", "naive, channels_redis", "naive, pubsub", "socket.io", "Node ws",
]  # fmt: skip
LOADS = {"steady": (20, 3), "burst": (200, 30), "pressure": (64, 1)}
SLOW_LOADS = {"steady": (1, 3), "pressure": (8, 3)}
SMALL_LOADS = {"pressure": (64, 1)}
SELDOM = {  # nothing was promised beside them: they are in a few rounds only
    "kith, plain ASGI", "naive, in memory", f"kith: {AS_LITTLE}", "kith, without Redis: small", "Node ws: small",
}  # fmt: skip
FEW = 3
SLOW_ROWS = {"steady at 1 a second": ("steady", "cpu"), "pressure of 8": ("pressure", "rate")}
WARM_UP = 1.0  # seconds of a steady load, the same as will count: what is loaded or compiled at first use
SMALL_WARM_UP = 100  # messages a second, for five readers each
GOALS = {  # (rival, load, figure): at most, or at least
    ("naive, channels_redis", "steady", "cpu"): ("at_most", 1 / 30),
    ("naive, channels_redis", "pressure", "rate"): ("at_least", 500),
    ("naive, in memory", "pressure", "rate"): ("at_least", None),
    ("Node ws", "steady", "cpu"): ("at_most", 0.7),
    ("Node ws", "steady", "p99"): ("at_most", 0.75),
    ("Node ws", "pressure", "rate"): ("at_least", 10),
    ("Node ws", "burst", "p99"): ("at_most", 0.1),
    ("Node ws, joined", "burst", "p99"): ("at_most", None),
    ("Node ws, joined", "pressure", "cpu"): ("at_most", None),
    ("Node ws, joined", "steady", "cpu"): ("at_most", None),
    ("Node ws, joined", "steady", "p99"): ("at_most", None),
    ("Node ws, joined", "pressure", "rate"): ("at_least", None),
    ("socket.io", "steady", "cpu"): ("at_most", 0.5),
    ("socket.io", "steady", "p99"): ("at_most", 0.65),
    ("socket.io", "pressure", "rate"): ("at_least", 15),
    ("C, one by one", "steady", "cpu"): ("at_most", 1.25),
    ("C, one by one", "steady", "p99"): ("at_most", 1.2),
    ("C, joined", "burst", "p99"): ("at_most", None),
    ("C, joined", "pressure", "rate"): ("at_least", 0.8),
    ("C, joined", "pressure", "cpu"): ("at_most", None),
    ("kith, plain ASGI", "pressure", "rate"): ("at_least", None),
    ("kith, plain ASGI", "steady", "cpu"): ("at_most", None),
}
SMALL_GOALS = {
    "naive, channels_redis": 10.0, "naive, pubsub": 5.0, "socket.io": 0.5, "Node ws": None, "kith, without Redis": None,
}  # fmt: skip
WORDS = {"cpu": "CPU seconds for 10,000 deliveries", "p99": "p99, ms", "rate": "deliveries a second"}
Figures = dict[tuple[str, str], dict[int, Found]]  # by server and load, and by round


def run() -> Iterator[Row | str]:
    """Rows, and sentences about what could not be measured."""
    build()
    figures: Figures = defaultdict(dict)
    failed: set[str] = set()
    for nth in range(ROUNDS):
        for name in _order(nth):
            try:
                found = _one_round(name)
            except (Failed, OSError) as error:
                failed.add(f"{name}: not measured in every round ({error})")
            else:
                for load, figure in found.items():
                    figures[name, load][nth] = figure
    yield from sorted(failed)
    yield from rows_of(figures)


def _order(nth: int) -> list[str]:
    """Every server of this round once, each round from another one on: nobody always comes first, or after the same
    rest."""
    names = [*FAST, *SLOW, f"kith: {AS_LITTLE}", *(f"{one}: small" for one in SMALL)]
    first = nth * len(names) // ROUNDS
    return [name for name in names[first:] + names[:first] if nth < FEW or name not in SELDOM]


def _one_round(name: str) -> dict[str, Found]:
    """One server under each of its loads; a round that fails in one counts in none. Raises Failed."""
    rival, _, how = name.partition(": ")
    small = how == "small"
    readers, talks = (2000, 400) if small else (READERS, 1)
    loads = SMALL_LOADS if small else SLOW_LOADS if rival in SLOW or how else LOADS
    with running(RIVALS[rival], readers=readers, talks=talks) as run:
        run.under("steady", SMALL_WARM_UP if small else loads["steady"][0], WARM_UP)
        return {load: run.under(load, amount, seconds) for load, (amount, seconds) in loads.items()}


def rows_of(figures: Figures) -> Iterator[Row]:
    """All rows that there are figures for."""
    for (rival, load, figure), (way, goal) in GOALS.items():
        sides = figures["kith", load], figures[rival, load]
        yield from _compared(f"engine, {load}: {rival}, {figure}", rival, sides, figure, **{way: goal})
    for rival in SLOW:
        for words, (load, figure) in SLOW_ROWS.items():
            sides = figures[f"kith: {AS_LITTLE}", load], figures[rival, load]
            yield from _compared(f"engine, {words}: {rival}, {figure}", rival, sides, figure)
    ours = figures["kith, over Redis: small", "pressure"]
    for rival, goal in SMALL_GOALS.items():
        sides = ours, figures[f"{rival}: small", "pressure"]
        yield from _compared(f"engine, 400 talks of 5: {rival}", rival, sides, "rate", at_least=goal)
    held = {nth: found.memory for nth, found in figures["kith", "steady"].items()}
    idle = common(
        name="engine, an idle socket: 30 KiB", baseline="30 KiB", metric="KiB a socket", kith=held,
        other=dict.fromkeys(held, 30.0), rounds=ROUNDS, at_most=1, budget=True,
    )  # fmt: skip
    yield from filter(None, [idle])


def _compared(
    name: str, rival: str, sides: tuple[Mapping[int, Found], Mapping[int, Found]], figure: str, **goal: Any
) -> Iterator[Row]:
    """One figure of both sides, in the rounds that both have."""
    kith, other = ({nth: getattr(found, figure) for nth, found in side.items()} for side in sides)
    found = common(
        name=name, baseline=rival, metric=WORDS[figure], kith=kith, other=other, rounds=ROUNDS,
        more=figure == "rate", **goal,
    )  # fmt: skip
    if found:
        ours, theirs = (max(one.busy for one in side.values()) for side in sides)
        reads = (
            statistics.median(one.reads / one.p99 for one in sides[1].values()) if figure == "p99" else 0.0
        )
        yield under_load(found, kith=ours, other=theirs, reads=reads)
