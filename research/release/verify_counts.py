"""Looks again at a table of counts that was written, at its figures alone. It shares nothing with what hides them: not
by boxes, as that does, but by circles. Versions and bands are places, and each cell is a way between two of them: a
cell from its version to its band, the sums to the two ends. What is hidden can move only along a circle of ways that
are all hidden; a hidden way on no circle follows from what is shown, to the unit. Then bounds are drawn as tight as
sums and rounding let them be, and each hidden cell has to be left with a range.

And how many people look alike, counted anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import inf

SUM = "*"
LEAST, STEP, RANGE = 10, 5, 5  # of what is shown; what it is rounded to; left of what is hidden
SLACK = STEP // 2
MOST_TURNS = 100

Where = tuple[str, str]  # version, band
Table = Mapping[Where, tuple[int, int | None]]  # line, count
Line = tuple[Where, list[Where]]  # a sum, and what it is made of


def faults(
    rows: Sequence[tuple[int, Mapping[str, str]]], versions: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) of all tables that stand one after the other. `versions`: which there are, by its
    description."""
    tables: dict[tuple[str, str], dict[Where, tuple[int, int | None]]] = {}
    for line, row in rows:
        count = int(row["people"]) if row["people"] else None
        tables.setdefault((row["round"], row["measure"]), {})[row["version"], row["band"]] = (line, count)
    for table in tables.values():
        yield from _of_one(table, versions)


def _of_one(table: Table, versions: Sequence[str]) -> Iterator[tuple[int, str]]:
    bands = sorted({band for _version, band in table})
    first = min(line for line, _count in table.values())
    if set(table) != {(version, band) for version in versions for band in bands} or SUM not in bands:
        yield first, "cells"
        return
    for line, count in table.values():
        if count is not None and (count < LEAST or count % STEP):
            yield line, "count"
    sums = list(_lines(sorted(set(versions)), bands))
    bounds = _bounds(table, sums)
    if bounds is None:
        yield first, "sums"
        return
    ways = {
        cell: _way(cell, has_versions=len(set(versions)) > 1) for cell, (_, n) in table.items() if n is None
    }
    for cell, (line, count) in table.items():
        low, high = bounds[cell]
        if count is None and (not _is_on_a_circle(cell, ways) or high - low < RANGE):
            yield line, "given away"


def _lines(versions: Sequence[str], bands: Sequence[str]) -> Iterator[Line]:
    parts = [version for version in versions if version != SUM]
    for version in versions:
        yield (version, SUM), [(version, band) for band in bands if band != SUM]
    for band in bands if parts else ():
        yield (SUM, band), [(version, band) for version in parts]


def _way(cell: Where, *, has_versions: bool) -> tuple[str, str]:
    """Between which two places a cell lies. Without versions every band lies between the same two."""
    version, band = cell
    start = "start" if version == SUM else f"version {version}"
    end = "end" if band == SUM else f"band {band}"
    if not has_versions:
        return "start", "end"
    if SUM in cell and cell != (SUM, SUM):
        return (start, "start") if band == SUM else ("end", end)
    return start, end


def _is_on_a_circle(cell: Where, ways: Mapping[Where, tuple[str, str]]) -> bool:
    """Whether both places of a hidden cell are joined by other hidden ones, too."""
    start, end = ways[cell]
    reached, new = {start}, [start]
    others = [way for other, way in ways.items() if other != cell]
    while new:
        place = new.pop()
        for one, other in others:
            for here, there in ((one, other), (other, one)):
                if here == place and there not in reached:
                    reached.add(there)
                    new.append(there)
    return end in reached


def _bounds(table: Table, sums: Sequence[Line]) -> Mapping[Where, tuple[float, float]] | None:
    """The least and the most that each cell can be, as far as one sum at a time tells; None if the sums do not fit."""
    bounds: dict[Where, tuple[float, float]] = {
        cell: (0, inf) if count is None else (max(count - SLACK, LEAST), count + SLACK)
        for cell, (_line, count) in table.items()
    }
    for _turn in range(MOST_TURNS):
        before = dict(bounds)
        for whole, parts in sums:
            low, high = (sum(bounds[part][side] for part in parts) for side in (0, 1))
            bounds[whole] = max(bounds[whole][0], low), min(bounds[whole][1], high)
            for part in parts:
                rest_low = sum(bounds[one][0] for one in parts if one != part)
                rest_high = sum(bounds[one][1] for one in parts if one != part)
                own_low, own_high = bounds[part]
                bounds[part] = (
                    max(own_low, bounds[whole][0] - rest_high),
                    min(own_high, bounds[whole][1] - rest_low),
                )
        if any(low > high for low, high in bounds.values()):
            return None
        if bounds == before:
            break
    return bounds


def alike(
    people: Sequence[Mapping[str, str]], quasi: Sequence[str], sensitive: Sequence[str], *, k: int,
    l: int,  # noqa: E741 - it is called so
    most_risk: float,
) -> Iterator[str]:  # fmt: skip
    """What is wrong with rows of which each is one person with all of their rounds; as in `Expected`."""
    classes = Counter(tuple(row.get(name, "") for name in quasi) for row in people)
    if not classes or min(classes.values()) < k:
        yield "alike"
        return
    if len(classes) / sum(classes.values()) > most_risk:
        yield "risk"
    for name in sensitive:
        kinds: dict[tuple[str, ...], set[str]] = {}
        for row in people:
            kinds.setdefault(tuple(row.get(one, "") for one in quasi), set()).add(row.get(name, ""))
        if min(len(values) for values in kinds.values()) < l:
            yield "sensitive"
