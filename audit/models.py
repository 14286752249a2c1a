"""A hash chain for each scope: what was done, by which role, on which day. No row names a person."""

from __future__ import annotations

from django.db import models

from audit.encoding import BEFORE_THE_FIRST, VERSION
from core.models import RandomKeyModel


class Chain(RandomKeyModel):
    """The record of one scope: a group's public id, or 'site'. The row that appending locks."""

    scope = models.CharField(max_length=20, unique=True)
    head_seq = models.BigIntegerField(default=0)
    head_hash = models.BinaryField(max_length=32, default=BEFORE_THE_FIRST)
    head_on = models.DateField(null=True)
    signed_seq = models.BigIntegerField(default=0)  # the folder of checkpoints knows at least as much
    checked_on = models.DateField(null=True)
    is_sound = models.BooleanField(null=True)  # what the last whole check found


class AuditEntry(RandomKeyModel):
    """One act. Triggers in the database refuse to change or delete it."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    seq = models.BigIntegerField()
    version = models.PositiveSmallIntegerField(default=VERSION)
    acted_on = models.DateField()
    act = models.CharField(max_length=40)
    actor_role = models.CharField(max_length=40)
    ref = models.CharField(
        max_length=40, blank=True
    )  # shorter than a tag or a digest, so that it can be neither
    commitment = models.BinaryField(max_length=32)
    prev = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_entry_once")]


class AuditPayload(RandomKeyModel):
    """The words of an act. Deleting it erases them for good: without its salt nobody can try words out against the
    commitment, and the chain still holds."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="kept")
    salt = models.BinaryField(max_length=32)
    payload = models.TextField()  # as it was hashed: canonical JSON
