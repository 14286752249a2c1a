"""How a group is doing: rough counts of its last four weeks, up to yesterday, and never about a person.

Everybody's figures are the same, whomever they do not see, and nothing of today is in them: nobody can act and watch a
figure move.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from statistics import median_low

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from chat.enums import LabelKind, PostState
from chat.models import Label, Post
from chat.selectors.labels import GOAL_DAYS
from community import policies
from community.models import Group
from community.selectors.here import Here
from core import clock
from moderation.selectors import record

FLOOR = 5  # of anything that is counted, or whose share is told
DAYS = 28
ENOUGH = 20  # replies, before it is told how few write them
BUSIEST = 3


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many; unknown where there are fewer than FLOOR."""

    n: int
    of: int

    @property
    def is_known(self) -> bool:
        """Whether there are enough to tell anything."""
        return self.of >= FLOOR


@dataclass(frozen=True, kw_only=True)
class Health:
    """What every member may know. `days` is the usual time to a first reply, None where too few had one."""

    newcomers: Share
    days: int | None
    unanswered: int
    sources: int
    late_sources: int


@dataclass(frozen=True, kw_only=True)
class TeamHealth:
    """What its team may know besides. `busiest` are replies by the names that write most; counts of reports and
    decisions are those of the last whole quarter, as the record has them."""

    busiest: Share
    reports: Share
    decisions: int


def health(*, here: Here) -> Health:
    """How a group is doing, for its members. Raises NotHere."""
    policies.require("read_health", here)
    opened = _openings(here.group)
    waits = [(answered - on).days for on, answered in opened if answered is not None]
    yesterday = clock.today() - dt.timedelta(days=1)
    labels = Label.objects.filter(
        post__thread__group=here.group, post__state=PostState.SHOWN, kind=LabelKind.NEEDS_SOURCE
    ).filter(added_on__lt=clock.today())
    return Health(
        newcomers=_newcomers(here.group),
        days=median_low(waits) if len(waits) >= FLOOR else None,
        unanswered=sum(answered is None and on < yesterday for on, answered in opened),
        sources=labels.count(),
        late_sources=labels.filter(added_on__lt=clock.today() - dt.timedelta(days=GOAL_DAYS)).count(),
    )


def for_team(*, here: Here) -> TeamHealth:
    """How a group is doing, for its moderators and leads. Raises NotHere."""
    policies.require("read_health_of_team", here)
    first, before = record.last_quarter()
    reports, decisions = record.counted(scope=here.group.public_id, first=first, before=before)
    posts = Post.objects.filter(thread__group=here.group, posted_on__gte=first, posted_on__lt=before)
    return TeamHealth(
        busiest=_busiest(here.group), reports=Share(n=reports, of=posts.count()), decisions=decisions
    )


def _lately(group: Group) -> QuerySet[Post]:
    since = clock.today() - dt.timedelta(days=DAYS)
    rows = Post.objects.filter(thread__group=group, posted_on__gte=since, posted_on__lt=clock.today())
    return rows.exclude(state=PostState.DELETED)


def _by_others() -> QuerySet[Post]:
    """What others wrote in the same talk after a post, up to yesterday."""
    rows = Post.objects.filter(
        thread=OuterRef("thread"), seq__gt=OuterRef("seq"), posted_on__lt=clock.today()
    )
    return rows.exclude(byline=OuterRef("byline")).exclude(state=PostState.DELETED)


def _openings(group: Group) -> list[tuple[dt.date, dt.date | None]]:
    """The day on which each talk was opened, and that of its first reply."""
    answered = Subquery(_by_others().order_by("seq").values("posted_on")[:1])
    rows = _lately(group).filter(seq=1).annotate(answered_on=answered)
    return list(rows.values_list("posted_on", "answered_on"))


def _newcomers(group: Group) -> Share:
    """Names that wrote for the first time, and for how many somebody wrote after them. One-thread names are nobody's:
    whether theirs is a first message, nobody can tell."""
    since = clock.today() - dt.timedelta(days=DAYS)
    before = Post.objects.filter(byline__persona=OuterRef("byline__persona"), posted_on__lt=since)
    rows = _lately(group).filter(~Exists(before), byline__persona__isnull=False)
    answered: dict[int, bool] = {}
    for persona, is_answered in rows.annotate(is_answered=Exists(_by_others())).values_list(
        "byline__persona", "is_answered"
    ):
        answered[persona] = answered.get(persona, False) or is_answered
    return Share(n=sum(answered.values()), of=len(answered))


def _busiest(group: Group) -> Share:
    """How many replies the few write who write most: nothing where few write at all."""
    replies = _lately(group).filter(~Q(seq=1)).values_list("byline__persona", "byline__alias")
    by_face = Counter(replies)
    if len(by_face) < FLOOR or by_face.total() < ENOUGH:
        return Share(n=0, of=0)
    return Share(n=sum(count for _, count in by_face.most_common(BUSIEST)), of=by_face.total())
