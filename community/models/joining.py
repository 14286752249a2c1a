"""Ways into a group: a request, an invitation link, a printed card."""

from __future__ import annotations

from django.db import models

from community.enums import InvitationKind, RequestState, Role
from community.models.groups import Group
from core import clock, ids
from core.models import RandomKeyModel


class JoinRequest(RandomKeyModel):
    """Somebody asked to join. They are known by the tag that their member would have."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="join_requests")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    owner_tag = models.BinaryField(max_length=32, unique=True)
    answer = models.TextField(max_length=1000, blank=True)
    accepted_version = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.WAITING)
    note = models.CharField(max_length=300, blank=True)
    asked_on = models.DateField(default=clock.today)


class Invitation(RandomKeyModel):
    """A code that admits. Only its fingerprint is stored, and no row says which code admitted whom.

    `used` is added to once a day from `used_today`, so that nobody can watch a card being used.
    `counted_on` is the day whose uses are in `used_today`; it moves for every row, used or not.
    `role` is anything but member only for a code made in the terminal: how a group gets its first lead.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    fingerprint = models.BinaryField(max_length=32, unique=True)
    kind = models.CharField(max_length=4, choices=InvitationKind.choices)
    label = models.CharField(max_length=60, blank=True)
    uses_left = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    used_today = models.PositiveIntegerField(default=0)
    counted_on = models.DateField(default=clock.today)
    expires_on = models.DateField()
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
