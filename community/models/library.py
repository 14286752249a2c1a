"""What a group keeps for its members: things to read."""

from __future__ import annotations

from django.db import models

from community.enums import Behind, Reach
from community.models.groups import Group
from core import clock, ids
from core.models import RandomKeyModel


class Resource(RandomKeyModel):
    """Something to read. A member suggests it; once somebody of the team looked at it, it is on the shelf. `key` is
    HMAC(S, 'resource' ‖ public id): whoever suggested it alone can tell. `role` is what its reviewer was in the group.
    What is not taken has an `answer` for a month, which whoever suggested it finds by that key.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="resources")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    key = models.BinaryField(max_length=32, unique=True)
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=400, blank=True)
    link = models.CharField(max_length=300, blank=True)
    is_shelved = models.BooleanField(default=False)
    role = models.CharField(max_length=60, blank=True)
    is_badge = models.BooleanField(default=False)
    reviewed_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    answer = models.CharField(max_length=400, blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_on=None, answer="")
                | models.Q(answered_on__isnull=False, is_shelved=False) & ~models.Q(answer=""),
                name="what_is_not_taken_is_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(is_shelved=False)
                | models.Q(reviewed_on__isnull=False, expires_on__isnull=False),
                name="what_is_on_the_shelf_was_looked_at",
            ),
        ]

    @property
    def is_stale(self) -> bool:
        """Whether it should have been looked at again by now."""
        return self.expires_on is not None and self.expires_on < clock.today()


class Announcement(RandomKeyModel):
    """What a group says, until a day: to its members, to anyone with the link, or on paper. No row says who wrote it.
    After its end it answers like one that never was, and is dropped. A joint statement says for whom it is, and how
    many stood behind it at least; an answer is put beneath it."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="announcements")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=3000)
    html = models.TextField()
    reach = models.CharField(max_length=8, choices=Reach.choices)
    published_on = models.DateField(default=clock.today)
    ends_on = models.DateField()
    for_whom = models.CharField(max_length=120, blank=True)
    behind = models.CharField(max_length=3, choices=Behind.choices, blank=True)
    answer_html = models.TextField(blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(for_whom="", behind="", answered_on=None)
                | ~models.Q(for_whom="") & ~models.Q(behind=""),
                name="a_joint_statement_says_how_many",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("published_on")), name="announcement_ends_later"
            ),
        ]
