"""Reading threads: the group page and the thread page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models import Window as Over
from django.db.models.functions import RowNumber

from chat.enums import PostState
from chat.models import Alias, Byline, Post, Thread
from chat.policies import Face, Hidden, is_open_to
from chat.selectors import bylines, faces, hidden, later, posts, reading
from chat.selectors.faces import Faces
from chat.selectors.hidden import Hidings
from chat.selectors.later import Keys, WaitingPost
from chat.selectors.posts import Place, Window
from chat.selectors.reading import KeyOf
from community.errors import NotHere
from community.models import Group, Member
from community.selectors.here import Here
from core import clock
from core.counting import UpTo
from core.prepared import Prepared

PAGE = 20
COUNTED = 100  # posts of a thread that a list counts: else a page would cost more with each
DOWNWARDS, UPWARDS = ("-is_pinned", "-activity", "id"), ("is_pinned", "activity", "-id")
WAITING_SHOWN = 3
WAITING_LOOKED_AT = 20  # of a group: among them stand one's own, which nobody but oneself can tell
WAITING_DAYS = 30


def visible_to(here: Here) -> QuerySet[Thread]:
    """The queryset of Act.READ_THREAD."""
    return Thread.objects.filter(group=here.group) if here.may_read else Thread.objects.none()


_called = Prepared(
    lambda group, tid: Thread.objects.select_related("group", "proposal", "statement").filter(
        group=group, public_id=tid
    )
)


def find(*, here: Here, tid: str) -> Thread:
    """One thread as the viewer opens it, or NotHere."""
    thread = there(here=here, tid=tid)
    if not is_open_to(here, thread):
        raise NotHere
    return thread


def there(*, here: Here, tid: str) -> Thread:
    """One thread that is in the viewer's list, or NotHere. It may not be open to who watches."""
    thread = _called.first(group=here.group.pk, tid=tid)
    if thread is None or not here.may_read:
        raise NotHere
    return thread


def is_first(*, post: Post) -> bool:
    """Whether a post opened its thread, which asks for nothing yet."""
    earlier = Post.objects.filter(thread=post.thread_id, seq__lt=post.seq)
    return (
        not earlier.exists() and not Thread.objects.filter(pk=post.thread_id, proposal__isnull=False).exists()
    )


def is_there(*, here: Here, tid: str) -> bool:
    """Whether a thread with this public id is in the group."""
    return visible_to(here).filter(public_id=tid).exists()


def is_empty(*, tid: str) -> bool:
    """Whether its first post was taken away, and its title with it."""
    return Thread.objects.filter(public_id=tid, title="", kept_title="").exists()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A thread in a list, as if there were only the posts that the viewer sees. `messages` and `unread` stop at
    COUNTED + 1, which means more than COUNTED. `unread` is None for one that they never opened."""

    thread: Thread
    messages: int
    last_on: dt.date
    unread: int | None


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a list of threads begins: below or above one of them, by public id; with neither, at the top."""

    below: str = ""
    above: str = ""

    @property
    def is_given(self) -> bool:
        """Whether it is not just the top."""
        return bool(self.below or self.above)


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    """The page of a group: who waits for an answer, a stretch of its threads, and whether there are more."""

    group: Group
    waiting: list[Thread]
    rows: list[Row]
    has_newer: bool
    has_older: bool

    @property
    def first(self) -> str:
        """The public id of the thread that stands highest."""
        return self.rows[0].thread.public_id if self.rows else ""

    @property
    def last(self) -> str:
        """The public id of the thread that stands lowest."""
        return self.rows[-1].thread.public_id if self.rows else ""


