"""Totals: what was counted of rounds that are over for everybody. No row is about one person, and every figure is one
that the study's pages show, too: nothing is counted anew, so that no two files can be subtracted from each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from research import measured
from research.enums import Item
from research.files import reporting
from research.files.gather import Gathered
from research.files.tables import Cell, Column, Table
from research.files.team import versions_of
from research.measured import Measure
from research.models import Study, Tally
from research.release.suppress import BASE, FLOOR, INTERVAL, SUM
from research.selectors import parts, studies, tallies, usable
from research.selectors.usable import Given

NAME = "totals"
TOGETHER: dict[int | str, str] = {SUM: "all together"}


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The one table, what it can tell, and whose parts were counted. `people`: the largest figure in it."""

    table: Table
    report: Mapping[str, Any]
    numbers: Mapping[tuple[str, int], str]
    people: int


def totals(found: Gathered) -> Totals | None:
    """All of it; None if no figure is large enough to be shown. In English, whoever asks."""
    with translation.override("en"):
        counted = {
            number: rows
            for number, rows in tallies.of_study(found.study).items()
            if number <= found.recipe.last_round
        }
        rows = list(_rows(found.study, counted))
        shown = [row[-1] for row in rows if isinstance(row[-1], int)]
        if not shown:
            return None
        report = {
            reporting.SHORT: [
                reporting.line("Smallest count that is shown", min(shown), f"at least {FLOOR}"),
                reporting.line("Counts that are shown", len(shown)),
                reporting.line("Counts that are hidden", len(rows) - len(shown)),
            ],
            "smallest count that is shown": FLOOR, "counts are rounded to": BASE,
            "numbers that each hidden count could still be": f"at least {INTERVAL + 1}",
            "counts that are shown": len(shown), "counts that are hidden": len(rows) - len(shown),
            "hidden how": "Counts under the floor are hidden, zeros too, and with them what would give them away.",
        }  # fmt: skip
        found.trace.append(
            {
                "stage": "rounds that were counted",
                "rounds": len(counted),
                "cells": len(rows),
                "shown": len(shown),
            }
        )
        table = Table(
            name=NAME, title="How many people, by round, measure, version and band",
            columns=_columns(found.study, counted), rows=rows, key=("round", "measure", "version", "band"),
        )  # fmt: skip
    return Totals(table=table, report=report, numbers=dict(_counted(found, counted)), people=max(shown))


def why_none(study: Study, *, last_round: int) -> str:
    """Why there can be no such file now, in a sentence for who asks; empty if there is one."""
    rows = [tally for n, of in tallies.of_study(study).items() if n <= last_round for tally in of.values()]
    if not rows:
        return _(
            "There is no total yet. A round is counted once nobody new comes in and the next round has begun for all."
        )
    if any(isinstance(people, int) for tally in rows for _version, _band, people in tally.shown):
        return ""
    return _("There is no total to show: each count is under %(n)s, or would give one away that is.") % {
        "n": FLOOR
    }


Counted = Mapping[int, Mapping[Measure, Tally]]


def _rows(study: Study, counted: Counted) -> Iterator[Sequence[Cell]]:
    """Every cell, the hidden ones too: one that is not there could be worked out as well."""
    called = {arm.code: versions_of(study)[arm.pk] for arm in study.arms.all()}
    for number, by_measure in counted.items():
        for measure, tally in by_measure.items():
            shown = {(version, band): people for version, band, people in tally.shown}
            cells = product([*sorted(called, key=called.__getitem__), SUM], [*measure.bands, SUM])
            for version, band in cells:
                yield number, measure.key, called.get(version, SUM), band, shown.get((version, band))


def _columns(study: Study, counted: Counted) -> list[Column]:
    measures, bands = dict[int | str, str](), dict[int | str, str]()
    for by_measure in counted.values():
        for measure, tally in by_measure.items():
            words = f"{tallies.title(tally.wave, measure)}. {measured.NOTES[measure.kind]}"
            measures.setdefault(measure.key, words)
            bands |= {band: str(measured.WORDS[measure.kind][band]) for band in measure.bands}
    versions: dict[int | str, str] = {name: name for name in sorted(versions_of(study).values())}
    return [
        Column(name="round", kind="integer", title="Round of questions, and the time until the next", is_needed=True),
        Column(name="measure", kind="string", title="What was counted", values=measures, is_needed=True),
        Column(name="version", kind="string", title="Version of the settings", values=versions | TOGETHER,
               is_needed=True),
        Column(name="band", kind="string", title="What people were counted as", values=bands | TOGETHER,
               is_needed=True),
        Column(name="people", kind="integer", title=f"About how many people, rounded to {BASE}; empty: not shown",
               why_empty="not shown"),
    ]  # fmt: skip


def _counted(found: Gathered, counted: Counted) -> Iterator[tuple[tuple[str, int], str]]:
    """Whose parts were counted, as far as they may be used now. There is no number of theirs in such a file."""
    items = set(studies.settings_of(found.study)["items"])
    if Item.SURVEYS in items:
        tasks = dict(found.study.waves.filter(number__in=counted).values_list("tasks__pk", "number"))
        for one in usable.answers(study=found.study):
            assert isinstance(one.row, Given)
            if one.row.task_id in tasks:
                yield (parts.PARTICIPANT, one.part.pk), ""
    for item in {Item.ACTIVITY, Item.POSTS} & items:
        for one in usable.messages(study=found.study, item=item):
            yield (parts.SOURCE, one.part.pk), ""
