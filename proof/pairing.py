"""An attacker who pairs personas: learns on some people which traces tell, and is measured on the others."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from proof.harness import Result
from proof.measures import auc, first_guesses, hits_at

RATE = 1e-3
MOST_FALSE = 100_000
CLEAR = 3.5  # standard errors, of some dozens of features
Closeness = Callable[[int, int], float]
Columns = dict[str, list[float]]


@dataclass(frozen=True, kw_only=True)
class Found:
    """How well the attacker did on so many people."""

    people: int
    auc: float
    hits: float
    guesses: int

    def __str__(self) -> str:
        return f"AUC {self.auc:.3f}; {self.hits:.2%} at 1 false in 1,000; {self.guesses} first guesses"

    def result(self, promise: str, *, part: str, with_auc: bool = True) -> Result:
        """Against the goal. Few people say less, so that the goal is widened by what chance alone would do to
        them: three standard errors, and three hits."""
        widened = self.people < 1000
        most = 0.55 + (3 / math.sqrt(12 * self.people) if widened else 0)
        hits = max(5e-3, 3 / self.people if widened else 0)
        goal = f"{hits:.2%} at 1 false in 1,000; 5 first guesses"
        return Result(
            promise=promise,
            tried=self.people,
            found=str(self),
            goal=f"at most {f'AUC {most:.2f}; ' if with_auc else ''}{goal}{', widened for few people' * widened}",
            holds=(self.auc <= most or not with_auc) and self.hits <= hits and self.guesses <= 5,
            part=part,
        )


def measure(score: Closeness, people: Sequence[int], *, dice: random.Random) -> Found:
    """The measures of a score over these people. `score(one, other)` compares one's first face to another's second."""
    own = [score(one, one) for one in people]
    others = [score(one, other) for one, other in _strangers(people, dice)]
    guesses = first_guesses(
        lambda one, other: score(people[one], people[other]), people=len(people), dice=dice
    )
    return Found(
        people=len(people), auc=auc(own, others), hits=hits_at(own, others, rate=RATE), guesses=guesses
    )


def _strangers(people: Sequence[int], dice: random.Random) -> list[tuple[int, int]]:
    size = len(people)
    if size * (size - 1) <= MOST_FALSE:
        return [(one, other) for one in people for other in people if one != other]
    drawn = ((dice.choice(people), dice.choice(people)) for _ in range(MOST_FALSE))
    return [(one, other) for one, other in drawn if one != other]


def learnt(features: Iterable[Closeness], known: Sequence[int], *, dice: random.Random) -> Closeness:
    """The features that tell among people whose pairs are known, each in units of how it varies among strangers; all
    of them if none does."""
    strangers = _strangers(known, dice)[:20_000]
    every = list(features)
    weighed = [(1.0, feature) for feature in every]
    clear = []
    for feature in every if known else ():
        by_chance = [feature(one, other) for one, other in strangers]
        spread = pstdev(by_chance) or 1e-9
        told = (fmean(feature(one, one) for one in known) - fmean(by_chance)) / spread
        if told * math.sqrt(len(known)) > CLEAR:
            clear.append((1 / spread, feature))
    return _sum(clear or weighed)


def _sum(weighed: list[tuple[float, Closeness]]) -> Closeness:
    return lambda one, other: sum(weight * feature(one, other) for weight, feature in weighed)


def by_column(first: Sequence[Columns], second: Sequence[Columns]) -> list[Closeness]:
    """Closeness in each column that both sides have, by the smallest and by the largest value."""
    columns = sorted(
        {column for one in first for column in one} & {column for one in second for column in one}
    )
    return [
        by_rank(*([best(one[column]) if column in one else None for one in side] for side in (first, second)))
        for column in columns
        for best in (min, max)
    ]


def by_rank(first: Sequence[float | None], second: Sequence[float | None]) -> Closeness:
    """Closeness by the place of a value among all: what order and size tell, whatever the unit. Where one has no
    value, nothing is told: that they did something or not is how they behave."""
    left, right = _ranks(first), _ranks(second)

    def closeness(one: int, other: int) -> float:
        here, there = left[one], right[other]
        return 2 / 3 if here is None or there is None else 1.0 - abs(here - there)

    return closeness


def _ranks(values: Sequence[float | None]) -> list[float | None]:
    ordered = sorted(value for value in values if value is not None)
    return [
        None if v is None else (bisect_left(ordered, v) + bisect_right(ordered, v)) / 2 / len(ordered)
        for v in values
    ]


def by_shared(first: Sequence[set[str]], second: Sequence[set[str]], *, most: int | None = None) -> Closeness:
    """Closeness by what both hold and hardly anybody else does, or at most `most` faces do."""
    held = Counter(piece for side in (first, second) for pieces in side for piece in pieces)
    most = most or max(3, len(first) // 50)
    rare = {piece for piece, times in held.items() if 2 <= times <= most}
    holders: dict[str, list[int]] = defaultdict(list)
    for other, pieces in enumerate(second):
        for piece in pieces & rare:
            holders[piece].append(other)
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for one, pieces in enumerate(first):
        for piece in pieces & rare:
            for other in holders[piece]:
                shared[one, other] += 1 / held[piece]
    found = dict(shared)
    return lambda one, other: found.get((one, other), 0.0)
