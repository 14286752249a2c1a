"""Counts of a study's rounds as they are shown: in fives; a small count is not, nor what would give it away."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from research.models import Wave
from research.release.suppress import SUM, protect
from research.selectors.progress import RoundCounts
from research.selectors.sheets import FLOOR, Stage

TITLES = {
    Stage.DONE: gettext_lazy("done"),
    Stage.PART_WAY: gettext_lazy("part-way"),
    Stage.NOT_OPENED: gettext_lazy("not opened"),
    Stage.NOT_DUE: gettext_lazy("not due yet"),
    Stage.OVER: gettext_lazy("over, or left out"),
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """One round. `rows` are a title with its cells, each with what stands over it: the versions, then all together.
    `is_due` is false while it cannot be due for anybody, and for good where the study ended before."""

    wave: Wave
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    heads: Sequence[str]
    is_due: bool = True


def tables(
    rounds: Sequence[RoundCounts], *, opened_on: dt.date | None = None, closed_on: dt.date | None = None
) -> list[Table]:
    """Every round as a table."""
    until = min(clock.today(), closed_on or clock.today())
    return [_table(one, opened_on, until) for one in rounds]


def _table(one: RoundCounts, opened_on: dt.date | None, until: dt.date) -> Table:
    counts = {(stage, name): n[stage] for name, n in one.by_version.items() for stage in Stage}
    together = {stage: one.all[stage] for stage in Stage}
    shown = protected(counts, together)
    versions = list(one.by_version)
    heads = [*(_("Version %(letter)s") % {"letter": name} for name in versions), _("Together")]
    rows = [
        (
            str(TITLES[stage]),
            [(head, _cell(shown.get((stage, name)))) for head, name in zip(heads, [*versions, SUM], strict=True)],
        )
        for stage in Stage
    ]  # fmt: skip
    first = opened_on + dt.timedelta(weeks=one.wave.week) if opened_on else None
    return Table(wave=one.wave, heads=heads, rows=rows, is_due=first is None or first <= until)


def protected(
    counts: Mapping[tuple[Stage, str], int], together: Mapping[Stage, int]
) -> dict[tuple[str, str], int]:
    """What may be shown of a round, by stage and version, SUM for all together. How many there are of each version is
    the same in every round, so everybody is taken to know that: then no round gives away what another one hides. Where
    fewer than five have a version, or no cell of a version may be shown, there are no versions; and where fewer than
    five take part, nothing."""
    sizes = Counter[str]()
    for (_stage, name), n in counts.items():
        sizes[name] += n
    if sizes and min(sizes.values()) >= FLOOR and sum(sizes.values()) == sum(together.values()):
        known = [(SUM, name) for name in [*sizes, SUM]]
        found = protect(
            {(str(stage), name): n for (stage, name), n in counts.items()}, known=known, floor=FLOOR
        )
        if any(name != SUM for _stage, name in found.shown):
            return {(stage, name): n for (stage, name), n in found.shown.items()}
    if sum(together.values()) < FLOOR:
        return {}
    alone = protect({(str(stage),): n for stage, n in together.items()}, known=[(SUM,)], floor=FLOOR)
    return {(stage, SUM): n for (stage,), n in alone.shown.items()}


def _cell(count: int | None) -> str:
    return _("not shown") if count is None else _("about %(n)s") % {"n": count}
