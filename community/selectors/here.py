"""Who looks: somebody's place in one group, from one indexed look-up of their owner tag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet

from community.enums import TEAM, Role
from community.errors import NotHere
from community.models import Group, Member, Persona, Standing
from core import clock

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


@dataclass(frozen=True, kw_only=True)
class Here:
    """Somebody in one group, for one request or socket. Policies take this and nothing else.

    `persona` is None for somebody who only reads. `strong` says that this session was signed in with a
    second factor; without it a role has no power.
    """

    member: Member
    group: Group
    persona: Persona | None
    may_read: bool
    may_post: bool
    strong: bool

    @property
    def is_team(self) -> bool:
        """Whether this is a moderator or lead whose role has power in this session."""
        return self.strong and self.member.role in TEAM

    @property
    def is_lead(self) -> bool:
        """Whether this is a group lead whose role has power in this session."""
        return self.strong and self.member.role == Role.LEAD

    @property
    def must_accept_charter(self) -> bool:
        """Whether the charter changed since this member accepted it: asked before the next post."""
        return self.member.accepted_version < self.group.charter_version


def in_force(field: str) -> Q:
    """Standings that take this away now: `field` is may_read or may_post."""
    return Q(**{field: False}) & (Q(until__isnull=True) | Q(until__gt=clock.now()))


class Standings(TypedDict):
    """What a member's standing adds to the row."""

    barred: bool
    silenced: bool


def members_with_standing() -> QuerySet[WithAnnotations[Member, Standings]]:
    """Members with `barred` and `silenced` from their standing, in the same query."""
    standing = Standing.objects.filter(owner_tag=OuterRef("owner_tag"))
    return Member.objects.select_related("group").annotate(
        barred=Exists(standing.filter(in_force("may_read"))),
        silenced=Exists(standing.filter(in_force("may_post"))),
    )


def find(*, owner_tag: bytes, strong: bool) -> Here:
    """The place of an owner tag, or NotHere: the same two queries for hidden, missing and forbidden."""
    member = members_with_standing().filter(owner_tag=owner_tag).first()
    persona = Persona.objects.filter(member__owner_tag=owner_tag, is_current=True).first()
    if member is None or member.barred:
        raise NotHere
    return Here(
        member=member,
        group=member.group,
        persona=persona,
        may_read=True,
        may_post=not member.silenced,
        strong=strong,
    )


def groups_of(*, owner_tags: Iterable[bytes]) -> Sequence[Member]:
    """My members with their groups, by group name: my tags looked up, whatever the number of groups."""
    rows = members_with_standing().filter(owner_tag__in=list(owner_tags), barred=False)
    return list(rows.order_by("group__name", "id"))


def all_group_ids() -> list[str]:
    """The public ids of all groups, in no telling order: what my tags are computed over."""
    return list(Group.objects.order_by("public_id").values_list("public_id", flat=True))
