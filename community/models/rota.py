"""Who from the team is here, and when."""

from __future__ import annotations

from django.db import models

from community.models.groups import Group
from community.models.members import Member
from core import ids
from core.models import RandomKeyModel


class Shift(RandomKeyModel):
    """Hours in the group's time zone, every week. `weekday` 0 is Monday. A shift that ends at or before it
    starts ends the next day."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="shifts")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "weekday", "starts", "ends"], name="shift_once")
        ]


class OffDuty(RandomKeyModel):
    """A member of the team is away until a moment, whatever the rota says."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="off_duty")
    until = models.DateTimeField()


class DutyAddress(RandomKeyModel):
    """Where somebody of the team gets a mail while they are on duty and someone is not well: an address given for this
    alone, sealed, and of no account. With `asked_on` it is not confirmed yet: the code that was sent there is waited
    for."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="duty_address")
    sealed = models.BinaryField()
    code = models.BinaryField(max_length=32, default=bytes)  # a tag of the digits under the key ring
    tries = models.PositiveSmallIntegerField(default=0)
    asked_on = models.DateField(null=True)
