"""What is folded while nobody of the team is here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import RandomKeyModel
from moderation.models.cases import Case


class Fold(RandomKeyModel):
    """Somebody folded what a case is about, until a decision or until `until`, a full hour. `key` is HMAC(S, 'fold' ‖
    group): one row for each person, so one open fold at a time, and nobody can tell whose.

    Without `until` its time is over. With `barred_until` the team found that it should not have been, and whoever has
    the key folds nothing before that day.
    """

    key = models.BinaryField(max_length=32)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="fold")
    until = models.DateTimeField(null=True, db_index=True)
    barred_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_fold_a_person"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(barred_until=None), name="what_bars_is_no_longer_folded"
            ),
        ]
