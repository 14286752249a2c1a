"""Made-up people, the group they meet in, and the hours at which its team is there."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from research.simulation.parameters import Values
from research.simulation.policies import Policy

WEEK = 168  # hours
EVENING = 20.0  # o'clock, where somebody lives: about when people write
EXACT, ROUGH = 0, 1


class Somebody:
    """One made-up person: what they are like, and what became of them."""

    __slots__ = (
        "alone", "chance", "fresh", "gave", "got", "hard", "harm", "hour", "joined", "known", "left", "name_at",
        "rate", "read", "shown", "unanswered", "unsaid", "values", "writes",
    )  # fmt: skip

    def __init__(self, *, joined: int, rate: float, hour: float, alone: bool, values: list[int]) -> None:
        self.joined = joined  # week
        self.left: int | None = None  # week after which they are gone
        self.writes = rate > 0
        self.rate = rate  # messages a week
        self.hour = hour  # of the day, in the group's clock
        self.alone = alone
        self.values = values  # of each kind of detail: the truth
        self.shown: list[tuple[int, int] | None] = [None] * len(values)  # EXACT or ROUGH, value; None: hidden
        self.name_at: list[float] = []  # hours of the study at which their name in the group wrote
        self.fresh = 0  # messages under one-thread names
        self.hard = self.unsaid = 0  # hard things said, and not said
        self.got = self.gave = 0  # replies
        self.read = self.harm = 0.0
        self.unanswered = False  # their first message got no reply
        self.known: list[bool] = []  # which details an acquaintance knows
        self.chance = 0.0  # of being in a second group with the attacker

    @property
    def has_name(self) -> bool:
        """Whether their name in the group wrote anything."""
        return bool(self.name_at)


@dataclass(frozen=True, kw_only=True)
class Community:
    """A group before its first week."""

    people: Sequence[Somebody]
    duty: Sequence[
        float
    ]  # hour of the week → hours until somebody of the team is there; infinite with no shifts
    outcome: float  # what is peculiar to this group, in standard deviations of the outcome


def draw(policy: Policy, p: Values, *, members: int, weeks: int, dice: random.Random) -> Community:
    """A group of made-up people. The same dice and numbers give the same people, whatever the policy."""
    activity = math.exp(dice.gauss(0, p["group_activity"]))
    outcome = dice.gauss(0, p["group_outcome"])
    duty = _duty(p, dice)
    weights = list(accumulate(1 / (nth + 1) for nth in range(int(p["values"]))))
    people = [
        _somebody(p, weeks=weeks, activity=activity, weights=weights, dice=dice) for _ in range(members)
    ]
    for one in people:
        _shows(one, policy, p, dice)
    return Community(people=people, duty=duty, outcome=outcome)


def _somebody(
    p: Values, *, weeks: int, activity: float, weights: Sequence[float], dice: random.Random
) -> Somebody:
    first = dice.random() < p["arrive_first"]
    joined = int(dice.random() * weeks)
    writes = dice.random() < p["write_share"]
    spread = math.exp(dice.gauss(0, p["activity_spread"]))
    one = Somebody(
        joined=0 if first else joined,
        rate=activity * p["posts_per_week"] * spread if writes else 0.0,
        hour=(EVENING + dice.gauss(0, p["zone_spread"])) % 24,
        alone=dice.random() < p["alone_share"],
        values=[bisect_right(weights, dice.random() * weights[-1]) for _ in range(int(p["kinds"]))],
    )
    one.known = [dice.random() < p["known_share"] for _ in one.values]
    one.chance = p["two_groups"]
    return one


def _shows(one: Somebody, policy: Policy, p: Values, dice: random.Random) -> None:
    """What somebody shows of themselves. The same numbers are drawn under every policy."""
    lean = dice.gauss(0, p["show_spread"])
    odds = p["show_optional"] / (1 - p["show_optional"]) * math.exp(lean)
    odds *= p["prompt_odds"] if policy.asks == "prompted" else 1.0
    rough = p["rough_words"] if policy.what_matters == "with_words" else p["rough_list"]
    for kind, value in enumerate(one.values):
        shows, is_rough = dice.random() < odds / (1 + odds), dice.random() < rough
        if shows and policy.asks != "hidden":
            one.shown[kind] = (ROUGH, value // 2) if is_rough else (EXACT, value)


def _duty(p: Values, dice: random.Random) -> list[float]:
    there = [False] * WEEK
    for _ in range(int(p["team"]) * int(p["shifts"])):
        begins, length = int(dice.random() * WEEK), int(p["shift_hours"])
        for hour in range(begins, begins + length):
            there[hour % WEEK] = True
    if not any(there):
        return [math.inf] * WEEK
    waits, wait = [0.0] * WEEK, 0.0
    for hour in reversed(range(2 * WEEK)):
        wait = 0.0 if there[hour % WEEK] else wait + 1
        waits[hour % WEEK] = wait
    return waits
