"""Bylines: who signs in one thread."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chat.models.threads import Thread
from community.models import Persona
from core import ids
from core.models import RandomKeyModel


class Alias(RandomKeyModel):
    """A second face for one thread. `key` is HMAC(S, 'alias' ‖ thread); the owner tag is held only sealed."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="aliases")
    key = models.BinaryField(max_length=32, unique=True)
    sealed_owner_tag = models.BinaryField()
    handle = models.CharField(max_length=40)
    avatar_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    avatar_svg = models.TextField()


class Byline(RandomKeyModel):
    """A persona or an alias in one thread. It never changes, and posts point to nothing else."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="bylines")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    persona = models.ForeignKey(Persona, on_delete=models.PROTECT, null=True, related_name="bylines")
    alias = models.OneToOneField(Alias, on_delete=models.PROTECT, null=True, related_name="byline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "persona"], name="one_byline_a_persona"),
            models.CheckConstraint(
                condition=Q(persona__isnull=False, alias__isnull=True)
                | Q(persona__isnull=True, alias__isnull=False),
                name="byline_has_one_face",
            ),
        ]

    @property
    def face(self) -> Persona | Alias:
        """The persona or alias that signs: both have `handle` and `avatar_id`."""
        face = self.persona or self.alias
        assert face is not None
        return face
