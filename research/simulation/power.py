"""How many groups and weeks it takes to see a difference: made-up pilots in pairs of groups, each tested exactly.

Whole groups come in pairs, and the lot says which of a pair gets which version. So the test flips pairs, never people:
a test over people would take forty people of one group for forty answers, though they share all that happens there.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from research.simulation import exact, trials
from research.simulation.measures import Measured, dice_for
from research.simulation.policies import Policy
from research.simulation.trials import Plan, Progress

LEVEL = 0.05
PAIRS = (3, 6, 8, 12, 18)
WEEKS = (6, 12, 24)
FEWEST_RUNS = (
    200  # groups of either kind: pilots drawn from fewer tell more about those few than about any pilot
)
POOLS = 25  # resamples of the groups that pilots are drawn from


@dataclass(frozen=True, kw_only=True)
class Power:
    """In how many of so many made-up pilots a difference was seen, with the 95 % interval of that share. `pool` is the
    standard error that comes of drawing them from so few groups."""

    pairs: int
    weeks: int
    seen: int
    pilots: int
    pool: float = 0.0

    @property
    def share(self) -> float:
        """The power; where both versions are the same, the size of the test."""
        return self.seen / self.pilots

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval, by the number of pilots and that of the groups they were drawn from."""
        low, high = exact.wilson(self.seen, self.pilots)
        down, up = (math.hypot(self.share - end, 1.96 * self.pool) for end in (low, high))
        return max(0.0, self.share - down), min(1.0, self.share + up)

    @property
    def can_show(self) -> bool:
        """Whether so few pairs can come under the level at all."""
        return exact.smallest_p(self.pairs) <= LEVEL


def power(
    plan: Plan,
    *,
    other: Policy,
    measures: Sequence[str],
    pairs: Sequence[int] = PAIRS,
    weeks: Sequence[int] = WEEKS,
    pilots: int = 1000,
    processes: int = 1,
    progress: Progress | None = None,
) -> dict[str, list[Power]]:
    """A table for each measure. Pilots of groups as the plan has them, against groups under another policy:
    `plan.runs` groups of either are simulated for each length, no group under both, and pilots drawn from them."""
    plans = [replace(plan, weeks=length, policy=policy, seed=f"{plan.seed}|{side}|{length}")
             for length in weeks for side, policy in (("mine", plan.policy), ("theirs", other))]  # fmt: skip
    rows = trials.measured(plans, processes=processes, progress=progress)
    lengths = list(zip(weeks, rows[::2], rows[1::2], strict=True))
    return {
        measure: [
            _pilots(mine, theirs, measure=measure, pairs=count, weeks=length, pilots=pilots, seed=plan.seed)
            for length, mine, theirs in lengths
            for count in pairs
        ]
        for measure in measures
    }


def _pilots(
    mine: Sequence[Measured],
    theirs: Sequence[Measured],
    *,
    measure: str,
    pairs: int,
    weeks: int,
    pilots: int,
    seed: str,
) -> Power:
    dice = dice_for(seed, "pilots", measure, pairs, weeks)
    mine_by, theirs_by = [one[measure] for one in mine], [one[measure] for one in theirs]
    each = max(1, pilots // POOLS)
    seen = [_seen(dice, mine_by, theirs_by, pairs=pairs, pilots=each) for _ in range(POOLS)]
    share = sum(seen) / (each * POOLS)
    by_luck = share * (1 - share) / each  # of each resample's share, were all drawn from the same groups
    pool = math.sqrt(max(0.0, statistics.variance(one / each for one in seen) - by_luck))
    return Power(pairs=pairs, weeks=weeks, seen=sum(seen), pilots=each * POOLS, pool=pool)


def _seen(
    dice: random.Random, mine: Sequence[float], theirs: Sequence[float], *, pairs: int, pilots: int
) -> int:
    """In how many of some pilots, drawn from one resample of the groups with replacement (a bootstrap), it was seen."""
    mine, theirs = dice.choices(mine, k=len(mine)), dice.choices(theirs, k=len(theirs))
    seen = 0
    for _ in range(pilots):
        drawn = zip(dice.choices(mine, k=pairs), dice.choices(theirs, k=pairs), strict=True)
        seen += exact.sign_flip_p([one - other for one, other in drawn]) <= LEVEL
    return seen
