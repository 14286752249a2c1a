"""A mail somebody asked for, on a day of the week, whatever happens or does not."""

from __future__ import annotations

from django.db import models

from accounts.enums import Cadence
from accounts.models.accounts import Account
from core import clock
from core.models import RandomKeyModel


class Reminder(RandomKeyModel):
    """Where and how often. `sealed` holds the address and the stop link's token, under the lasting key of the key
    ring: the worker sends, and has nobody's secret. Without `next_on` the address is not confirmed yet."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="reminder")
    sealed = models.BinaryField()
    stop = models.BinaryField(max_length=32, unique=True)  # SHA-256 of the token
    cadence = models.CharField(max_length=11, choices=Cadence.choices)
    next_on = models.DateField(null=True, db_index=True)
    paused_until = models.DateField(null=True)
    code = models.BinaryField(max_length=32)  # a tag of the digits under the key ring
    tries = models.PositiveSmallIntegerField(default=0)
    asked_on = models.DateField(default=clock.today)