def group_page(*, here: Here, key_of: KeyOf, spot: Spot) -> GroupPage:
    """Threads of a group: pinned ones, then the latest talk first."""
    hidings = hidden.of(here=here, key=hidden.key_for(key_of=key_of, gid=here.group.public_id))
    rows = _listed(visible_to(here), hidings.all)
    at = visible_to(here).filter(public_id=spot.below or spot.above).first() if spot.is_given else None
    found = list(rows.filter(_above(at)).order_by(*UPWARDS)[: PAGE + 1]) if at and spot.above else []
    newer, older = len(found) > PAGE, True
    found = found[:PAGE][::-1]
    if not newer:  # what is left above would be the top, and less than a page of it
        at = None if spot.above else at
        found = list((rows.filter(_below(at)) if at else rows).order_by(*DOWNWARDS)[: PAGE + 1])
        newer, older = at is not None, len(found) > PAGE
    return GroupPage(
        group=here.group,
        waiting=[] if newer else _waiting_here(here, key_of, hidings.all),
        rows=rows_of(found[:PAGE], here.member, key_of, hidings),
        has_newer=newer,
        has_older=older,
    )


def _below(at: Thread) -> Q:
    rest = Q(is_pinned=at.is_pinned, activity__lte=at.activity) & ~Q(activity=at.activity, id__lte=at.pk)
    return rest | Q(is_pinned=False) if at.is_pinned else rest


def _above(at: Thread) -> Q:
    rest = Q(is_pinned=at.is_pinned, activity__gte=at.activity) & ~Q(activity=at.activity, id__gte=at.pk)
    return rest if at.is_pinned else rest | Q(is_pinned=True)


def at_the_top() -> QuerySet[Thread]:
    """The talks that groups keep at the top."""
    return Thread.objects.filter(is_pinned=True)


def seen_rows(*, here: Here, key_of: KeyOf, among: QuerySet[Thread]) -> list[Row]:
    """Some of the threads, as one viewer sees them, the latest talk first."""
    hidings = hidden.of(here=here, key=hidden.key_for(key_of=key_of, gid=here.group.public_id))
    there = _listed(visible_to(here).filter(pk__in=among.values("pk")), hidings.all)
    return rows_of(list(there.order_by("-activity", "id")), here.member, key_of, hidings)


def _listed(threads: QuerySet[Thread], unseen: Hidden) -> QuerySet[Thread]:
    """Threads without those in which the viewer sees nothing."""
    there = hidden.seen(Post.objects.filter(thread=OuterRef("pk")), unseen)
    return threads.filter(Exists(there)) if unseen else threads


def _waiting_here(here: Here, key_of: KeyOf, unseen: Hidden) -> list[Thread]:
    return longest_waiting(members=[here.member], key_of=key_of, unseen=unseen)[:WAITING_SHOWN]


def rows_of(threads: list[Thread], member: Member, key_of: KeyOf, hidings: Hidings) -> list[Row]:
    """These threads, where they still are, as one viewer sees them. A few posts of each are looked at, however many
    it holds."""
    read_to = reading.marks(threads=threads, key_of=key_of)
    alias_keys = bylines.alias_keys(threads=threads, key_of=key_of)
    every = Post.objects.filter(thread=OuterRef("pk"))
    seen = hidden.seen_in_lists(every, hidings, alias_keys=alias_keys).order_by("-seq")
    new = reading.new(among=seen, member=member, alias_keys=alias_keys, threads=threads)
    looked_at = Thread.objects.filter(pk__in=[thread.pk for thread in threads]).annotate(
        read_to=reading.is_read_to(read_to),
        messages=UpTo(seen.values("pk")[: COUNTED + 1]),
        unread=UpTo(new.values("pk")[: COUNTED + 1]),
        last_on=Subquery(seen.values("posted_on")[:1]),
        first=Subquery(every.order_by("seq").values("pk")[:1]),
    )
    found = {row["pk"]: row for row in looked_at.values("pk", "messages", "unread", "last_on", "first")}
    if hidings.all:
        first = Post.objects.filter(pk__in=[row["first"] for row in found.values()])
        seen = hidden.seen_in_lists(first, hidings, alias_keys=alias_keys)
        opened = set(seen.values_list("thread_id", flat=True))
        for thread in threads:
            if thread.pk not in opened:
                thread.title = ""  # whoever opened it is not seen, and wrote the title
    return [
        Row(
            thread=thread,
            messages=found[thread.pk]["messages"],
            last_on=found[thread.pk]["last_on"] or thread.last_post_on,
            unread=found[thread.pk]["unread"] if thread.pk in read_to else None,
        )
        for thread in threads
        if thread.pk in found  # it may have gone since it was listed
    ]


