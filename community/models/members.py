"""Members and their personas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from community.enums import Role
from community.models.groups import Group
from core import clock, ids
from core.models import RandomKeyModel

if TYPE_CHECKING:
    from community.models.badges import Badge


class Member(RandomKeyModel):
    """Somebody in one group. `owner_tag` is HMAC(S, 'member|' ‖ group public id); no row says whose it is.

    When they leave, the row stays while their names are on posts, but the tag becomes random bytes. `left_month` says
    so, and when their names may be given to somebody else. For 30 days the key ring opens in `sealed_tag` whose it was,
    so that limits still follow them; then nothing ties it to them any more.
    `judges_since`: the entry on the group's record by which they came into the team; 0 where none says so.
    `off_rota`: a limit kept them out at the last midnight, so the rota does not count on them.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    owner_tag = models.BinaryField(max_length=32, unique=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    accepted_version = models.PositiveIntegerField()
    judges_since = models.PositiveBigIntegerField(default=0)
    joined_month = models.DateField(default=clock.this_month)
    left_month = models.DateField(null=True)
    sealed_tag = models.BinaryField(default=bytes)
    off_rota = models.BooleanField(default=False)
    worn: list[Badge]  # beside their name, where posts are read

    class Meta:
        indexes = [models.Index(fields=["group", "role"], name="members_by_role")]


class Leaver(RandomKeyModel):
    """Somebody left some group: `key` is a mark of the owner tag they had, made with the key ring. Whoever closes their
    account finds by it where they may have left something behind, and need not look through every group."""

    key = models.BinaryField(max_length=32, unique=True)


class Persona(RandomKeyModel):
    """A handle, an avatar and an about text of one member. A member who only reads has none. `line` is a key that the
    text gets anew whenever it changes: by it the ledger of erasures names one that is gone."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="personas")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    handle = models.CharField(max_length=40)
    handle_key = models.CharField(max_length=40)
    about = models.CharField(max_length=300, blank=True)
    line = models.BigIntegerField(default=ids.new_key)
    avatar_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    avatar_svg = models.TextField()
    is_current = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(  # with its condition in it, so that SQLite need not open the row
                fields=["group", "member", "is_current"],
                condition=Q(is_current=True),
                name="current_names_by_member",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["group", "handle_key"], name="handle_once_in_a_group"),
            models.UniqueConstraint(
                fields=["member"], condition=Q(is_current=True), name="one_current_persona"
            ),
        ]


class SiteRole(RandomKeyModel):
    """A site administrator, known by HMAC(S, 'site'): no account is named."""

    owner_tag = models.BinaryField(max_length=32, unique=True)


class SiteCode(RandomKeyModel):
    """A one-time code that makes whoever types it a site administrator. Only its fingerprint is stored."""

    fingerprint = models.BinaryField(max_length=32, unique=True)
    expires_on = models.DateField()
