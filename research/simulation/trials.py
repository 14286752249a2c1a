"""Many runs, in one process or several: the same seed gives the same numbers, in the same order."""

from __future__ import annotations

import math
import multiprocessing
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from research.simulation import parameters
from research.simulation.measures import MEASURES, Measured, run
from research.simulation.parameters import Values
from research.simulation.policies import Policy

Progress = Callable[[int, int], None]
TINY = 1e-12  # what a machine's arithmetic leaves of nothing
SPREAD = (0.05, 0.95)  # the middle nine of ten runs


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is run: so many groups of so many people for so many weeks under one policy."""

    policy: Policy
    members: int = 200
    weeks: int = 12
    runs: int = 200
    seed: str = "1"
    values: Values = field(default_factory=parameters.middle)

    def one(self, nth: int) -> Measured:
        """What is measured of one run."""
        seed = f"{self.seed}|{nth}"
        return run(self.policy, self.values, members=self.members, weeks=self.weeks, seed=seed).measured


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One measure over runs: the mean with twice its standard error, and where the middle nine of ten runs lie."""

    mean: float
    error: float
    low: float
    high: float


def _some(task: tuple[Plan, int, int]) -> list[Measured]:
    plan, begin, end = task
    return [plan.one(nth) for nth in range(begin, end)]


def measured(
    plans: Sequence[Plan], *, processes: int = 1, progress: Progress | None = None, batch: int = 25
) -> list[list[Measured]]:
    """What is measured of every run of every plan. `progress` is told how many of how many are done."""
    tasks = [
        (plan, begin, min(begin + batch, plan.runs)) for plan in plans for begin in range(0, plan.runs, batch)
    ]
    total, done = sum(plan.runs for plan in plans), 0
    found: dict[int, list[Measured]] = {nth: [] for nth in range(len(plans))}
    owners = [nth for nth, plan in enumerate(plans) for _ in range(0, plan.runs, batch)]
    for owner, rows in zip(owners, _each(tasks, processes), strict=True):
        found[owner] += rows
        done += len(rows)
        if progress:
            progress(done, total)
    return [found[nth] for nth in range(len(plans))]


def _each(tasks: Sequence[tuple[Plan, int, int]], processes: int) -> Iterator[list[Measured]]:
    if processes <= 1:
        yield from map(_some, tasks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(_some, tasks)


def summary(rows: Sequence[Measured]) -> Mapping[str, Summary]:
    """Each measure over some runs."""
    return {key: _summary([row[key] for row in rows]) for key in MEASURES}


def against(mine: Sequence[Measured], theirs: Sequence[Measured]) -> Mapping[str, Summary]:
    """Each measure's difference, run by run: both lists ran over the same seeds, so over the same people."""
    pairs = list(zip(mine, theirs, strict=True))
    return {key: _summary([one[key] - other[key] for one, other in pairs]) for key in MEASURES}


def _summary(some: Sequence[float]) -> Summary:
    some = [0.0 if abs(one) < TINY else one for one in some]
    ordered = sorted(some)
    error = statistics.stdev(some) / math.sqrt(len(some)) if len(some) > 1 else math.inf
    low, high = (ordered[min(int(share * len(ordered)), len(ordered) - 1)] for share in SPREAD)
    return Summary(mean=statistics.fmean(some), error=2 * error, low=low, high=high)
