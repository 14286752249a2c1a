"""Talks that ask for a change of the group promise."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chat.enums import Outcome
from chat.models.threads import Thread
from core import clock
from core.models import RandomKeyModel


class Proposal(RandomKeyModel):
    """A talk that asks for a change of the charter: open for comments to the end of `open_until`, then for its leads to
    answer. What is proposed is the talk's first post; whose it is, its byline says and nothing here.
    `answered_over` is the version of the charter that an answer is about to change."""

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="proposal")
    open_until = models.DateField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    answer = models.TextField(max_length=1000, blank=True)
    answered_on = models.DateField(null=True)
    answered_over = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on=None)
                | (~Q(outcome="") & ~Q(answer="") & Q(answered_on__gt=models.F("open_until"))),
                name="a_proposal_is_answered_with_reasons_after_its_comments",
            )
        ]

    @property
    def is_open(self) -> bool:
        """Whether comments are still awaited."""
        return self.open_until >= clock.today()

    @property
    def waits(self) -> bool:
        """Whether its leads have to answer now."""
        return self.answered_on is None and not self.is_open

    @property
    def is_promised(self) -> bool:
        """Whether its leads said that they change the promise, as far as is known over which version."""
        return self.answered_over is not None and self.outcome != Outcome.LEFT

    def is_to_do(self, *, version: int) -> bool:
        """Whether that is still to do, where this version is in force."""
        return self.is_promised and version == self.answered_over

    @property
    def days_waiting(self) -> int:
        """For how many days it has waited for an answer."""
        return max(0, (clock.today() - self.open_until).days - 1)
