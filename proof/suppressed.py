"""A table of counts gives no small count away: an auditor with a solver of linear programmes, and all that is shown, is
left with a wide range for each cell that is hidden."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from proof import oracle
from proof.harness import Defence, Result, none_found, swapped
from research.presenters import progress
from research.release import suppress
from research.release.suppress import SUM, Cell
from research.selectors.sheets import Stage

SIZES = {"small": 40, "full": 5_000}
FLOOR, INTERVAL, BASE = 10, 5, 5
PEOPLE = 5  # fewer take part: nothing is shown
BROKEN = 0.9  # of the tables of somebody who only hides what is small
SHAPES = [(5,), (3, 4), (2, 3), (4, 4), (2, 2, 3), (2, 3, 3)]


def prove(size: str) -> Iterator[Result]:
    """Tables of few and of many people, with and without empty cells; then the same tables, carelessly."""
    dice = random.Random(37)
    tables = [_table(dice) for _ in range(SIZES[size])]
    full = [suppress.with_sums(table) for table in tables]
    given = [suppress.protect(table) for table in tables]
    wrong = sum(_is_wrong(one, found.shown, found.hidden) for one, found in zip(full, given, strict=True))
    yield none_found(
        f"no cell under {FLOOR} is shown, and what is shown is within {BASE // 2} of what is so",
        tried=len(tables), found=wrong, part="floor",
    )  # fmt: skip
    narrow, cells = _audit([(one, found.hidden) for one, found in zip(full, given, strict=True)])
    more = sum(len(found.hidden) for found in given) / sum(map(len, full))
    small = sum(count < FLOOR for one in full for count in one.values()) / sum(map(len, full))
    yield none_found(
        f"in no table is the range of a hidden cell narrower than {INTERVAL}, for somebody who has what is shown to "
        f"the unit ({cells} hidden cells; {small:.0%} of all cells are small, {more:.0%} are hidden)",
        tried=len(tables), found=len(narrow), part="audit",
    )  # fmt: skip
    yield _rounds(dice, SIZES[size])
    yield _control([one for one in full if any(count < FLOOR for count in one.values())])


def _control(full: list[dict[Cell, int]]) -> Result:
    careless = [(one, {cell for cell, count in one.items() if count < FLOOR}) for one in full]
    narrow, _cells = _audit(careless)
    exactly = sum(min(widths) == 0 for widths in narrow)
    share = len(narrow) / len(full)
    return Result(
        promise="the same auditor finds a cell that is hidden where only small ones are hidden",
        tried=len(full), found=f"{share:.1%} (to the unit {exactly / len(full):.1%})", goal=f"at least {BROKEN:.0%}",
        holds=share >= BROKEN, part="control",
    )  # fmt: skip


def _rounds(dice: random.Random, count: int) -> Result:
    """How far people are with a round: whoever knows how many have each version, as another round tells."""
    asked = list[tuple[dict[Cell, int], Collection[Cell]]]()
    for _ in range(count * 5):
        names, many = dice.choice(["A", "AB", "ABC"]), dice.choice([4, 8, 60])
        people = {
            (stage, name): dice.choice([0, dice.randrange(4), dice.randrange(many)])
            for stage in Stage for name in names
        }  # fmt: skip
        own = {stage: sum(people[stage, name] for name in names) for stage in Stage}
        shown = progress.protected(people, own)
        full = suppress.with_sums({(str(stage), name): n for (stage, name), n in people.items()})
        sums = {cell for cell in full if cell[0] == SUM}
        by_version = {cell for cell in full if cell[1] != SUM}
        is_alone = not by_version & shown.keys()  # of versions nothing is told
        if is_alone:
            full = suppress.with_sums({(str(stage),): n for stage, n in own.items()})
            sums = {(SUM,)}
        if full[(SUM,) * len(next(iter(full)))] >= PEOPLE:
            told = {cell[:1] if is_alone else cell for cell in shown}
            asked.append((full, set(full) - told - sums))
    narrow, cells = _audit(asked)
    return none_found(
        f"nor is it in how far people are with a round, for somebody who knows how many have each version ({cells} "
        f"hidden cells)",
        tried=len(asked), found=len(narrow), part="rounds",
    )  # fmt: skip


def _table(dice: random.Random) -> dict[Cell, int]:
    """How many gave which answer, by version and by round."""
    shape = dice.choice(SHAPES)
    people, empty = dice.choice([12, 20, 40]), dice.choice([0.0, 0.1, 0.3])
    return {
        cell: 0 if dice.random() < empty else int(dice.lognormvariate(0, 0.6) * people)
        for cell in product(*("abcde"[:size] for size in shape))
    }


def _is_wrong(full: Mapping[Cell, int], shown: Mapping[Cell, int], hidden: Collection[Cell]) -> bool:
    if set(shown) & set(hidden) or set(shown) | set(hidden) != set(full):
        return True
    return any(
        full[cell] < FLOOR or abs(full[cell] - count) > BASE // 2 or count % BASE
        for cell, count in shown.items()
    )


def _audit(tables: Sequence[tuple[dict[Cell, int], Collection[Cell]]]) -> tuple[list[list[float]], int]:
    """The widths of all hidden cells of every table that has a narrow one; and how many hidden cells there are."""
    asked = [_question(full, hidden) for full, hidden in tables]
    widths = [[most - least for least, most in found] for found in oracle.ask("ranges", asked)]
    narrow = [found for found in widths if found and min(found) < INTERVAL - 1e-6]
    return narrow, sum(map(len, widths))


def _question(full: dict[Cell, int], hidden: Collection[Cell]) -> Any:
    """What the auditor is told: the figures that are shown, before they are rounded, and what each sum is made of."""
    shown = [(cell, count) for cell, count in full.items() if cell not in hidden]
    return shown, sorted(hidden), list(_lines(full))


def _lines(full: dict[Cell, int]) -> Iterator[list[Cell]]:
    axes = [sorted({cell[at] for cell in full} - {SUM}) for at in range(len(next(iter(full))))]
    for cell in full:
        for at, value in enumerate(cell):
            if value == SUM:
                yield [*((*cell[:at], part, *cell[at + 1 :]) for part in axes[at]), cell]


def _knowing_nothing(table: Any, *, floor: int, **_known: Any) -> suppress.Protected:
    return suppress.protect(table, floor=floor)


DEFENCES = [
    Defence(name="more is hidden than is small", off=swapped(suppress._Guard, "is_wide", lambda *_: True)),
    Defence(
        name="what another round tells counts as known", off=swapped(progress, "protect", _knowing_nothing)
    ),
    Defence(name="nothing is below nothing", off=swapped(suppress, "_room", lambda *_, **_up: INTERVAL)),
]
