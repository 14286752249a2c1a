"""The home page: my groups, what is new in each, and what I asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from chat.enums import PostState
from chat.models import Post, Thread
from chat.selectors import bylines, hidden, reading, threads
from chat.selectors.hidden import Hidings
from chat.selectors.reading import KeyOf
from community.enums import RequestState
from community.models import Group, JoinRequest, Member
from community.selectors import here as places
from community.selectors import joining, limits, site
from moderation.selectors import news
from moderation.selectors.cases import waiting_by_group
from moderation.selectors.news import News

LATEST = 20  # threads of a group that are looked at for news


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """One of my groups: in how many of its latest threads something is new, whether somebody waits there, whether
    something from the team waits for me; for the team how many want to join, worries and what else to look at."""

    group: Group
    fresh: int
    someone_waits: bool
    want_to_join: int
    worries: int
    to_look_at: int
    is_for_me: bool


@dataclass(frozen=True, kw_only=True)
class Home:
    """Everything on the home page. `is_kept_out`: a limit keeps me out of a group, also of one that I left;
    `from_outside`: what the teams there have for me."""

    rows: list[GroupRow]
    requests: list[JoinRequest]
    is_operator: bool
    is_kept_out: bool
    from_outside: list[tuple[Group, News]]
    most_fresh: int = LATEST


@dataclass(frozen=True, kw_only=True)
class Away:
    """Home during a break: what teams have for me, by group; the same of groups that a limit keeps me out of, and
    whether one does."""

    waits: list[tuple[Group, News]]
    from_outside: list[tuple[Group, News]]
    is_kept_out: bool


def home(*, owner_tags: Sequence[bytes], site_tag: bytes, key_of: KeyOf, strong: bool) -> Home:
    """My groups by name, my requests that wait, whether I run the site. More of them cost no more queries."""
    everywhere = places.members_of(owner_tags=owner_tags)
    members = [member for member in everywhere if not member.barred]
    keys = [hidden.key_for(key_of=key_of, gid=member.group.public_id) for member in members]
    hidings = hidden.among(members=members, keys=keys, strong=strong)
    fresh = _fresh(members, key_of, hidings)
    for_me = _for_me(everywhere, key_of)
    waiting = threads.longest_waiting(members=members, key_of=key_of, unseen=hidings.all)
    waits = {thread.group_id for thread in waiting}
    want_to_join = joining.waiting_by_group(members=members, strong=strong)
    cases = waiting_by_group(members=members, strong=strong)
    worries = {gid: sum(case.is_worry for case in found) for gid, found in cases.items()}
    asked = JoinRequest.objects.select_related("group").filter(
        owner_tag__in=owner_tags, state=RequestState.WAITING
    )
    return Home(
        rows=[
            GroupRow(
                group=member.group,
                fresh=fresh.get(member.group_id, 0),
                someone_waits=member.group_id in waits,
                want_to_join=want_to_join[member.group_id],
                worries=worries.get(member.group_id, 0),
                to_look_at=len(cases.get(member.group_id, [])) - worries.get(member.group_id, 0),
                is_for_me=member.group_id in for_me,
            )
            for member in members
        ],
        requests=list(asked.order_by("group__name", "id")),
        is_operator=site.is_operator(site_tag=site_tag),
        is_kept_out=limits.keep_out(owner_tags=owner_tags),
        from_outside=_waits([member for member in everywhere if member.barred], for_me),
    )


def away(*, owner_tags: Sequence[bytes], key_of: KeyOf) -> Away:
    """The little that home shows meanwhile: whoever asked a team for something finds the answer."""
    everywhere = places.members_of(owner_tags=owner_tags)
    barred = [member for member in everywhere if member.barred]
    for_me = _for_me(everywhere, key_of)
    return Away(
        waits=_waits([member for member in everywhere if not member.barred], for_me),
        from_outside=_waits(barred, for_me),
        is_kept_out=limits.keep_out(owner_tags=owner_tags),
    )


def _for_me(members: Sequence[Member], key_of: KeyOf) -> dict[int, News]:
    tags = {member.group_id: bytes(member.owner_tag) for member in members}
    return news.in_groups(tags=tags, key_of=key_of)


def _waits(members: Sequence[Member], for_me: dict[int, News]) -> list[tuple[Group, News]]:
    return [(one.group, for_me[one.group_id]) for one in members if one.group_id in for_me]


def _fresh(members: Sequence[Member], key_of: KeyOf, hidings: Hidings) -> dict[int, int]:
    rank = Window(RowNumber(), partition_by=F("group_id"), order_by=[F("activity").desc(), F("id").asc()])
    groups = [member.group_id for member in members]
    ranked = Thread.objects.filter(group__in=groups).annotate(rank=rank).filter(rank__lte=LATEST)
    latest = list(ranked.only("public_id", "group_id"))
    alias_keys = bylines.alias_keys(threads=latest, key_of=key_of)
    own = Q(byline__persona__member__in=[member.pk for member in members])
    own |= Q(byline__alias__key__in=alias_keys)
    others = hidden.seen_in_lists(
        Post.objects.filter(state=PostState.SHOWN).exclude(own), hidings, alias_keys=alias_keys
    )
    newest = others.filter(thread=OuterRef("pk")).order_by("-seq").values("seq")[:1]
    rows = Thread.objects.filter(pk__in=[thread.pk for thread in latest]).annotate(newest=Subquery(newest))
    read_to = reading.marks(threads=latest, key_of=key_of)
    seen = rows.values_list("pk", "group_id", "newest")
    return dict(Counter(group for pk, group, newest in seen if (newest or 0) > read_to.get(pk, 0)))
