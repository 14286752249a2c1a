"""Tables of counts as they may be shown: nothing under a floor, and nothing that the rest gives away.

A cell under the floor is hidden, zeros and sums too. Others are hidden with it, until somebody who has all that is
shown, and knows that nothing is below nothing and that sums are sums, is left with a range of at least `interval` for
each hidden cell. That is shown for each of them by two tables of whole numbers that fit all that is shown. Such a
table is reached by steps: two values of every axis (a sum is one, too) span a box of cells, and what one corner gains
the next one loses. If all corners of a box are hidden, nothing that is shown changes.

Rounding comes last. The figures are safe without it: somebody may know a sum exactly, from elsewhere.

Some cells may be known to everybody anyway, such as how many take part. They are given out with no figure, and no box
takes them in. Then several tables that have nothing in common but these are safe side by side.

What it rests on, and does not see: a table is protected by itself. Counts of the same people, by the same things,
belong in one table; two tables over the same people, or one table on two days, can be subtracted from each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import inf

Cell = tuple[str, ...]

SUM = "*"  # on an axis: all of its values together
AXES = (1, 2, 3)
FLOOR, INTERVAL, BASE = 10, 5, 5


@dataclass(frozen=True, kw_only=True)
class Protected:
    """A table with all of its sums, as it may be shown. Every cell is in one of the two, but those known anyway."""

    shown: Mapping[Cell, int]  # rounded to `base`
    hidden: frozenset[Cell]

    def figure(self, *cell: str) -> int | None:
        """What a cell shows, None if it is hidden. Raises KeyError for a cell that is not in the table."""
        if cell not in self.hidden:
            return self.shown[cell]
        return None


def protect(
    table: Mapping[Cell, int],
    *,
    known: Collection[Cell] = (),
    floor: int = FLOOR,
    interval: int = INTERVAL,
    base: int = BASE,
) -> Protected:
    """A table of one to three axes, given as its inner cells, with its sums; what is not given is nobody. `known`:
    cells that everybody knows. Raises ValueError for a table without cells or with too many axes, a count below
    nothing, or a value named `SUM`; and where so much is known that hiding all the rest is not enough."""
    full = with_sums(table)
    hidden = {cell for cell, count in full.items() if count < floor} - set(known)
    guard = _Guard(full, hidden, known=known, interval=interval)
    while open_cell := next((cell for cell in guard.in_order() if not guard.is_wide(cell)), None):
        more = guard.cheapest_box(open_cell) or set(full) - hidden - set(known)
        if not more:
            raise ValueError("Too much is known of it.")
        hidden |= more
    shown = {cell: _rounded(n, base) for cell, n in full.items() if cell not in hidden and cell not in known}
    return Protected(shown=shown, hidden=frozenset(hidden))


def with_sums(table: Mapping[Cell, int]) -> dict[Cell, int]:
    """Every cell of a table, with all sums. Raises as `protect`."""
    if not table or len({len(cell) for cell in table}) != 1 or len(next(iter(table))) not in AXES:
        raise ValueError("A table has cells, and one to three axes.")
    if any(count < 0 for count in table.values()) or any(SUM in cell for cell in table):
        raise ValueError("A count is not below nothing, and no value has the name of the sum.")
    axes = [sorted({cell[at] for cell in table}) for at in range(len(next(iter(table))))]
    full = dict.fromkeys(product(*([*axis, SUM] for axis in axes)), 0)
    for cell, count in table.items():
        for into in product(*((value, SUM) for value in cell)):
            full[into] += count
    return full


class _Guard:
    """What somebody can work out about the hidden cells of one table."""

    def __init__(
        self, full: Mapping[Cell, int], hidden: set[Cell], *, known: Collection[Cell], interval: int
    ) -> None:
        self.full, self.hidden, self.known, self.interval = full, hidden, frozenset(known), interval
        self.axes = [sorted({cell[at] for cell in full}) for at in range(len(next(iter(full))))]

    def in_order(self) -> list[Cell]:
        return sorted(self.hidden, key=lambda cell: (self.full[cell], cell))

    def is_wide(self, cell: Cell) -> bool:
        """Whether tables fit in which this cell is smaller and larger, by the interval together."""
        more = self.moved(cell, up=True, most=self.interval)
        return more + self.moved(cell, up=False, most=self.interval - more) >= self.interval

    def moved(self, cell: Cell, *, up: bool, most: int) -> int:
        """How far a cell can be moved by steps over hidden cells, each as long as it can be; at most `most`."""
        counts, done = dict(self.full), 0
        boxes = [box for box in self.boxes(cell) if self.hidden.issuperset(box)]
        while done < most and boxes:
            room = [_room(box, counts, up=up) for box in boxes]
            step = min(max(room), most - done)
            if not step:
                break
            for corner, sign in boxes[room.index(max(room))].items():
                counts[corner] += int(step) * (sign if up else -sign)
            done += int(step)
        return done

    def cheapest_box(self, cell: Cell) -> set[Cell]:
        """What to hide more, so that a box at a cell gives all of its corners the interval: as few sums as can be, as
        others may know them, and then as few people. One such box there always is where nothing is known anyway: with
        the sums of every axis all corners rise together. Else there may be none, and nothing is returned."""
        wide = (
            box for box in self.boxes(cell)
            if self.known.isdisjoint(box)
            and _room(box, self.full, up=True) + _room(box, self.full, up=False) >= self.interval
        )  # fmt: skip
        new = (set(box) - self.hidden for box in wide)
        return min((box for box in new if box), key=self.cost, default=set())

    def cost(self, cells: set[Cell]) -> tuple[int, int, list[Cell]]:
        sums = sum(SUM in cell for cell in cells)
        return sums, sum(self.full[cell] for cell in cells), sorted(cells)

    def boxes(self, cell: Cell) -> Iterator[dict[Cell, int]]:
        """Every box with this corner, and how each of its corners moves when this one rises."""
        others = [
            [value for value in axis if value != own] for axis, own in zip(self.axes, cell, strict=True)
        ]
        for opposite in product(*others):
            yield {corner: _moves(cell, corner) for corner in product(*zip(cell, opposite, strict=True))}


def _moves(cell: Cell, corner: Cell) -> int:
    """1 if one corner of a box rises with another, -1 if it falls: next to each other they go opposite ways, but a sum
    goes the way of its parts."""
    turns = sum(a != b for a, b in zip(cell, corner, strict=True)) + cell.count(SUM) + corner.count(SUM)
    return -1 if turns % 2 else 1


def _room(box: Mapping[Cell, int], counts: Mapping[Cell, int], *, up: bool) -> float:
    """How far a step can go until a corner is down to nothing."""
    return min((counts[corner] for corner, sign in box.items() if (sign < 0) == up), default=inf)


def _rounded(count: int, base: int) -> int:
    return (count + base // 2) // base * base
