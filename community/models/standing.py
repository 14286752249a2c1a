"""What a limit means for somebody in a group, whoever set it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from community.models.groups import Group
from core import clock
from core.models import RandomKeyModel, Stream, StreamEvent


class Standing(RandomKeyModel):
    """The effect of one limit on one owner tag: every policy reads only this. It outlives personas and leaving.

    Several can hold at once, each with its own end. `place` marks the one thread or room it is about, readable with
    the key ring alone (`selectors.standing.mark_of`), or is empty for the whole group. `site_wide`: whoever has this
    tag is nobody in every group.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="standings")
    owner_tag = models.BinaryField(max_length=32, db_index=True)
    place = models.CharField(max_length=20, blank=True)
    may_read = models.BooleanField(default=True)
    may_post = models.BooleanField(default=True)
    is_checked_first = models.BooleanField(default=False)
    minutes_between = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True)
    site_wide = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["group"], condition=Q(site_wide=True), name="limits_of_the_whole_site")
        ]


def in_force(*, moment: Any = None, **effect: bool) -> Q:
    """Standings of this effect that hold now, or at a moment."""
    return Q(**effect) & (Q(until__isnull=True) | Q(until__gt=moment or clock.now()))


class StandingStream(Stream):
    """The stream of changed standings, and the one that says that somebody is kept from the whole site."""

    name = models.CharField(max_length=16, unique=True, default="standings")


class StandingEvent(StreamEvent):
    """A standing or a membership changed: `ref` is the owner tag in hexadecimal, so that open sockets look again."""

    stream = models.ForeignKey(StandingStream, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="standing_event_once")]
