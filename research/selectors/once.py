"""One-thread names that a study may read: in which days, whose, and what of them may leave.

Whoever is in a group knows every message in a file. So that a file never says whose a one-thread name is, all of them
are read over the same days, none is in it by halves, and each could be that of ten people. Nobody who said no is one of
fewer than ten either, whose names are missing in it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from audit.models import AuditEntry
from chat.enums import PostState
from chat.models import Alias, Post, Thread
from community.models import Group
from core import clock, ids
from research import sealed
from research.enums import Answer, Item, StudyState
from research.models import ConsentEvent, Export, OnceName, Participant, Study, StudyGroup
from research.protocols import ENOUGH_NAMES
from research.selectors import consent, usable
from research.selectors.consent import Own
from research.selectors.desks import KeyOf

KIND = "once"
ENOUGH = ENOUGH_NAMES  # people who wrote so and said yes, and people who wrote and did not
WAIT = dt.timedelta(days=7)  # from the day on which nobody new comes in
AT_ONCE = 500
A_DAY = dt.timedelta(days=1)
T = TypeVar("T")
PLACE = ("public_id", "thread", "byline", "seq", "posted_on", "state")


@dataclass(frozen=True, kw_only=True)
class Window:
    """The days of which one-thread names are read, the same for everybody; `end` is the first after them, None while
    it is not known."""

    start: dt.date
    end: dt.date | None

    def has(self, day: dt.date) -> bool:
        """Whether a day is one of them."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, kw_only=True)
class Name:
    """One one-thread name that may be read, by its own number, with its messages. `is_first`: its owner's first."""

    row: OnceName
    number: str
    is_first: bool
    posts: Sequence[Post]


def ref(*, sid: str, tid: str) -> str:
    """What the key of a one-thread name's row is made over."""
    return f"{sid}|{tid}"


def own(*, study: Study, group: Group, key_of: KeyOf) -> list[OnceName]:
    """One's own rows in a study in one group, by making the key that each would have."""
    rows = list(OnceName.objects.filter(study=study, group=group).order_by("key"))
    tids = Thread.objects.filter(group=group).values_list("public_id", flat=True) if rows else []
    mine = {key_of(KIND, ref(sid=study.public_id, tid=tid)) for tid in tids}
    return [row for row in rows if bytes(row.key) in mine]


def all_own(*, gid: str, key_of: KeyOf) -> Iterator[OnceName]:
    """The same in every study of a group."""
    for host in StudyGroup.objects.select_related("study", "group").filter(group__public_id=gid):
        yield from own(study=host.study, group=host.group, key_of=key_of)


def place_of(key: bytes) -> str:
    """What a row is sealed for."""
    return f"{KIND}|{key.hex()}"


def number_of(row: OnceName) -> str:
    """Its number in files: its own in each thread, and nobody's."""
    return ids.public_id_of(sealed.mark(study=row.study, of=f"{KIND}|{row.pk}"))


def window(study: Study) -> Window | None:
    """From a week after nobody new comes in, until it is over or asks everybody again; None before that."""
    ran = AuditEntry.objects.filter(chain__scope=study.public_id, act="nobody new").order_by("seq").first()
    if ran is None:
        return None
    start = ran.acted_on + WAIT
    again = study.documents.filter(is_material=True, published_on__gte=start).order_by("published_on").first()
    ends = [day for day in (study.closed_on, again.published_on if again else None) if day]
    return Window(start=start, end=min(ends, default=None))


def reads_today(own: Own) -> bool:
    """Whether a one-thread name that signs now may be read: somebody said yes in time and never took it back."""
    days = window(own.study)
    if own.participant is None or not own.takes_part or days is None or not days.has(clock.today()):
        return False
    who = _steady(own.study, own.host.group_id, days)
    return len(who) >= ENOUGH and bytes(own.participant.key) in who


def was_asked_for(study: Study) -> bool:
    """Whether anybody of the team may have seen which names there are."""
    return Export.objects.filter(study=study, recipe__once=True).exists()


