"""Scores of a set of questions: three fixed ways to count, and no others. Nothing of a file is ever run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

SUM, MEAN, COUNT = "sum", "mean", "count"
OPS = (SUM, MEAN, COUNT)
Value = int | Decimal | None
Answers = Mapping[str, int | None]


@dataclass(frozen=True, kw_only=True)
class Score:
    """One score: how it is made, over which items, of which some count the other way round.

    `bounds` are the lowest and highest value of each item. A count counts the answers that are among `values`. With
    fewer than `min_answered` answers there is no score: a guess at what somebody left out is not made.
    """

    code: str
    op: str
    items: tuple[str, ...]
    min_answered: int
    bounds: Mapping[str, tuple[int, int]]
    reverse: frozenset[str] = frozenset()
    values: frozenset[int] = frozenset()

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest score there can be."""
        lows, highs = zip(*(self.bounds[item] for item in self.items), strict=True)
        if self.op == COUNT:
            return 0, len(self.items)
        return (min(lows), max(highs)) if self.op == MEAN else (sum(lows), sum(highs))

    def of(self, answers: Answers) -> Value:
        """The score, or None with too few answers. A mean has two decimals."""
        given = [self._turned(item, value) for item in self.items if (value := answers.get(item)) is not None]
        if len(given) < self.min_answered:
            return None
        if self.op == COUNT:
            return sum(value in self.values for value in given)
        if self.op == SUM:
            return sum(given)
        return (Decimal(sum(given)) / len(given)).quantize(Decimal("0.01"), ROUND_HALF_EVEN)

    def _turned(self, item: str, value: int) -> int:
        low, high = self.bounds[item]
        return low + high - value if item in self.reverse else value
