"""Counting a round that is over, once and for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from research.actions import codes
from research.enums import StudyState
from research.measured import OF_WRITERS, Kind, Measure
from research.models import Study, Tally
from research.release.suppress import SUM, Cell, protect, with_sums
from research.selectors import tallies


def count_what_is_over() -> None:
    """The duty: every round that is over for everyone gets its figures. Again it changes nothing."""
    for study in Study.objects.filter(state__in=[StudyState.RUNNING, StudyState.CLOSED]).order_by(
        "public_id"
    ):
        if tallies.due(study):
            count(study=study)


def protected(found: Mapping[Measure, Mapping[Cell, int]]) -> dict[Measure, Mapping[Cell, int]]:
    """What may be shown of each measure of one round."""
    shown = {one: protect(table).shown for one, table in found.items() if one.kind != Kind.SPOKE}
    writers = [shown[one] for one in shown if one.kind in OF_WRITERS]
    more = {one: _beside(table, writers) for one, table in found.items() if one.kind == Kind.SPOKE}
    return {one: (shown | more)[one] for one in found}


def _beside(table: Mapping[Cell, int], writers: Sequence[Mapping[Cell, int]]) -> Mapping[Cell, int]:
    """Who wrote is a sum in other tables. So it counts as known here: nobody may take it from all, and be left with the
    few who did not. Where none of those tables tells it of each version, or too much is known, nothing is shown."""
    wrote = [cell for cell in with_sums(table) if cell[-1] == "wrote"]
    told = {cell: n for cell in wrote for one in writers if (n := one.get((*cell[:-1], SUM))) is not None}
    if len(told) < len(wrote):
        return {}
    try:
        return {**protect(table, known=wrote).shown, **told}
    except ValueError:
        return {}


@transaction.atomic
def count(*, study: Study) -> None:
    """Count the rounds of a study that are due. What is hidden is not kept anywhere."""
    codes.lock(study)
    now = Study.objects.get(pk=study.pk)
    for wave, found in tallies.tables(study=now, waves=tallies.due(now)).items():
        for measure, counts in protected(found).items():
            shown = [[*([SUM] if len(cell) == 1 else []), *cell, n] for cell, n in sorted(counts.items())]
            Tally.objects.create(study=now, wave=wave, measure=measure.key, shown=shown)
