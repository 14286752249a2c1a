"""Reading labels: those on one post, and those of a group that somebody has to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from chat.enums import LabelKind, PostState
from chat.models import Dispute, Label, Post, Thread
from chat.policies import NOBODY
from chat.policies.labels import LIGHT, kinds_for, looks_after
from chat.selectors import hidden
from chat.selectors.reading import KeyOf
from chat.selectors.threads import seen_rows
from community.errors import NotHere
from community.selectors import roles
from community.selectors.here import Here
from community.selectors.library import badge_of
from core import clock

KIND, DISPUTE = "label", "dispute"
GOAL_DAYS = 7  # in which a source is to be found


def find(*, post: Post, lid: str) -> Label:
    """One label of a post, or NotHere."""
    label = Label.objects.filter(post=post, public_id=lid).first()
    if label is None:
        raise NotHere
    return label


def is_issuer(*, label: Label, key_of: KeyOf) -> bool:
    """Whether it is one's own: nobody else can tell."""
    return key_of(KIND, label.public_id) == bytes(label.key)


def may_settle(*, label: Label, here: Here, key_of: KeyOf) -> bool:
    """Whether what is said against a label is for somebody to settle: whoever gave it leaves that to somebody else,
    where there is somebody else."""
    own = is_issuer(label=label, key_of=key_of)
    return not own or roles.is_alone(group=here.group, owner_tag=bytes(here.member.owner_tag))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A label with what its viewer may do: `disputes` wait for them, `own` is what they said of it themselves."""

    label: Label
    days: int
    disputes: Sequence[Dispute]
    own: Dispute | None
    may_change: bool
    may_answer: bool


def on_post(*, here: Here, post: Post, key_of: KeyOf, may_label: bool) -> list[Shown]:
    """The labels of a post, for one viewer."""
    kinds = kinds_for(here, badge=badge_of(here=here)) if may_label else []
    order = list(LabelKind)
    labels = Label.objects.filter(post=post).prefetch_related("disputes")
    return [
        _shown(label, here, key_of, may_change=label.kind in kinds)
        for label in sorted(labels, key=lambda one: order.index(LabelKind(one.kind)))
    ]


def _shown(label: Label, here: Here, key_of: KeyOf, *, may_change: bool) -> Shown:
    """Those whose label it is see what is said against it, and leave the answer to somebody else, if there is one."""
    said, own_key = list(label.disputes.all()), key_of(DISPUTE, label.public_id)
    reads = here.is_team and (may_change or label.kind == LabelKind.REVIEWED)
    answers = reads and may_settle(label=label, here=here, key_of=key_of)
    return Shown(
        label=label,
        days=(clock.today() - label.added_on).days,
        disputes=[one for one in said if one.answered_on is None] if reads else [],
        own=next((one for one in said if bytes(one.key) == own_key), None),
        may_change=may_change or answers,
        may_answer=answers,
    )


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What somebody has to look at: labels that need a source, the oldest first, and others that are disputed, out of
    date or older than the text."""

    sources: list[tuple[Label, int]]
    others: list[Label]

    @property
    def late(self) -> int:
        """How many wait longer than they should."""
        return sum(days > GOAL_DAYS for _, days in self.sources)

    @property
    def oldest(self) -> int:
        """The days of the one that waits longest."""
        return self.sources[0][1] if self.sources else 0


def _to_look_at(here: Here) -> QuerySet[Label]:
    """What there is for somebody who looks after a group, without their own words."""
    if not looks_after(here):
        return Label.objects.none()
    labels = Label.objects.filter(post__thread__group=here.group, post__state=PostState.SHOWN)
    labels = labels.exclude(post__byline__persona__member=here.member)
    return labels if here.is_team else labels.filter(kind__in=LIGHT)


def _is_due(today: dt.date) -> Q:
    disputed = Exists(Dispute.objects.filter(label=OuterRef("pk"), answered_on=None))
    return Q(expires_on__lt=today) | Q(is_before_change=True) | Q(disputed)


def how_many_wait(here: Here) -> int:
    """How many labels somebody has to look at, but for those on words of whom they do not see for a block."""
    if not looks_after(here):
        return 0
    unseen = NOBODY if here.is_team else hidden.of(here=here, key=b"").all  # nobody hides from the team
    seen = hidden.seen(Post.objects.filter(thread__group=here.group), unseen)
    return (
        _to_look_at(here)
        .filter(post__in=seen)
        .filter(Q(kind=LabelKind.NEEDS_SOURCE) | _is_due(clock.today()))
        .count()
    )


def waiting(*, here: Here, key_of: KeyOf) -> Waiting:
    """What waits, as if there were no posts of those the viewer does not see. Raises NotHere."""
    if not looks_after(here):
        raise NotHere
    unseen = hidden.of(here=here, key=hidden.key_for(key_of=key_of, gid=here.group.public_id)).all
    seen = hidden.seen(Post.objects.filter(thread__group=here.group), unseen)
    labels = _to_look_at(here).filter(post__in=seen).select_related("post__thread")
    asked = labels.filter(kind=LabelKind.NEEDS_SOURCE).order_by("added_on", "id")
    others = labels.exclude(kind=LabelKind.NEEDS_SOURCE).filter(_is_due(clock.today()))
    found = Waiting(
        sources=[(label, (clock.today() - label.added_on).days) for label in asked],
        others=list(others.order_by("expires_on", "id")),
    )
    _without_titles([label for label, _ in found.sources] + found.others, here=here, key_of=key_of)
    return found


def _without_titles(found: Sequence[Label], *, here: Here, key_of: KeyOf) -> None:
    """A title goes where whoever opened the talk is not seen."""
    among = Thread.objects.filter(pk__in={label.post.thread_id for label in found})
    titles = {row.thread.pk: row.thread.title for row in seen_rows(here=here, key_of=key_of, among=among)}
    for label in found:
        label.post.thread.title = titles.get(label.post.thread_id, "")
