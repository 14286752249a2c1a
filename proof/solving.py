"""Working out counts from sums: what bounds on runs of months leave possible.

Let P(n) be how often something happened before month n. That it happened `low` to `high` times from month a to month b
says low ≤ P(b+1) - P(a) ≤ high, and no month has fewer than none. Such differences of whole numbers are a graph, whose
shortest paths are the least and the most that any run of months can have: exactly, for each kind of thing by itself.
Sums over several kinds are taken into account by turns, until nothing more follows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

MOST = 10**6  # as good as no bound
Grid = list[list[int]]  # grid[a][b]: the most that P(b) - P(a) can be


@dataclass(frozen=True)
class Fact:
    """`cell` happened `low` to `high` times in the months `first` to `last`; or all the `parts` together did."""

    cell: str
    first: int
    last: int
    low: int
    high: int
    parts: tuple[str, ...] = ()


def pinned(facts: list[Fact], *, months: int, under: int) -> list[tuple[str, int, int, int]]:
    """(cell, first month, last month, count) wherever one count alone is possible and it is less than `under`."""
    own: dict[str, list[Fact]] = defaultdict(list)
    sums = [fact for fact in facts if fact.parts]
    for fact in facts:
        if not fact.parts:
            own[fact.cell].append(fact)
    for fact in sums:
        for cell in fact.parts:
            own.setdefault(cell, [])
    grids = {cell: _grid(about, months) for cell, about in own.items()}
    while sums and (changed := {cell for fact in sums for cell in _share(fact, grids)}):
        for cell in changed:
            _close(grids[cell])
    return [
        (cell, first, after - 1, grid[first][after])
        for cell, grid in grids.items()
        for first in range(months)
        for after in range(first + 1, months + 1)
        if grid[first][after] == -grid[after][first] < under
    ]


def _grid(about: list[Fact], months: int) -> Grid:
    size = months + 1
    grid = [[0 if a >= b else MOST for b in range(size)] for a in range(size)]
    for fact in about:
        a, b = fact.first, fact.last + 1
        grid[a][b] = min(grid[a][b], fact.high)
        grid[b][a] = min(grid[b][a], -fact.low)
    _close(grid)
    return grid


def _close(grid: Grid) -> None:
    """All shortest paths (Floyd and Warshall)."""
    for middle, out in enumerate(grid):
        for row in grid:
            through = row[middle]
            if through < MOST:
                for b, further in enumerate(out):
                    row[b] = min(row[b], through + further)


def _share(fact: Fact, grids: dict[str, Grid]) -> set[str]:
    """What a sum leaves for each of its parts, given the least and the most of the others. Returns whose it changed."""
    a, b = fact.first, fact.last + 1
    most = sum(grids[cell][a][b] for cell in fact.parts)
    least = -sum(grids[cell][b][a] for cell in fact.parts)
    changed = set()
    for cell in fact.parts:
        grid = grids[cell]
        high = fact.high - (least + grid[b][a])
        low = fact.low - (most - grid[a][b])
        if high < grid[a][b] or -low < grid[b][a]:
            grid[a][b], grid[b][a] = min(grid[a][b], high), min(grid[b][a], -low)
            changed.add(cell)
    return changed
