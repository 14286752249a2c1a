"""Counting a round that is over, once and for all."""

from __future__ import annotations

from django.db import transaction

from research.actions import codes
from research.enums import StudyState
from research.models import Study, Tally
from research.release.suppress import protect
from research.selectors import tallies


def count_what_is_over() -> None:
    """The duty: every round that is over for everyone gets its figures. Again it changes nothing."""
    for study in Study.objects.filter(state__in=[StudyState.RUNNING, StudyState.CLOSED]).order_by(
        "public_id"
    ):
        if tallies.due(study):
            count(study=study)


@transaction.atomic
def count(*, study: Study) -> None:
    """Count the rounds of a study that are due. What is hidden is not kept anywhere."""
    codes.lock(study)
    now = Study.objects.get(pk=study.pk)
    for wave, found in tallies.tables(study=now, waves=tallies.due(now)).items():
        for measure, table in found.items():
            shown = [
                [*(["*"] if len(cell) == 1 else []), *cell, n]
                for cell, n in sorted(protect(table).shown.items())
            ]
            Tally.objects.create(study=now, wave=wave, measure=measure.key, shown=shown)
