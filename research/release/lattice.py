"""Making a file coarser until nobody in it can be told apart: full-domain generalisation (Samarati 2001). A column is
as coarse for one person as for all; a choice of one level for each column is a node; of the safe nodes, the one that
keeps most is taken. The few whom no class hides are left out, with their whole row."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from research.release import risk
from research.release.risk import Row, Value

Step = Callable[[Value], Value] | Mapping[Value, Value]
Levels = tuple[int, ...]

ANY = "*"  # the coarsest value of every column: anything
MOST_RISK = 0.10  # the marketer's
MOST_NODES = 2_000  # with more than that, not every node is tried


class TooFew(Exception):
    """No node hides everybody well enough. `nodes` is what was tried."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        super().__init__(
            "There are too few people, or they are too different, for a file in which nobody stands out."
        )
        self.nodes = tuple(nodes)


@dataclass(frozen=True, kw_only=True)
class Node:
    """One choice of levels, as the file that it makes. If more people would have to be left out than may be, then
    `risk` and `loss` are those of the file with everybody in it."""

    levels: Mapping[str, int]
    risk: float  # the marketer's, 0 to 1
    loss: float  # what the columns no longer say, 0 to 1; somebody who is left out counts as 1
    suppressed: int  # people to leave out
    is_safe: bool


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The file as it may go out: its rows in their order, with every other column as it was."""

    rows: list[dict[str, Value]]
    levels: Mapping[str, int]  # 0 is the value itself
    suppressed: list[int]  # the places of those left out
    nodes: tuple[Node, ...]


def generalise(
    rows: Sequence[Row],
    hierarchies: Mapping[str, Sequence[Step]],
    sensitive: Collection[str],
    *,
    k: int = 5,
    l: int = 2,  # noqa: E741 - its name everywhere
    most_suppressed: float = 0.10,
) -> Chosen:
    """The safe file that loses least.

    `hierarchies` names every quasi-identifier, each with its coarser levels in turn, as what an original value becomes.
    A missing value stays missing. After the last level there is always one more, where the column says nothing.

    What comes back has k-anonymity `k`, l-diversity `l` for every column of `sensitive`, nobody who is alone, a
    marketer's risk of at most `MOST_RISK`, and at most `most_suppressed` of the people left out. Raises TooFew if no
    node does; ValueError for an empty file, a missing column, or a value that a level does not know."""
    search = _Search(
        rows, hierarchies, sensitive, k=k, l=l, most=math.floor(most_suppressed * len(rows) + 1e-9)
    )
    safe = [levels for levels in search.run() if search.nodes[levels].is_safe]
    if not safe:
        raise TooFew(list(search.nodes.values()))
    best = min(safe, key=search.cost)
    left_out = set(search.left_out(best))
    coarse = [search.columns[at][level] for at, level in enumerate(best)]
    kept = [
        {**row, **{name: values[place] for name, values in zip(search.quasi, coarse, strict=True)}}
        for place, row in enumerate(rows)
        if place not in left_out
    ]
    return Chosen(
        rows=kept,
        levels=search.nodes[best].levels,
        suppressed=sorted(left_out),
        nodes=tuple(search.nodes.values()),
    )


class _Search:
    """One file on its way through the nodes."""

    def __init__(
        self, rows: Sequence[Row], hierarchies: Mapping[str, Sequence[Step]], sensitive: Collection[str], *, k: int,
        l: int, most: int,  # noqa: E741 its name everywhere
    ) -> None:  # fmt: skip
        if set(hierarchies) & set(sensitive):
            raise ValueError("A column is a quasi-identifier or sensitive, not both.")
        self.rows, self.quasi, self.sensitive = rows, list(hierarchies), list(sensitive)
        self.k, self.l, self.most = k, l, most
        risk.classes(rows, [*self.quasi, *self.sensitive])  # says what is wrong with a file
        self.columns = [
            _levels_of([row[name] for row in rows], name, steps) for name, steps in hierarchies.items()
        ]
        self.losses = [[_losses(levels[0], values) for values in levels] for levels in self.columns]
        self.nodes: dict[Levels, Node] = {}

    def run(self) -> list[Levels]:
        """Try every node; with too many of them, go down from the coarsest one, always to where least is lost."""
        if math.prod(len(levels) for levels in self.columns) <= MOST_NODES:
            for levels in product(*(range(len(levels)) for levels in self.columns)):
                self.look(levels)
            return list(self.nodes)
        here = tuple(len(levels) - 1 for levels in self.columns)
        self.look(here)
        while finer := [levels for levels in _finer(here) if self.look(levels).is_safe]:
            here = min(finer, key=self.cost)
        return list(self.nodes)

    def cost(self, levels: Levels) -> tuple[float, int, float, Levels]:
        node = self.nodes[levels]
        return node.loss, node.suppressed, node.risk, levels

    def look(self, levels: Levels) -> Node:
        """A node, as the file that it makes."""
        if levels not in self.nodes:
            groups = self.groups(levels)
            hidden = [places for places in groups if self.hides(places)]
            out = len(self.rows) - sum(map(len, hidden))
            may_be_made = out <= self.most and bool(hidden)
            found = risk.of_sizes([len(places) for places in (hidden if may_be_made else groups)])
            self.nodes[levels] = Node(
                levels=dict(zip(self.quasi, levels, strict=True)),
                risk=found.marketer,
                loss=self.loss(levels, hidden if may_be_made else groups),
                suppressed=out,
                is_safe=may_be_made and found.marketer <= MOST_RISK and not found.sample_uniques,
            )
        return self.nodes[levels]

    def groups(self, levels: Levels) -> list[list[int]]:
        found: dict[tuple[Value, ...], list[int]] = {}
        chosen = [self.columns[at][level] for at, level in enumerate(levels)]
        for place, values in enumerate(zip(*chosen, strict=True)):
            found.setdefault(values, []).append(place)
        return list(found.values()) if chosen else [list(range(len(self.rows)))]

    def hides(self, places: list[int]) -> bool:
        return len(places) >= self.k and risk.variety(self.rows, places, self.sensitive) >= self.l

    def left_out(self, levels: Levels) -> Iterator[int]:
        for places in self.groups(levels):
            if not self.hides(places):
                yield from places

    def loss(self, levels: Levels, kept: list[list[int]]) -> float:
        """The loss metric of Iyengar (2002), over all cells of the quasi-identifiers."""
        if not levels:
            return 0.0
        lost = [self.losses[at][level] for at, level in enumerate(levels)]
        still = sum(column[place] for column in lost for places in kept for place in places)
        gone = len(self.rows) - sum(map(len, kept))
        return still / (len(levels) * len(self.rows)) + gone / len(self.rows)


def _finer(levels: Levels) -> Iterator[Levels]:
    for at, level in enumerate(levels):
        if level:
            yield (*levels[:at], level - 1, *levels[at + 1 :])


def _levels_of(values: list[Value], name: str, steps: Sequence[Step]) -> list[list[Value]]:
    """A column at each of its levels, from the values themselves to nothing at all."""
    coarser = [[_coarser(value, name, step) for value in values] for step in steps]
    return [values, *coarser, [ANY] * len(values)]


def _coarser(value: Value, name: str, step: Step) -> Value:
    if value is None:
        return None
    try:
        return step(value) if callable(step) else step[value]
    except (KeyError, ValueError, TypeError):
        raise ValueError(f"A level of {name!r} does not know one of its values.") from None


def _losses(own: list[Value], coarse: list[Value]) -> list[float]:
    """For each person, how much of a column's range their coarser value could mean: 0 only itself, 1 any of it."""
    means: dict[Value, set[Value]] = {}
    for before, after in zip(own, coarse, strict=True):
        means.setdefault(after, set()).add(before)
    others = max(len(set(own)) - 1, 1)
    return [(len(means[after]) - 1) / others for after in coarse]
