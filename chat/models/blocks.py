"""Whom somebody does not want to meet in one group: seen from their own side, or from both."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chat.models.bylines import Alias
from community.models import Persona
from core.models import RandomKeyModel


class Mute(RandomKeyModel):
    """Somebody does not see what a face writes. `key` is HMAC(S, 'mutes' ‖ group): the row says who is not seen,
    never by whom, and stays true when that person changes their name."""

    key = models.BinaryField(max_length=32, db_index=True)
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, null=True, related_name="+")
    alias = models.ForeignKey(Alias, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "persona"], name="persona_muted_once"),
            models.UniqueConstraint(fields=["key", "alias"], name="alias_muted_once"),
            models.CheckConstraint(
                condition=Q(persona__isnull=False, alias__isnull=True)
                | Q(persona__isnull=True, alias__isnull=False),
                name="mute_of_one_face",
            ),
        ]


class Block(RandomKeyModel):
    """Two personas that do not see each other's posts. Of an alias there is none: who is not seen any more could
    be told from it, and so who is behind."""

    by = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "blocked"], name="blocked_once")]
