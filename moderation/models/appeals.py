"""Asking for another look."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.models import RandomKeyModel
from moderation.enums import Outcome
from moderation.models.cases import Case
from moderation.models.decisions import Decision


class Appeal(RandomKeyModel):
    """Somebody asks for a decision about them to be looked at again; once. It is a case of its own in the queue.

    Whoever decided first does not decide this, unless nobody else is there (`alone`).
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="appeal")
    words = models.TextField(max_length=2000)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    answered_on = models.DateField(null=True)
    first_decider_key = models.BinaryField(max_length=32)
    decider_key = models.BinaryField(max_length=32, null=True)
    alone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="")
                | (~Q(answer="") & Q(decider_key__isnull=False, answered_on__isnull=False)),
                name="an_outcome_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(decider_key=None) | Q(alone=True) | ~Q(decider_key=F("first_decider_key")),
                name="somebody_else_looks_again",
            ),
        ]
