"""Who looks: somebody's place in one group, from one indexed look-up of their owner tag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from community.enums import TEAM, Role
from community.errors import NotHere
from community.models import Badge, Group, Member, Persona, Standing
from community.models.badges import in_force as in_effect
from community.models.standing import in_force
from community.selectors import standing
from core import clock
from core.prepared import Prepared

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


@dataclass(frozen=True, kw_only=True)
class Here:
    """Somebody in one group, for one request or socket. Policies take this and nothing else.

    `persona` is None for somebody who only reads. `strong` says that this session was signed in with a
    second factor; without it a role has no power. `silent_in` and `slow_in` are limits for one thread or room, by
    their marks: not to post there, or to wait some minutes between two messages. What they write anywhere may have to
    be checked first, or wait some minutes after what they wrote last.
    `checked_as` is the checked role that stands beside their name, `could_show` one that they do not show.
    """

    member: Member
    group: Group
    persona: Persona | None
    may_read: bool
    may_post: bool
    strong: bool
    silent_in: frozenset[str] = frozenset()
    is_checked_first: bool = False
    minutes_between: int = 0
    slow_in: frozenset[tuple[str, int]] = frozenset()
    checked_as: str = ""
    could_show: str = ""

    @property
    def is_team(self) -> bool:
        """Whether this is a moderator or lead whose role has power in this session."""
        return self.strong and self.member.role in TEAM

    @property
    def is_lead(self) -> bool:
        """Whether this is a group lead whose role has power in this session."""
        return self.strong and self.member.role == Role.LEAD

    def is_silent_in(self, place: str) -> bool:
        """Whether a limit keeps them from posting in this one thread or room, by its public id."""
        return bool(self.silent_in) and self._mark(place) in self.silent_in

    def minutes_in(self, place: str) -> int:
        """How many minutes a limit puts between two of their messages in this one thread or room."""
        return max((n for mark, n in self.slow_in if mark == self._mark(place)), default=0)

    def _mark(self, place: str) -> str:
        return standing.mark_of(place=place, owner_tag=bytes(self.member.owner_tag))

    @property
    def must_accept_charter(self) -> bool:
        """Whether the charter changed since this member accepted it: asked before the next post."""
        return self.member.accepted_version < self.group.charter_version


class Checked(TypedDict):
    """What a persona's badges add to the row: a role that stands beside it, and one that could."""

    checked_as: str | None
    could_show: str | None


class Standings(TypedDict):
    """What a member's standings add to the row."""

    barred: bool


def members_with_standing(moment: Any = None) -> QuerySet[WithAnnotations[Member, Standings]]:
    """Members with `barred` from their standings, in the same query."""
    own = Standing.objects.filter(owner_tag=OuterRef("owner_tag"))
    return Member.objects.select_related("group").annotate(
        barred=Exists(own.filter(in_force(moment=moment, may_read=False)))
    )


def _named(tag: Any, today: Any) -> QuerySet[WithAnnotations[Persona, Checked]]:
    roles = Badge.objects.filter(in_effect(today), member=OuterRef("member")).order_by("role", "id")
    rows = Persona.objects.filter(member__owner_tag=tag, is_current=True)
    return rows.annotate(
        checked_as=Subquery(roles.filter(is_worn=True).values("role")[:1]),
        could_show=Subquery(roles.filter(is_worn=False).values("role")[:1]),
    )


_member = Prepared(lambda tag: Member.objects.select_related("group").filter(owner_tag=tag))
_persona = Prepared(_named)
_limits = Prepared(lambda tag, moment: Standing.objects.filter(in_force(moment=moment), owner_tag=tag))


def find(*, owner_tag: bytes, strong: bool) -> Here:
    """The place of an owner tag, or NotHere: the same three queries for hidden, missing and forbidden."""
    member = _member.first(tag=owner_tag)
    persona = _persona.first(tag=owner_tag, today=clock.today())
    limits = _limits(tag=owner_tag, moment=clock.now())
    if member is None or not all(limit.may_read for limit in limits):
        raise NotHere
    silenced = {limit.place for limit in limits if not limit.may_post}
    return Here(
        member=member,
        group=member.group,
        persona=persona,
        may_read=True,
        may_post="" not in silenced,
        strong=strong,
        silent_in=frozenset(silenced - {""}),
        is_checked_first=any(limit.is_checked_first for limit in limits),
        minutes_between=max((limit.minutes_between for limit in limits if not limit.place), default=0),
        slow_in=frozenset(
            (one.place, one.minutes_between) for one in limits if one.place and one.minutes_between
        ),
        checked_as=(persona and persona.checked_as) or "",
        could_show=(persona and persona.could_show) or "",
    )


def again(here: Here) -> Here:
    """The same person's place as it is now. Raises NotHere if it is gone."""
    return find(owner_tag=bytes(here.member.owner_tag), strong=here.strong)


def may_write_unseen(*, owner_tag: bytes) -> bool:
    """Whether no limit keeps this owner tag from writing in its group now, or has its words checked first."""
    silenced, checked = in_force(may_post=False) & Q(place=""), in_force(is_checked_first=True)
    return not Standing.objects.filter(silenced | checked, owner_tag=owner_tag).exists()


def groups_of(*, owner_tags: Iterable[bytes]) -> Sequence[Member]:
    """My members with their groups, by group name: my tags looked up, whatever the number of groups."""
    return [member for member in members_of(owner_tags=owner_tags) if not member.barred]


def members_of(*, owner_tags: Iterable[bytes]) -> Sequence[WithAnnotations[Member, Standings]]:
    """The same, with those in groups that a limit keeps me out of."""
    return _members(tags=list(owner_tags), moment=clock.now())


_members = Prepared(
    lambda tags, moment: (
        members_with_standing(moment).filter(owner_tag__in=tags).order_by("group__name", "id")
    )
)


_all_gids = Prepared(lambda: Group.objects.order_by("public_id").values_list("public_id", flat=True))


def all_group_ids() -> list[str]:
    """The public ids of all groups, in no telling order: what my tags are computed over."""
    return _all_gids()


def time_zones(*, gids: Iterable[str]) -> set[str]:
    """The time zones that these groups go by."""
    return set(Group.objects.filter(public_id__in=list(gids)).values_list("time_zone", flat=True))
