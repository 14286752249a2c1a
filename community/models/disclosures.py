"""What members show of themselves in one group."""

from __future__ import annotations

from django.db import models

from community.enums import Audience
from community.models.groups import Group
from community.models.members import Member
from core.models import RandomKeyModel


class Disclosure(RandomKeyModel):
    """One kind of fact, at one precision, shown to one audience. What only its owner may see has no row.

    `path` is the value from rough to exact, no finer than `level`: "mood/bipolar/". It is a copy: the exact fact
    stays sealed in the private world, and nothing here leads to it.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="disclosures")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=40)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    path = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="disclosure_once_a_kind")]
        indexes = [  # all that counting look-alikes reads
            models.Index(fields=["group", "audience", "member", "kind", "path"], name="disclosure_seen_by")
        ]
