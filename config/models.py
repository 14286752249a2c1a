"""The rows that wiring needs: who runs the due work, and how much of the ledger of erasures is known here."""

from __future__ import annotations

from django.db import models

from core.models import LedgerMark, RandomKeyModel


class Lease(RandomKeyModel):
    """One process at a time holds the ticker's lease, until it stops renewing it."""

    name = models.CharField(max_length=16, unique=True)
    holder = models.CharField(max_length=20)
    until = models.DateTimeField()


class Replayed(LedgerMark):
    """How much of the ledger of erasures this database knows of."""
