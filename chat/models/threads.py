"""Threads and their event log."""

from __future__ import annotations

from django.db import models

from chat.enums import Ask
from community.models import Group
from core import clock, ids
from core.models import RandomKeyModel, Stream, StreamEvent


class GroupActivity(RandomKeyModel):
    """A counter per group, so that threads can be ordered by latest post without storing a time of day."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="activity")
    counter = models.BigIntegerField(default=0)


class Thread(Stream):
    """A talk in a group. `activity` is the group's counter at its latest post. `kept_title` is its title while the
    team keeps its first post back: a title is written with it. `watched_by` are the studies whose researchers
    read in it on `watched_on`: kept here, so that saying so costs no page a query."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="threads")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    title = models.CharField(max_length=120)
    kept_title = models.CharField(max_length=120, blank=True)
    ask = models.CharField(max_length=16, choices=Ask.choices)
    heads_ups = models.JSONField(default=list)
    is_pinned = models.BooleanField(default=False)
    is_answered = models.BooleanField(default=False)  # somebody else has written in it
    activity = models.BigIntegerField(default=0)
    last_post_on = models.DateField(default=clock.today)
    watched_on = models.DateField(null=True)
    watched_by = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["group", "-is_pinned", "-activity", "id"], name="threads_by_activity")
        ]


class ThreadEvent(StreamEvent):
    """Something happened in a thread: `ref` is the post's public id. This log is the truth."""

    stream = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="thread_event_once")]
