"""That the time for which a study keeps what it has of people comes to its end."""

from __future__ import annotations

from django.db import models

from core import clock
from core.models import RandomKeyModel
from research.models.studies import Study


class Reminder(RandomKeyModel):
    """A reminder that what a study keeps of people goes soon, at its team's desk from this day on: the one due so many
    days `before`. One for each of them, and one a day."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="reminders")
    before = models.PositiveSmallIntegerField()  # days
    stood_on = models.DateField(default=clock.today)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "before"], name="reminder_once"),
            models.UniqueConstraint(fields=["study", "stood_on"], name="reminder_once_a_day"),
        ]
