"""How names work in a group: versioned like its charter, never edited in place."""

from __future__ import annotations

from django.db import models

from community.enums import OneThread, Times, WhatMatters
from community.models.groups import Group
from core.models import RandomKeyModel


class AnonymityPolicy(RandomKeyModel):
    """One version of the settings that a group runs under. A change is a new version.

    The columns hold what may be chosen and nothing less private: a time finer than an hour has no value to be
    written with, and neither has presence.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="names_versions")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    one_thread = models.CharField(max_length=9, choices=OneThread.choices)
    asks = models.JSONField(default=dict)  # kind of fact → how it is asked for
    what_matters = models.CharField(max_length=10, choices=WhatMatters.choices)
    times = models.CharField(max_length=5, choices=Times.choices)
    rhythm = models.BooleanField()
    published_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "version"], name="names_version_once"),
            models.CheckConstraint(
                condition=models.Q(
                    one_thread__in=OneThread.values,
                    what_matters__in=WhatMatters.values,
                    times__in=Times.values,
                ),
                name="names_floor",
            ),
        ]
