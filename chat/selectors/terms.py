"""On what terms somebody's messages appear in a place: whether they are checked first, and how long one waits between
two. Limits and pace are about the person: their names and one-thread names share them. Who is new is about the face: a
one-thread name is new until it has written enough itself, whoever has it, or what waits would tell whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from chat.enums import PostState
from chat.models import Post
from chat.policies import Act, Face, may
from community.enums import TEAM
from community.models import Member
from community.selectors.here import Here
from moderation.enums import Checking, OffHours
from moderation.selectors import care as cares

OFF_MINUTES = 30  # between two messages of a newcomer, where a group slows them while nobody is here


@dataclass(frozen=True, kw_only=True)
class Terms:
    """`is_off_hours`: they are so because nobody of the team is here now. `everywhere` and `here` are minutes between
    two messages in the group and in the thread or room. `is_once_checked`: a one-thread name that is new would be
    checked.
    """

    is_checked: bool = False
    is_once_checked: bool = False
    is_off_hours: bool = False
    everywhere: int = 0
    here: int = 0

    @property
    def minutes(self) -> int:
        """How many minutes at least lie between two messages."""
        return max(self.everywhere, self.here)


def of(*, here: Here, place: str = "", alias_key: bytes = b"", is_once: bool = False) -> Terms:
    """The terms of one person, in a thread or room by its public id or for a new thread, where their one-thread name
    with this key signs, or else their name. Those who look after the group are bound by their own limits alone, under
    their names. `is_once`: a name of theirs signs that is for no talk, so that who is new is about the person."""
    care = cares.of(group=here.group)
    is_off = cares.is_off_hours(group=here.group, care=care)
    waits = care.checking == Checking.FIRST or (is_off and care.off_hours == OffHours.WAIT)
    once = care.checking == Checking.ALL or waits
    if speaks_as_team(here, alias_key) and not is_once:
        return Terms(
            is_checked=here.is_checked_first, is_once_checked=once, everywhere=here.minutes_between,
            here=here.minutes_in(place),
        )  # fmt: skip
    slow = cares.slow_thread(group=here.group, place=place) if place else None
    asks = care.checking == Checking.FIRST or is_off
    counts_as_new = asks and is_new(here.member, care.first_messages, alias_key)
    slow_now = OFF_MINUTES if counts_as_new and is_off and care.off_hours == OffHours.SLOW else 0
    return Terms(
        is_checked=here.is_checked_first or care.checking == Checking.ALL or (counts_as_new and waits),
        is_once_checked=once,
        is_off_hours=counts_as_new and is_off,
        everywhere=max(here.minutes_between, cares.minutes_of(care), slow_now),
        here=max(here.minutes_in(place), slow.minutes_between if slow else 0),
    )


def speaks_as_team(here: Here, alias_key: bytes) -> bool:
    """Whether somebody of the team signs with their name: a one-thread name is nobody's, so never the team's."""
    return here.member.role in TEAM and not alias_key


def is_new(member: Member, first: int, alias_key: bytes = b"") -> bool:
    """Whether fewer messages than these stand here under a member's names, or under one one-thread name."""
    signed = Q(byline__alias__key=alias_key) if alias_key else Q(byline__persona__member=member)
    return Post.objects.filter(signed, state=PostState.SHOWN)[:first].count() < first


def may_fold(*, face: Face, post: Post) -> bool:
    """Whether somebody may fold a post while nobody of the team is here: whoever sees it, did not write it, and is no
    newcomer, under their names or their one-thread name there. Nobody can tell by a fold who that was."""
    if not may(Act.FOLD, face=face, post=post):
        return False
    member, first = face.here.member, cares.of(group=face.here.group).first_messages
    return not (is_new(member, first) and is_new(member, first, face.alias_key))
