"""How well an attacker does: ranks, rates, first guesses, and whether chance would do as well."""

from __future__ import annotations

import bisect
import random
from collections.abc import Callable, Sequence


def auc(true: Sequence[float], false: Sequence[float]) -> float:
    """The chance that a true pair scores above a false one; ties count half (Hanley and McNeil 1982)."""
    below = sorted(false)
    wins = sum((bisect.bisect_left(below, score) + bisect.bisect_right(below, score)) / 2 for score in true)
    return wins / (len(true) * len(false))


def hits_at(true: Sequence[float], false: Sequence[float], *, rate: float) -> float:
    """The share of true pairs that score above all but `rate` of the false ones."""
    allowed = int(rate * len(false))
    threshold = sorted(false, reverse=True)[allowed]
    return sum(score > threshold for score in true) / len(true)


def first_guesses(score: Callable[[int, int], float], *, people: int, dice: random.Random) -> int:
    """For how many people the best-scoring other persona is their own; ties are broken by chance."""
    right = 0
    order = list(range(people))
    for one in range(people):
        dice.shuffle(order)
        right += max(order, key=lambda other: score(one, other)) == one
    return right


def permutation_p(
    true: Sequence[float], false: Sequence[float], *, dice: random.Random, rounds: int = 2000
) -> float:
    """How often shuffled labels give as large a difference of means as the true ones: a two-sided p-value."""
    both = [*true, *false]
    cut = len(true)

    def gap() -> float:
        return abs(sum(both[:cut]) / cut - sum(both[cut:]) / (len(both) - cut))

    seen = gap()
    beaten = 0
    for _ in range(rounds):
        dice.shuffle(both)
        beaten += gap() >= seen
    return (beaten + 1) / (rounds + 1)
