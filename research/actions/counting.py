"""Counting a study's people, once a day."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from core import clock
from research.actions import codes
from research.models import DaySheet, StillCounted, Study
from research.selectors import sheets


def count_each_day() -> None:
    """The duty: what the team is told of people is counted once a day, and moves at no other time. Who left and has
    come to their day is counted no longer. Once what a study kept of people is gone the last counts stay."""
    StillCounted.objects.filter(goes_on__lte=clock.today()).delete()
    for study in Study.objects.filter(opened_on__isnull=False, data_gone_on=None).order_by("public_id"):
        if not DaySheet.objects.filter(study=study, on=clock.today()).exists():
            count(study=study)


@transaction.atomic
def count(*, study: Study) -> None:
    """Count one study as it is now."""
    codes.lock(study)
    found = asdict(sheets.take(Study.objects.get(pk=study.pk)))
    on = found.pop("on")
    DaySheet.objects.update_or_create(study=study, defaults={"on": on, "counts": found})
