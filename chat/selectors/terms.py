"""On what terms somebody's messages appear in a place: whether they are checked first, and how long one waits between
two. It is about the person: their names and one-thread names share it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from chat.enums import PostState
from chat.models import Alias, Post, Thread
from chat.policies import Act, Face, may
from chat.selectors import bylines
from chat.selectors.reading import KeyOf
from community.enums import TEAM
from community.models import Group, Member
from community.selectors.here import Here
from core import clock
from moderation.enums import Checking, OffHours
from moderation.selectors import care as cares

THREADS = 2_000  # latest ones, in which only one's own keys can tell one's one-thread names
DAYS = 365
OFF_MINUTES = 30  # between two messages of a newcomer, where a group slows them while nobody is here


@dataclass(frozen=True, kw_only=True)
class Terms:
    """`is_off_hours`: they are so because nobody of the team is here now. `everywhere` and `here` are minutes between
    two messages in the group and in the thread.
    """

    is_checked: bool = False
    is_off_hours: bool = False
    everywhere: int = 0
    here: int = 0

    @property
    def minutes(self) -> int:
        """How many minutes at least lie between two messages."""
        return max(self.everywhere, self.here)


def of(*, here: Here, thread: Thread | None = None, once_written: Callable[[], int] = lambda: 0) -> Terms:
    """The terms of one person, in a thread or for a new one. `once_written` is how many messages they have here under
    one-thread names, as only they can tell. Those who look after the group are bound by their own limits alone."""
    if here.member.role in TEAM:
        return Terms(is_checked=here.is_checked_first, everywhere=here.minutes_between)
    care = cares.of(group=here.group)
    slow = cares.slow_thread(group=here.group, place=thread.public_id) if thread is not None else None
    is_off = cares.is_off_hours(group=here.group, care=care)
    asks = care.checking == Checking.FIRST or is_off
    counts_as_new = asks and is_new(here.member, care.first_messages, once_written)
    waits = care.checking == Checking.FIRST or (is_off and care.off_hours == OffHours.WAIT)
    slow_now = OFF_MINUTES if counts_as_new and is_off and care.off_hours == OffHours.SLOW else 0
    return Terms(
        is_checked=here.is_checked_first or care.checking == Checking.ALL or (counts_as_new and waits),
        is_off_hours=counts_as_new and is_off,
        everywhere=max(here.minutes_between, cares.minutes_of(care), slow_now),
        here=slow.minutes_between if slow else 0,
    )


def is_new(member: Member, first: int, once_written: Callable[[], int]) -> bool:
    """Whether fewer messages than these stand here under the names and one-thread names of a member."""
    own = Post.objects.filter(byline__persona__member=member, state=PostState.SHOWN)[:first].count()
    return own < first and own + once_written() < first


def once_written(*, group: Group, key_of: KeyOf) -> int:
    """How many messages of one's own stand in a group under one-thread names, in one's own request: nothing stored
    could tell. Counted only where it matters."""
    care = cares.of(group=group)
    if care.checking != Checking.FIRST and care.off_hours == OffHours.SAME:
        return 0
    return under_one_thread_names(group=group, key_of=key_of)


def may_fold(*, face: Face, post: Post, key_of: KeyOf) -> bool:
    """Whether somebody may fold a post while nobody of the team is here: whoever sees it, did not write it, and is no
    newcomer."""
    here = face.here
    return may(Act.FOLD, face=face, post=post) and not is_new(
        here.member,
        cares.of(group=here.group).first_messages,
        lambda: under_one_thread_names(group=here.group, key_of=key_of),
    )


def under_one_thread_names(*, group: Group, key_of: KeyOf) -> int:
    """The same, whatever matters in the group."""
    since = clock.today() - dt.timedelta(days=DAYS)
    latest = Thread.objects.filter(group=group, last_post_on__gte=since).order_by("-activity", "id")
    keys = bylines.alias_keys(threads=list(latest.only("public_id")[:THREADS]), key_of=key_of)
    own = Alias.objects.filter(key__in=keys)
    return Post.objects.filter(byline__alias__in=own, state=PostState.SHOWN).count()