def names(*, study: Study) -> list[Name]:
    """All that may leave, once it is over: of groups in which nobody is one of few."""
    days = window(study)
    if study.state != StudyState.CLOSED or days is None:
        return []
    by_group: dict[int, list[Name]] = defaultdict(list)
    for name in _whole(study, days):
        by_group[name.row.group_id].append(name)
    kept = [
        name
        for group_id, some in by_group.items()
        if _are_enough(study, group_id, some, days)
        for name in some
    ]
    return sorted(kept, key=lambda name: name.number)


def _are_enough(study: Study, group_id: int, some: Sequence[Name], days: Window) -> bool:
    """Whether each could be that of ten, and whoever is not among them one of ten others who wrote in these days."""
    wrote = Post.objects.filter(
        thread__group=group_id, byline__persona__isnull=False, posted_on__gte=days.start
    )
    people = wrote.filter(posted_on__lt=days.end).values("byline__persona__member").distinct().count()
    others = people - len(_steady(study, group_id, days))
    return sum(name.is_first for name in some) >= ENOUGH and others >= ENOUGH


def _steady(study: Study, group_id: int, days: Window) -> frozenset[bytes]:
    """The keys of those who had said yes before the first of these days, and did not take it back in them. Who says it
    later is not among them: else the first day of a name would tell of when its owner came."""
    before = days.start - A_DAY
    digests = consent.digests_on(study=study, on_day=before)
    parts = Participant.objects.filter(study=study, group=group_id, part__in=usable.USED)
    keys = {bytes(key) for key in parts.values_list("key", flat=True)}
    said: dict[bytes, list[ConsentEvent]] = defaultdict(list)
    rows = ConsentEvent.objects.select_related("document").filter(study=study, item=Item.ALIAS_POSTS)
    for event in rows.order_by("nth"):
        said[bytes(event.key)].append(event)
    return frozenset(
        key for key, events in said.items()
        if key in keys and not _took_back(events, days.start, study.closed_on or dt.date.max)
        and consent.covers(events=events, item=Item.ALIAS_POSTS, on_day=before, digests=digests)
    )  # fmt: skip


def _took_back(events: Sequence[ConsentEvent], since: dt.date, until: dt.date) -> bool:
    """Whether it was taken back while the study was on, also where another yes came after it."""
    noes = {Answer.WITHDRAWN, Answer.REFUSED}
    return any(event.answer in noes and since <= event.on_day <= until for event in events)


def _whole(study: Study, days: Window) -> Iterator[Name]:
    """Each name of which all that it ever signed lies in these days, with what of it may be used."""
    rows = {_opened(row)[0]: row for row in OnceName.objects.filter(study=study).select_related("study")}
    aliases = dict[int, bytes]()
    for keys in _chunks(list(rows)):
        aliases |= {pk: bytes(key) for pk, key in Alias.objects.filter(key__in=keys).values_list("pk", "key")}
    said: dict[int, list[Post]] = defaultdict(list)
    for pks in _chunks(list(aliases)):
        posts = (
            Post.objects.filter(byline__alias__in=pks).select_related("byline").only(*PLACE, "byline__alias")
        )
        for post in posts.order_by("thread", "seq"):
            said[post.byline.alias_id or 0].append(post)
    held = usable.Days(study)
    for pk, posts_of in said.items():
        row = rows[aliases[pk]]
        if signed_before(posts_of, days):
            continue
        read = [post for post in posts_of if _may_leave(post, row, days, held)]
        if read:
            yield Name(row=row, number=number_of(row), is_first=_opened(row)[1], posts=read)


def signed_before(posts: Sequence[Post], days: Window) -> bool:
    """Whether a name signed before these days: by halves it would tell of its owner's first day."""
    return min(post.posted_on for post in posts) < days.start


def _may_leave(post: Post, row: OnceName, days: Window, held: usable.Days) -> bool:
    is_shown = post.state == PostState.SHOWN
    return is_shown and days.has(post.posted_on) and held.are(row.group_id, post.posted_on)


def _opened(row: OnceName) -> tuple[bytes, bool]:
    """The key of the alias, and whether it was its owner's first here."""
    value = sealed.unseal(study=row.study, sealed=bytes(row.sealed), place=place_of(bytes(row.key)))
    return value[:-1], value[-1:] == b"\x01"


def _chunks(every: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
