"""Which assumptions a conclusion hangs on: one parameter at a time, and all at once over a Latin hypercube."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from research.simulation import parameters, trials
from research.simulation.exact import rank_correlation
from research.simulation.measures import dice_for
from research.simulation.policies import Policy
from research.simulation.trials import Plan, Progress, Summary

OF_ATTACKS = frozenset(
    {"known_share", "known_times", "link_days_5", "link_days_20", "link_days_80", "link_hours"}
)
BY_ATTACKS = frozenset({"recognised", "only_one", "linked"})  # all that these numbers can move

Difference = Mapping[str, Summary]  # measure → over runs


@dataclass(frozen=True, kw_only=True)
class Swing:
    """What one parameter does to the difference between two policies, at either end of its range."""

    parameter: str
    low: Difference
    high: Difference

    def of(self, measure: str) -> float:
        """How far the difference moves."""
        return abs(self.high[measure].mean - self.low[measure].mean)

    def is_clear(self, measure: str) -> bool:
        """Whether it moves by more than twice the standard error of that move."""
        return self.of(measure) > math.hypot(self.high[measure].error, self.low[measure].error)


@dataclass(frozen=True, kw_only=True)
class Worlds:
    """Differences between two policies in many worlds, each with all parameters drawn from their ranges."""

    drawn: Sequence[Mapping[str, float]]
    differences: Sequence[Difference]

    def correlations(self, measure: str) -> dict[str, float]:
        """Parameter → rank correlation with the difference, of those that can move it; the strongest first."""
        moved = [row[measure].mean for row in self.differences]
        found = {name: rank_correlation([world[name] for world in self.drawn], moved)
                 for name in parameters.table() if measure in BY_ATTACKS or name not in OF_ATTACKS}  # fmt: skip
        return dict(sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0])))

    @property
    def noise(self) -> float:
        """What a rank correlation of nothing with nothing stays under in 99 of 100: for so many worlds."""
        return 2.576 / math.sqrt(max(len(self.drawn) - 1, 1))

    def above(self, measure: str) -> int:
        """The number of worlds in which the policy has more of a measure than the other one."""
        return sum(row[measure].mean > 0 for row in self.differences)


def one_at_a_time(
    plan: Plan, *, other: Policy, processes: int = 1, progress: Progress | None = None
) -> list[Swing]:
    """Each parameter at its low and its high end, the rest at their values. The same people live in each."""
    settings = [parameters.changed(**{name: one.at(end)})
                for name, one in parameters.table().items() for end in (0.0, 1.0)]  # fmt: skip
    found = differences(plan, settings, other=other, processes=processes, progress=progress)
    return [Swing(parameter=name, low=low, high=high)
            for name, low, high in zip(parameters.table(), found[::2], found[1::2], strict=True)]  # fmt: skip


def all_at_once(
    plan: Plan, *, other: Policy, worlds: int, processes: int = 1, progress: Progress | None = None
) -> Worlds:
    """Every parameter drawn from its range, so that each tenth (or whatever) of each range has its share of worlds."""
    drawn = latin_hypercube(worlds, dice_for(plan.seed, "worlds"))
    found = differences(plan, drawn, other=other, processes=processes, progress=progress)
    return Worlds(drawn=drawn, differences=found)


def latin_hypercube(points: int, dice: random.Random) -> list[dict[str, float]]:
    """So many settings of all parameters: of each range, cut into as many parts, each part is used once."""
    columns: dict[str, list[float]] = {}
    for name, one in parameters.table().items():
        shares = [(nth + dice.random()) / points for nth in range(points)]
        dice.shuffle(shares)
        columns[name] = [one.at(share) for share in shares]
    return [{name: column[nth] for name, column in columns.items()} for nth in range(points)]


def differences(
    plan: Plan,
    settings: Sequence[Mapping[str, float]],
    *,
    other: Policy,
    processes: int = 1,
    progress: Progress | None = None,
) -> list[Difference]:
    """The difference, the plan's policy less the other, under each setting of the parameters, over the same seeds."""
    plans = [replace(plan, policy=policy, values=values)
             for values in settings for policy in (plan.policy, other)]  # fmt: skip
    rows = trials.measured(plans, processes=processes, progress=progress)
    return [trials.against(mine, theirs) for mine, theirs in zip(rows[::2], rows[1::2], strict=True)]
