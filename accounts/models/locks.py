"""Locks: the only places where S is stored, each locked by something the person has."""

from __future__ import annotations

from django.db import models

from core.models import RandomKeyModel


class LockKind(models.TextChoices):
    """What opens a lock. The next words are shown but not yet confirmed; the old ones hold until then."""

    PASSPHRASE = "passphrase"
    WORDS = "words"
    NEXT_WORDS = "next_words"


class Lock(RandomKeyModel):
    """S under a stretched secret, and over that under the month's key of the key ring.

    There is no separate hash of the words: opening the lock is the check.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="locks")
    kind = models.CharField(max_length=16, choices=LockKind.choices)
    salt = models.BinaryField()
    epoch = models.CharField(max_length=7)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="one_lock_of_a_kind")]
