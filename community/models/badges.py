"""Attested roles."""

from __future__ import annotations

from django.db import models

from community.models.members import Member
from core.models import RandomKeyModel


class Badge(RandomKeyModel):
    """A role that was checked: shown as a role with the month of the check, never with a name."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="badges")
    role = models.CharField(max_length=60)
    checked_month = models.DateField()
    expires_on = models.DateField()
