"""Groups."""

from __future__ import annotations

from django.db import models

from community.enums import GroupKind, Visibility
from core import ids
from core.models import RandomKeyModel


class Group(RandomKeyModel):
    """A group of people who share something. What strangers may read is here and in the charter."""

    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=GroupKind.choices)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.CLOSED)
    languages = models.JSONField(default=list)
    summary = models.TextField(max_length=500)
    for_whom = models.TextField(max_length=500, blank=True)
    heads_ups = models.JSONField(default=list)
    join_question = models.CharField(max_length=300, blank=True)
    requests_looked_at = models.CharField(max_length=120, blank=True)
    moderated = models.BooleanField(default=True)
    has_professionals = models.BooleanField(default=False)
    professionals_note = models.CharField(max_length=300, blank=True)
    partner = models.CharField(max_length=200, blank=True)
    response_hours = models.PositiveSmallIntegerField(default=0)
    research_policy = models.CharField(max_length=300, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London")
    charter_version = models.PositiveIntegerField(default=1)
    names_version = models.PositiveIntegerField(default=0)  # none chosen yet: the default policy
    announced_until = models.DateField(null=True)  # the last day of what it announces now
    tone = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["name", "public_id"], name="groups_by_name")]

    def __str__(self) -> str:
        return f"group {self.public_id}"
