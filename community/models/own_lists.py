"""What somebody keeps for themselves alone."""

from __future__ import annotations

from django.db import models

from core.models import RandomKeyModel


class OwnList(RandomKeyModel):
    """A list for an appointment, sealed under a key from its owner's S and always of one size. `key` is
    HMAC(S, 'appointment' ‖ group): the row names neither owner nor group, nor when it was written."""

    key = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
