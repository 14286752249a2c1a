"""Attested roles."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from community.enums import Pay, Proof
from community.models.members import Member
from core import clock, ids
from core.models import RandomKeyModel


def in_force(day: Any = None) -> Q:
    """Badges that were confirmed and are not over, today or on a day."""
    return Q(checked_month__isnull=False, expires_on__gte=day or clock.today())


class Badge(RandomKeyModel):
    """A role that was checked, in one group: shown with the month of the check and what was looked at, never with a
    name, and only while its holder wears it.

    One of the team proposes it, another confirms it; until then it has no month. `key` is HMAC(S, 'badge' ‖ public id)
    of whoever proposed it, so that they alone can tell, and random once two have looked. `proposed_at` is the entry of
    the record: who came into the team after it does not confirm.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="badges")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    key = models.BinaryField(max_length=32, unique=True, default=ids.new_secret)
    proposed_at = models.PositiveBigIntegerField(default=0)
    proposed_on = models.DateField(default=clock.today)
    role = models.CharField(max_length=60)
    proof = models.CharField(max_length=10, choices=Proof.choices)
    organisation = models.CharField(max_length=80, blank=True)
    pay = models.CharField(max_length=6, choices=Pay.choices, blank=True)
    checked_month = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    by_two = models.BooleanField(default=False)
    is_worn = models.BooleanField(default=False)
    shows_organisation = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_month__isnull=True, expires_on__isnull=True, by_two=False, is_worn=False)
                | Q(checked_month__isnull=False, expires_on__isnull=False),
                name="a_badge_is_checked_before_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(organisation="") | ~Q(pay=""), name="an_organisation_says_whether_it_pays"
            ),
        ]
