"""How many groups and weeks it takes to see a difference: made-up pilots in pairs of groups, each tested exactly.

Whole groups come in pairs, and the lot says which of a pair gets which version. So the test flips pairs, never people:
a test over people would take forty people of one group for forty answers, though they share all that happens there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from research.simulation import exact, trials
from research.simulation.measures import Measured, dice_for
from research.simulation.policies import Policy
from research.simulation.trials import Plan, Progress

LEVEL = 0.05
PAIRS = (3, 6, 8, 12, 18)
WEEKS = (6, 12, 24)


@dataclass(frozen=True, kw_only=True)
class Power:
    """In how many of so many made-up pilots a difference was seen, with the 95 % interval of that share."""

    pairs: int
    weeks: int
    seen: int
    pilots: int

    @property
    def share(self) -> float:
        """The power; where both versions are the same, the size of the test."""
        return self.seen / self.pilots

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval, by the number of pilots."""
        return exact.wilson(self.seen, self.pilots)

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
    seen = 0
    for _ in range(pilots):
        drawn = zip(dice.choices(mine, k=pairs), dice.choices(theirs, k=pairs), strict=True)
        seen += exact.sign_flip_p([one[measure] - other[measure] for one, other in drawn]) <= LEVEL
    return Power(pairs=pairs, weeks=weeks, seen=seen, pilots=pilots)
