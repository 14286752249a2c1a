"""What a study gives and what it costs, as pictures with a table under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from research.enums import StudyState
from research.measured import NOTES, WORDS, Kind, Measure
from research.models import Study, Wave
from research.release.suppress import SUM
from research.selectors import progress, tallies
from research.selectors.desks import Desk

STEP = 5  # shares are told in steps, as counts are
COSTS = {"bad_moments", "regret"}  # sets of questions about what went badly


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One band of one version: its share in percent, None where it is not shown."""

    title: str
    percent: int | None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measure: `bars` by what each version is called; `rows` of the table, each cell with what stands over it."""

    title: str
    note: str
    bars: Sequence[tuple[str, Sequence[Bar]]]
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything to draw."""
        return any(bar.percent is not None for _name, bars in self.bars for bar in bars)


@dataclass(frozen=True, kw_only=True)
class RoundFigures:
    """One round, with its figures under headings. None under any: it was not counted yet."""

    wave: Wave
    parts: Sequence[tuple[str, Sequence[Figure]]]


def at_desk(*, desk: Desk) -> list[RoundFigures]:
    """For whoever works on the study: by version, under the names that they may see."""
    letters = progress.letters(desk=desk)
    return _rounds(desk.study, {arm.code: letters[arm.pk] for arm in desk.study.arms.all()})


def for_members(*, study: Study) -> list[RoundFigures]:
    """For everyone in a group of the study: all versions together, and each by its name once the study is over, since
    whoever counts may be a member here."""
    is_over = study.state == StudyState.CLOSED
    return _rounds(study, {arm.code: arm.code for arm in study.arms.all()} if is_over else {})


def names_later(*, study: Study) -> bool:
    """Whether members will read which figure is of which version, and do not yet."""
    return study.state != StudyState.CLOSED and study.arms.exists()


def _rounds(study: Study, names: Mapping[str, str]) -> list[RoundFigures]:
    counted = tallies.of_study(study)
    found = []
    for wave in study.waves.order_by("number"):
        figures = [
            (measure, _figure(wave, measure, row.shown, names))
            for measure, row in counted.get(wave.number, {}).items()
        ]
        found.append(RoundFigures(wave=wave, parts=_parts(figures)))
    return found


def _parts(figures: Sequence[tuple[Measure, Figure]]) -> list[tuple[str, list[Figure]]]:
    by_part: dict[str, list[Figure]] = {
        _("What people write, and what comes back"): [], _("Who speaks"): [], _("What people say"): [],
        _("What it costs"): [],
    }  # fmt: skip
    writing, balance, saying, costs = by_part.values()
    for measure, figure in figures:
        is_cost = measure.kind == Kind.LABELLED or measure.asked in COSTS
        is_balance = measure.kind in {Kind.SPOKE, Kind.SHARED}
        part = costs if is_cost else balance if is_balance else saying if measure.asked else writing
        part.append(figure)
    return [(title, found) for title, found in by_part.items() if found]


def _figure(wave: Wave, measure: Measure, shown: Sequence[Sequence[Any]], names: Mapping[str, str]) -> Figure:
    counts = {(version, band): n for version, band, n in shown}
    lines = {
        **{code: _("Version %(letter)s") % {"letter": name} for code, name in names.items()},
        SUM: _("Together"),
    }
    ordered = sorted(lines.items(), key=lambda line: (line[0] == SUM, line[1]))
    heads = [*(str(WORDS[measure.kind][band]) for band in measure.bands), _("all")]
    bands = [*measure.bands, SUM]
    return Figure(
        title=tallies.title(wave, measure),
        note=str(NOTES[measure.kind]),
        heads=heads,
        bars=[
            (
                title,
                [_bar(head, counts, version, band) for head, band in zip(heads, measure.bands, strict=False)],
            )
            for version, title in ordered
        ],
        rows=[
            (
                title,
                [(head, _cell(counts.get((version, band)))) for head, band in zip(heads, bands, strict=True)],
            )
            for version, title in ordered
        ],
    )


def _bar(head: str, counts: Mapping[tuple[str, str], int], version: str, band: str) -> Bar:
    part, whole = counts.get((version, band)), counts.get((version, SUM))
    percent = None if part is None or not whole else min(100, round(part * 100 / whole / STEP) * STEP)
    return Bar(title=head, percent=percent)


def _cell(count: int | None) -> str:
    return _("not shown") if count is None else _("about %(n)s") % {"n": count}
