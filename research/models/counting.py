"""What a study's team is told in counts."""

from __future__ import annotations

from django.db import models

from core.models import RandomKeyModel
from research.models.allocation import Arm
from research.models.studies import Study


class DaySheet(RandomKeyModel):
    """A study's people on the day of the last count, exact: `research/selectors/sheets.py` says what it holds. Made
    once a day, so that nobody who looks twice on one day can subtract."""

    study = models.OneToOneField(Study, on_delete=models.CASCADE, related_name="sheet")
    on = models.DateField()
    counts = models.JSONField()


class StillCounted(RandomKeyModel):
    """What somebody who left goes on counting for until their day by lot, and nothing that says who: how far they were,
    as [round, state, first day, last day]. Gone on that day."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="+")
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, null=True, related_name="+")
    goes_on = models.DateField()
    rounds = models.JSONField()
