"""Abstract models only: rows whose keys tell no order, streams of events, and the mark of a ledger."""

from __future__ import annotations

from django.db import models

from core.fields import RandomKeyField


class RandomKeyModel(models.Model):
    """A row whose primary key is random: neither key nor row order tells who came first."""

    id = RandomKeyField()

    class Meta:
        abstract = True


class Stream(RandomKeyModel):
    """Anything that events happen to in order: a thread, the list of ended sessions, the list of limits."""

    last_seq = models.BigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class LedgerMark(RandomKeyModel):
    """Tokens of transactions that the ledger of erasures tells of: one each, and a row that counts those that are
    in the ledger for sure."""

    name = models.CharField(max_length=16, unique=True, default="ledger")
    lines = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class StreamEvent(RandomKeyModel):
    """One event of a stream. A concrete model adds `stream`, a foreign key, and the unique (stream, seq)."""

    seq = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    ref = models.CharField(max_length=64)

    class Meta:
        abstract = True
