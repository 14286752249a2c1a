"""What the rounds of a study came to, as counts that anybody may see."""

from __future__ import annotations

from django.db import models

from core import clock
from core.models import RandomKeyModel
from research.models.studies import Study
from research.models.waves import Wave


class Tally(RandomKeyModel):
    """One measure of one round. `shown` holds [version, band, people] for every count that may be shown, rounded to
    five; '*' stands for all versions or all bands together. What is not in it is hidden. Made once, never changed, so
    that nobody who leaves moves a figure."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="tallies")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=100)
    shown = models.JSONField()
    made_on = models.DateField(default=clock.today)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "measure"], name="tally_once")]
