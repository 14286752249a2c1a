"""What a limit means for somebody in a group, whoever set it."""

from __future__ import annotations

from django.db import models

from community.models.groups import Group
from core.models import RandomKeyModel, Stream, StreamEvent


class Standing(RandomKeyModel):
    """The effect of limits on one owner tag: every policy reads only this. It outlives personas and leaving."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="standings")
    owner_tag = models.BinaryField(max_length=32, unique=True)
    may_read = models.BooleanField(default=True)
    may_post = models.BooleanField(default=True)
    until = models.DateTimeField(null=True)
    site_wide = models.BooleanField(default=False)


class StandingStream(Stream):
    """The one stream of changed standings."""

    name = models.CharField(max_length=16, unique=True, default="standings")


class StandingEvent(StreamEvent):
    """A standing or a membership changed: `ref` is the owner tag in hexadecimal, so that open sockets look again."""

    stream = models.ForeignKey(StandingStream, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="standing_event_once")]
