"""Fixed choices of the private world."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cadence(models.TextChoices):
    """How often a reminder comes."""

    WEEKLY = "weekly", _("Once a week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every four weeks")

    @property
    def days(self) -> int:
        """Days from one to the next: whole weeks, so that the day of the week stays."""
        return {Cadence.WEEKLY: 7, Cadence.FORTNIGHTLY: 14, Cadence.MONTHLY: 28}[self]


class SessionEventKind(StrEnum):
    """What happened to a session."""

    ENDED = "ended"


class Guess(StrEnum):
    """What is being guessed at: each is paced by itself."""

    PASSPHRASE = "passphrase"
    WORDS = "words"
    CODE = "code"
