"""Being in a group as a researcher, and every talk that was read as one. Both are there for all to see."""

from __future__ import annotations

from django.db import models

from chat.models import Thread
from community.models import Group, Member
from core import clock
from core.models import RandomKeyModel
from research.models.studies import Study


class Seat(RandomKeyModel):
    """For which study somebody with the role of a researcher is in a group. The one row that ties a member to a study
    they work on: it is told to everyone there, and names no colleague, so that it joins no two groups."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="seats")
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")


class Presence(RandomKeyModel):
    """A researcher of a study had a talk open on a day. Added to, never changed; written before the talk opens. It does
    not say for how long, nor which of the team that was."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="presence")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    on_day = models.DateField(default=clock.today)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "study", "on_day"], name="presence_once_a_day")
        ]
        indexes = [models.Index(fields=["group", "on_day"], name="presence_of_a_group")]
