"""What automatic help a group has."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from community.models import Group
from core import clock
from core.models import RandomKeyModel
from moderation.enums import Kind, Step


class Switch(RandomKeyModel):
    """One kind of automatic help in a group, as it was tried: on so many of its last messages, in so many of which it
    found something. A row comes into being by being tried, so that nothing untried can be on; but for worry,
    which is on by itself until a lead decides otherwise. `phrases` are one a line;
    other phrases are another row, tried again."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    step = models.CharField(max_length=8, choices=Step.choices, blank=True)
    phrases = models.TextField(blank=True)
    tried_on = models.DateField(default=clock.today)
    of_messages = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    is_on = models.BooleanField(default=False)

    @property
    def is_by_itself(self) -> bool:
        """On from the group's first day, and nobody has decided anything about it."""
        return self._state.adding

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "kind", "is_on"], name="one_switch_of_a_kind"),
            models.CheckConstraint(condition=Q(found__lte=F("of_messages")), name="no_more_found_than_tried"),
            models.CheckConstraint(condition=Q(is_on=False) | ~Q(step=""), name="what_is_on_does_something"),
            models.CheckConstraint(
                condition=Q(kind="phrases") | Q(phrases=""), name="phrases_are_for_phrases"
            ),
        ]