def unanswered(*, unseen: Hidden) -> QuerySet[Thread]:
    """Threads of the last weeks in whose text nobody but their opener has answered."""
    recent = clock.today() - dt.timedelta(days=WAITING_DAYS)
    return _without_answer(unseen.personas, unseen.aliases, recent)


def _without_answer(personas: Any, aliases: Any, since: Any) -> QuerySet[Thread]:
    shown = Post.objects.filter(thread=OuterRef("pk"), state=PostState.SHOWN)
    text = hidden.without(shown, personas, aliases)
    return Thread.objects.filter(Exists(text), is_answered=False, last_post_on__gte=since)


def _ranked(members: Any, groups: Any, personas: Any, aliases: Any, since: Any) -> QuerySet[Thread]:
    """Those that wait in these groups, without those that these members opened or answered."""
    rank = Over(RowNumber(), partition_by=F("group_id"), order_by=[F("activity").asc(), F("id").asc()])
    own = Byline.objects.filter(thread=OuterRef("pk"), persona__member__pk__in=members)
    rows = _without_answer(personas, aliases, since).filter(~Exists(own), group__pk__in=groups)
    return rows.annotate(rank=rank).filter(rank__lte=WAITING_LOOKED_AT).order_by("activity", "id")


_waiting = Prepared(_ranked)


def longest_waiting(*, members: Sequence[Member], key_of: KeyOf, unseen: Hidden) -> list[Thread]:
    """The threads of each group that have waited longest, those left out where one wrote under either face."""
    found = _waiting(
        members=[member.pk for member in members],
        groups=[member.group_id for member in members],
        **unseen.lists,
        since=clock.today() - dt.timedelta(days=WAITING_DAYS),
    )
    keys = bylines.alias_keys(threads=found, key_of=key_of)
    own = set(Alias.objects.filter(key__in=keys).values_list("thread_id", flat=True))
    return [thread for thread in found if thread.pk not in own]


@dataclass(frozen=True, kw_only=True)
class ThreadPage:
    """The page of a thread, as one viewer sees it. `head` is the last event when it was read, `was_here` whether the
    viewer has read in it before, `view` the word for what they see."""

    thread: Thread
    window: Window
    mine: list[str]
    head: int
    was_here: bool
    faces: Faces
    waiting: list[WaitingPost]
    view: str


def thread_page(*, face: Face, thread: Thread, read_to: int | None, keys: Keys, place: Place) -> ThreadPage:
    """A stretch of a thread around where the viewer wants to be."""
    own = bylines.own(thread=thread, face=face)
    mine = [byline.public_id for byline in own]
    if face.hidden:
        first = Post.objects.filter(thread=thread).order_by("seq")
        opened = first.values_list("byline__persona_id", "byline__alias_id")[:1]
        if any(face.hidden.hides(persona_id=persona, alias_id=alias) for persona, alias in opened):
            thread.title = ""  # whoever opened it is not seen, and wrote the title
    waiting = later.waiting(keys=keys, time_zone=face.here.group.time_zone, here=face.here)
    return ThreadPage(
        thread=thread,
        window=posts.window(thread=thread, read_to=read_to, mine=mine, place=place, unseen=face.hidden),
        mine=mine,
        head=thread.last_seq,
        was_here=read_to is not None,
        faces=faces.faces(here=face.here, own=own, waiting=waiting),
        waiting=waiting,
        view=hidden.view_of(here=face.here, hidden=face.hidden),
    )
