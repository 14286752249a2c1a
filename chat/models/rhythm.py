"""When a group is awake, without a time of day beside any post."""

from __future__ import annotations

from django.db import models

from community.models import Group
from core import clock
from core.models import RandomKeyModel


def empty() -> list[int]:
    """A count for each hour of the day."""
    return [0] * 24


class GroupRhythm(RandomKeyModel):
    """How many posts came at each hour, for a group that shows its rhythm. It points to no post, and every other
    count goes to an hour drawn by lot. `gathered` grows; what is shown changes once a week, and fades."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="rhythm")
    gathered = models.JSONField(default=empty)
    shown = models.JSONField(default=empty)
    folded_on = models.DateField(default=clock.today)
