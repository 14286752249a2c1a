"""Checked roles: who holds which, and who may confirm one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community import policies
from community.enums import TEAM
from community.errors import NotHere
from community.models import Badge, Member, Persona
from community.models.badges import in_force
from community.selectors.here import Here, members_with_standing

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

KIND = "badge"
FEW = 5  # fewer than so many who hold the same: the organisation would tell who one is
KeyOf = Callable[[str, str], bytes]


class Holders(TypedDict):
    """How many wear the same badge."""

    holders: int


def worn(day: Any = None) -> QuerySet[WithAnnotations[Badge, Holders]]:
    """What is shown beside names, today or on a day, with how many of the group show the same."""
    shown = Badge.objects.filter(in_force(day), is_worn=True)
    same = shown.filter(
        member__group=OuterRef("member__group"), role=OuterRef("role"), organisation=OuterRef("organisation")
    )
    count = same.order_by().values("role").annotate(n=Count("member", distinct=True)).values("n")
    holders = Coalesce(Subquery(count, output_field=IntegerField()), 0)
    return shown.annotate(holders=holders).order_by("role", "id")


def names_organisation(badge: Badge) -> bool:
    """Whether a badge from `worn` shows for whom its holder is here: they wish it, or enough others show the same."""
    return bool(badge.organisation) and (badge.shows_organisation or getattr(badge, "holders", 0) >= FEW)


def own(*, here: Here) -> list[Badge]:
    """One's own that hold."""
    policies.require("wear_badge", here)
    return list(Badge.objects.filter(in_force(), member=here.member).order_by("role", "id"))


def find_own(*, here: Here, bid: str) -> Badge:
    """One of one's own that hold. Raises NotHere."""
    found = next((one for one in own(here=here) if one.public_id == bid), None)
    if found is None:
        raise NotHere
    return found


def _of_group(here: Here) -> QuerySet[Badge]:
    """What a team looks after: proposed, or in force. Nobody of it gets their own."""
    policies.require("check_roles", here)
    rows = Badge.objects.select_related("member").filter(in_force() | Q(checked_month=None))
    return rows.filter(member__group=here.group).exclude(member=here.member)


def find(*, here: Here, bid: str) -> Badge:
    """One of a group, for its team; nobody finds their own. Raises NotHere."""
    found = _of_group(here).filter(public_id=bid).first()
    if found is None:
        raise NotHere
    return found


def is_own_proposal(*, badge: Badge, key_of: KeyOf) -> bool:
    """Whether one proposed it oneself: nobody else can tell."""
    return key_of(KIND, badge.public_id) == bytes(badge.key)


def others(*, here: Here, badge: Badge) -> QuerySet[Member]:
    """Who else could confirm it: of the team since before it was proposed, and not its holder."""
    team = members_with_standing().filter(group=here.group, role__in=TEAM, left_month=None, barred=False)
    return team.filter(judges_since__lte=badge.proposed_at).exclude(pk__in=[here.member.pk, badge.member_id])


@dataclass(frozen=True, kw_only=True)
class Row:
    """A badge for the team: whose it is, and whether the viewer may confirm it, alone or as the second of two."""

    badge: Badge
    persona: Persona | None
    may_confirm: bool
    is_alone: bool


def held(*, here: Here, key_of: KeyOf) -> list[Row]:
    """What waits or is held by one alone, then the rest; by role."""
    rows = _of_group(here).order_by("by_two", "role", "public_id")
    names = Persona.objects.filter(member__badges__in=rows, is_current=True)
    by_member = {one.member_id: one for one in names}
    return [_row(here, one, by_member.get(one.member_id), key_of) for one in rows]


def _row(here: Here, badge: Badge, persona: Persona | None, key_of: KeyOf) -> Row:
    is_own = not badge.by_two and is_own_proposal(badge=badge, key_of=key_of)
    is_alone = is_own and not others(here=here, badge=badge).exists()
    came_late = here.member.judges_since > badge.proposed_at
    may_confirm = not badge.by_two and (is_alone if is_own else not came_late)
    return Row(badge=badge, persona=persona, may_confirm=may_confirm, is_alone=is_alone)


def how_many_wait(here: Here, *, key_of: KeyOf) -> int:
    """How many somebody of the team can confirm now; for others none."""
    if not policies.permits("check_roles", here):
        return 0
    return sum(_row(here, one, None, key_of).may_confirm for one in _of_group(here).filter(by_two=False))
