"""Totals that leave: every figure of a file is looked at again by what shares nothing with what hid it, and that finds
what a careless hand leaves open. Part of `proof/files.py`."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product

from proof.harness import Result, none_found
from research.release import suppress, verify_counts
from research.release.suppress import SUM, Cell

TABLES = {"small": 200, "full": 20_000}
FLOOR, BASE = 10, 5
CAUGHT = 0.9  # of what a careless hand leaves open
SHAPES = [(0, 2), (0, 3), (2, 2), (2, 3), (3, 3), (4, 3)]  # versions, 0 for none; bands


def attacks(size: str) -> Iterator[Result]:
    """Tables as rounds have them, protected as they are for a page and a file; then the same, carelessly."""
    dice = random.Random(47)
    full = [suppress.with_sums(_table(dice)) for _ in range(TABLES[size])]
    given = [suppress.protect({cell: n for cell, n in one.items() if SUM not in cell}) for one in full]
    found = sum(bool(_looked(one, found.shown)) for one, found in zip(full, given, strict=True))
    yield none_found("the check finds nothing in totals that were protected",
                     tried=len(full), found=found, part="totals")  # fmt: skip
    low = [(one, {cell: _rounded(n) for cell, n in one.items() if n >= BASE}) for one in full]
    small = [(one, shown) for one, shown in low if min(shown.values(), default=FLOOR) < FLOOR]
    missed = sum("count" not in _looked(one, shown) for one, shown in small)
    yield none_found("no totals of which the floor is half as high pass the check",
                     tried=len(small), found=missed, part="totals, a lower floor")  # fmt: skip
    yield _control(
        [one for one in full if any(n < FLOOR for n in one.values()) and max(one.values()) >= FLOOR]
    )


def _control(full: list[dict[Cell, int]]) -> Result:
    """Where only small counts are hidden. What is wide enough by chance is no fault."""
    open_ones = [(one, {c: _rounded(n) for c, n in one.items() if n >= FLOOR}) for one in full]
    alone = [(one, shown) for one, shown in open_ones if _follows(one, shown)]
    caught = sum("given away" in _looked(one, shown) for one, shown in alone)
    share = caught / len(alone)
    return Result(
        promise="the check finds a hidden count that one sum and all else in its line give away",
        tried=len(alone), found=f"{share:.1%}", goal=f"at least {CAUGHT:.0%}", holds=share >= CAUGHT,
        part="totals, carelessly",
    )  # fmt: skip


def _table(dice: random.Random) -> dict[Cell, int]:
    versions, bands = dice.choice(SHAPES)
    people = dice.choice([8, 12, 20, 40])
    axes = [*(["abcd"[:versions]] if versions else []), "xyz"[:bands]]
    return {
        cell: 0 if dice.random() < 0.1 else int(dice.lognormvariate(0, 0.6) * people)
        for cell in product(*axes)
    }


def _rounded(count: int) -> int:
    return (count + BASE // 2) // BASE * BASE


def _looked(full: Mapping[Cell, int], shown: Mapping[Cell, int]) -> set[str]:
    """What the check says of it, as it stands in a file."""
    rows = []
    for line, cell in enumerate(sorted(full), start=2):
        version, band = cell if len(cell) == 2 else (SUM, *cell)
        people = str(shown[cell]) if cell in shown else ""
        rows.append(
            (line, {"round": "1", "measure": "m", "version": version, "band": band, "people": people})
        )
    versions = sorted({row["version"] for _line, row in rows})
    return {what for _line, what in verify_counts.faults(rows, versions)}


def _follows(full: Mapping[Cell, int], shown: Mapping[Cell, int]) -> bool:
    """Whether some line of the table has one hidden cell alone: whoever can subtract has it."""
    axes = range(len(next(iter(full))))
    lines: dict[tuple[int, Cell], int] = {}
    for cell in full:
        for at in axes:
            key = at, (*cell[:at], "", *cell[at + 1 :])
            lines[key] = lines.get(key, 0) + (cell not in shown)
    return 1 in lines.values()
