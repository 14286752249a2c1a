"""Counts of a study's rounds as they are shown: a small count is not, nor what would give it away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research.models import Wave
from research.selectors.measures import FLOOR
from research.selectors.progress import RoundCounts, Stage

TITLES = {
    Stage.DONE: gettext_lazy("done"),
    Stage.PART_WAY: gettext_lazy("part-way"),
    Stage.NOT_OPENED: gettext_lazy("not opened"),
    Stage.NOT_DUE: gettext_lazy("not due yet"),
    Stage.OVER: gettext_lazy("over, or left out"),
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """One round. `rows` are a title with its cells, each with what stands over it: the versions, then all together."""

    wave: Wave
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]


def tables(rounds: Sequence[RoundCounts]) -> list[Table]:
    """Every round as a table."""
    return [_table(one) for one in rounds]


def _table(one: RoundCounts) -> Table:
    versions = list(one.by_version)
    counts = {(stage, name): one.by_version[name][stage] for stage in Stage for name in versions}
    few = hide_totals(one.all)
    hidden = hide(counts, lines=few)
    heads = [*(_("Version %(letter)s") % {"letter": name} for name in versions), _("Together")]
    rows = []
    for stage in Stage:
        total = _("not shown") if stage in few else str(one.all[stage])
        cells = [*(_cell(counts, hidden, (stage, name)) for name in versions), total]
        rows.append((str(TITLES[stage]), list(zip(heads, cells, strict=True))))
    return Table(wave=one.wave, heads=heads, rows=rows)


def _cell(counts: dict[tuple[Stage, str], int], hidden: set[tuple[Stage, str]], at: tuple[Stage, str]) -> str:
    return (
        _("not shown") if at in hidden else str(counts[at])
    )  # not which are few: the sum would tell how many


def hide(counts: dict[tuple[Stage, str], int], *, lines: Collection[Stage] = ()) -> set[tuple[Stage, str]]:
    """The cells that are not shown: those under five, whole lines without a total, which they would add up to, and
    enough others that no line and no column has a single one, which all together minus the rest would tell."""
    hidden = {at for at, count in counts.items() if count < FLOOR or at[0] in lines}
    while alone := _alone(counts, hidden):
        hidden.add(min(alone, key=lambda at: counts[at]))
    return hidden


def hide_totals(counts: Mapping[Stage, int]) -> set[Stage]:
    """The stages of a round of which not even the total is shown: those of fewer than five people, and enough others
    that what is missing to all of them is five people and more, in two stages at least. That nobody is somewhere is
    shown."""
    hidden = {stage for stage in Stage if 0 < counts[stage] < FLOOR}
    others = sorted((stage for stage in Stage if counts[stage] >= FLOOR), key=lambda stage: counts[stage])
    while hidden and others and (len(hidden) == 1 or sum(counts[stage] for stage in hidden) < FLOOR):
        hidden.add(others.pop(0))
    return hidden


def _alone(counts: dict[tuple[Stage, str], int], hidden: set[tuple[Stage, str]]) -> list[tuple[Stage, str]]:
    """The cells of the first line or column in which a single one is hidden and others are not."""
    lines = [
        [at for at in counts if at[way] == value]
        for way in (0, 1)
        for value in dict.fromkeys(at[way] for at in counts)
    ]
    for line in lines:
        open_cells = [at for at in line if at not in hidden]
        if len(line) - len(open_cells) == 1 and open_cells:
            return open_cells
    return []
