"""Reading threads: the group page and the thread page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models import Window as Over
from django.db.models.functions import RowNumber

from chat.enums import PostState
from chat.models import Alias, Byline, Post, Thread
from chat.policies import Face
from chat.selectors import bylines, faces, later, posts, reading
from chat.selectors.faces import Faces
from chat.selectors.later import Keys, WaitingPost
from chat.selectors.posts import Place, Window
from chat.selectors.reading import KeyOf
from community.errors import NotHere
from community.models import Group, Member
from community.selectors.here import Here
from core import clock

PAGE = 20
WAITING_SHOWN = 3
WAITING_LOOKED_AT = 20  # of a group: among them stand one's own, which nobody but oneself can tell
WAITING_DAYS = 30


def visible_to(here: Here) -> QuerySet[Thread]:
    """The queryset of Act.READ_THREAD."""
    return Thread.objects.filter(group=here.group) if here.may_read else Thread.objects.none()


def find(*, here: Here, tid: str) -> Thread:
    """One thread as the viewer sees it, or NotHere."""
    thread = visible_to(here).select_related("group").filter(public_id=tid).first()
    if thread is None:
        raise NotHere
    return thread


def is_there(*, here: Here, tid: str) -> bool:
    """Whether a thread with this public id is in the group."""
    return visible_to(here).filter(public_id=tid).exists()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A thread in a list. `unread` is None for one that the viewer never opened."""

    thread: Thread
    messages: int
    unread: int | None


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    """The page of a group: who waits for an answer, the threads, and whether there are more pages."""

    group: Group
    waiting: list[Thread]
    rows: list[Row]
    page: int
    has_more: bool

    @property
    def newer(self) -> int:
        """The page before."""
        return self.page - 1

    @property
    def older(self) -> int:
        """The page after."""
        return self.page + 1


def group_page(*, here: Here, key_of: KeyOf, page: int) -> GroupPage:
    """Threads of a group: pinned ones, then the latest talk first."""
    start = (page - 1) * PAGE
    ordered = visible_to(here).order_by("-is_pinned", "-activity", "id")
    found = list(ordered[start : start + PAGE + 1])
    return GroupPage(
        group=here.group,
        waiting=longest_waiting(members=[here.member], key_of=key_of)[:WAITING_SHOWN] if page == 1 else [],
        rows=_rows(found[:PAGE], here.member, key_of),
        page=page,
        has_more=len(found) > PAGE,
    )


def _rows(threads: list[Thread], member: Member, key_of: KeyOf) -> list[Row]:
    read_to = reading.marks(threads=threads, key_of=key_of)
    alias_keys = bylines.alias_keys(threads=threads, key_of=key_of)
    new = reading.unread(read_to=read_to, member=member, alias_keys=alias_keys)
    shown = Post.objects.filter(thread__in=threads).order_by().values_list("thread_id")
    messages = dict(shown.annotate(Count("pk")))
    return [
        Row(
            thread=thread,
            messages=messages.get(thread.pk, 0),
            unread=new.get(thread.pk, 0) if thread.pk in read_to else None,
        )
        for thread in threads
    ]


def unanswered() -> QuerySet[Thread]:
    """Threads of the last weeks in whose text nobody but their opener has answered."""
    text = Post.objects.filter(thread=OuterRef("pk"), state=PostState.SHOWN)
    recent = clock.today() - dt.timedelta(days=WAITING_DAYS)
    return Thread.objects.filter(Exists(text), is_answered=False, last_post_on__gte=recent)


def waiting(*, members: Sequence[Member]) -> QuerySet[Thread]:
    """Threads in these members' groups that wait for a first answer, those they opened themselves left out."""
    own = Byline.objects.filter(thread=OuterRef("pk"), persona__member__in=[member.pk for member in members])
    groups = [member.group_id for member in members]
    return unanswered().filter(~Exists(own), group__in=groups)


def longest_waiting(*, members: Sequence[Member], key_of: KeyOf) -> list[Thread]:
    """The threads of each group that have waited longest, those left out where one wrote under either face."""
    rank = Over(RowNumber(), partition_by=F("group_id"), order_by=[F("activity").asc(), F("id").asc()])
    ranked = waiting(members=members).annotate(rank=rank).filter(rank__lte=WAITING_LOOKED_AT)
    found = list(ranked.order_by("activity", "id"))
    keys = bylines.alias_keys(threads=found, key_of=key_of)
    own = set(Alias.objects.filter(key__in=keys).values_list("thread_id", flat=True))
    return [thread for thread in found if thread.pk not in own]


@dataclass(frozen=True, kw_only=True)
class ThreadPage:
    """The page of a thread, as one viewer sees it. `head` is the last event when it was read."""

    thread: Thread
    window: Window
    mine: list[str]
    head: int
    faces: Faces
    waiting: list[WaitingPost]


def thread_page(*, face: Face, thread: Thread, read_to: int | None, keys: Keys, place: Place) -> ThreadPage:
    """A stretch of a thread around where the viewer wants to be."""
    own = bylines.own(thread=thread, face=face)
    mine = [byline.public_id for byline in own]
    return ThreadPage(
        thread=thread,
        window=posts.window(thread=thread, read_to=read_to, mine=mine, place=place),
        mine=mine,
        head=thread.last_seq,
        faces=faces.faces(here=face.here, own=own),
        waiting=later.waiting(keys=keys),
    )
