"""The one row that wiring needs: who runs the due work."""

from __future__ import annotations

from django.db import models

from core.models import RandomKeyModel


class Lease(RandomKeyModel):
    """One process at a time holds the ticker's lease, until it stops renewing it."""

    name = models.CharField(max_length=16, unique=True)
    holder = models.CharField(max_length=20)
    until = models.DateTimeField()
