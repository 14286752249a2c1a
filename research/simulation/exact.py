"""Exact tests for a handful of groups, and ranks: whole enumerations instead of formulas that need many."""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import product

CLOSE = 1e-9  # sums that differ by less, relative to the largest, are the same


def sign_flip_p(differences: Sequence[float]) -> float:
    """The two-sided p of pairs whose versions were given out by lot: the share of all 2^n ways to give them out whose
    sum is as far from zero as the one that came. Counted exactly, by meeting in the middle."""
    if not differences:
        return 1.0
    half = len(differences) // 2
    left, right = _sums(differences[:half]), sorted(_sums(differences[half:]))
    slack = CLOSE * max(math.fsum(map(abs, differences)), 1e-300)
    bound = abs(math.fsum(differences)) - slack
    if bound <= 0:
        return 1.0
    far = sum(
        len(right) - bisect_left(right, bound - one) + bisect_right(right, -bound - one) for one in left
    )
    return far / (len(left) * len(right))


def _sums(some: Sequence[float]) -> list[float]:
    return [math.fsum(sign * one for sign, one in zip(signs, some, strict=True))
            for signs in product((1, -1), repeat=len(some))]  # fmt: skip


def smallest_p(pairs: int) -> float:
    """The smallest two-sided p that so many pairs can give, whatever happens in them."""
    return min(1.0, 2.0 ** (1 - pairs))


def wilson(hits: int, tried: int, *, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share that came so often of so many tries (Wilson 1927)."""
    share, spread = hits / tried, z * z / tried
    middle = (share + spread / 2) / (1 + spread)
    reach = z * math.sqrt(share * (1 - share) / tried + spread / (4 * tried)) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def ranks(some: Sequence[float]) -> list[float]:
    """The rank of each, from 1; ties share their mean rank."""
    ordered = sorted(some)
    return [(bisect_left(ordered, one) + bisect_right(ordered, one) + 1) / 2 for one in some]


def rank_correlation(some: Sequence[float], others: Sequence[float]) -> float:
    """Spearman's: 1 where both grow together, 0 where one says nothing of the other, and where one never moves."""
    one, other = ranks(some), ranks(others)
    if len(set(one)) < 2 or len(set(other)) < 2:
        return 0.0
    return float(statistics.correlation(one, other))
