"""A group's queue as a stream, who has seen how much of it, and how a group is looked after."""

from __future__ import annotations

from django.db import models

from community.models import DueAct, Group, Member
from core import ids
from core.models import RandomKeyModel, Stream, StreamEvent
from moderation.enums import Checking, OffHours


class Queue(Stream):
    """What happens to the cases of one group, in order."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="queue")


class QueueEvent(StreamEvent):
    """A case changed, or something that is checked before it appears: `ref` is its public id."""

    stream = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="queue_event_once")]


class Held(RandomKeyModel):
    """Something that is checked before it appears, since an hour. What it is stays sealed in its act, and it goes with
    that."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    act = models.OneToOneField(DueAct, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()


class Visit(RandomKeyModel):
    """How far a moderator has seen the queue: what came since stands first. And how they like to work there:
    `shows` messages at once, `keys`. `open_until`: a page of the team's is open, or was until about now; a quarter of
    an hour later nothing says so any more."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField(default=0)
    shows = models.BooleanField(default=False)
    keys = models.BooleanField(default=False)
    open_until = models.DateTimeField(null=True)


class GroupCare(RandomKeyModel):
    """How a group is looked after: whether messages are checked first, what newcomers find
    while nobody of the team is here, who can fold a message then, how slow it talks, what the last moderator
    left for the next, and who looks where the whole team is part of a case."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="care")
    checking = models.CharField(max_length=8, choices=Checking.choices, default=Checking.OFF)
    first_messages = models.PositiveSmallIntegerField(default=2)
    off_hours = models.CharField(max_length=8, choices=OffHours.choices, default=OffHours.SAME)
    leaders_fold = models.BooleanField(default=True)
    about_me_folds = models.BooleanField(default=True)
    minutes_between = models.PositiveIntegerField(default=0)
    slow_until = models.DateTimeField(null=True)
    handover = models.TextField(max_length=1000, blank=True)
    outside_person = models.CharField(max_length=120, blank=True)


class SlowThread(RandomKeyModel):
    """A thread, by public id, in which everybody waits between two messages, until a moment."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=20, unique=True)
    minutes_between = models.PositiveIntegerField()
    until = models.DateTimeField()
