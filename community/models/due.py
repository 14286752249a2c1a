"""What is to happen later, without its owner being there."""

from __future__ import annotations

from django.db import models

from core.models import RandomKeyModel


class DueAct(RandomKeyModel):
    """One act that somebody asked for, to be done at a moment. What it is and whom it is about are sealed.

    `key` is HMAC(S, 'due' ‖ what): how its owner finds it again, to look at it or take it back. `due_at` was
    drawn at random; without it the act could not be done, and waits for its owner until `drop_on`.
    """

    key = models.BinaryField(max_length=32, db_index=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    drop_on = models.DateField(null=True)
    epoch = models.CharField(max_length=7)
    sealed = models.BinaryField()
