"""Posts of a room as its pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chat.enums import PostState
from chat.presenters import day_words
from community.enums import Role
from community.presenters import badges
from research.models import RoomPost


@dataclass(frozen=True, kw_only=True)
class Line:
    """One post: who signed it and as what, the day in words, and what stands there instead of words that are gone."""

    post: RoomPost
    handle: str
    marks: list[str]
    day: str
    on: dt.date
    is_own: bool
    is_there: bool
    instead: str


def lines(posts: Iterable[RoomPost], *, own: Collection[str]) -> list[Line]:
    """The posts of a page."""
    return [line(post, is_own=post.public_id in own) for post in posts]


def line(post: RoomPost, *, is_own: bool) -> Line:
    """One of them."""
    return Line(
        post=post,
        handle=post.face.handle or _("Someone who left"),
        marks=_marks(post),
        day=day_words(post.posted_on),
        on=post.posted_on,
        is_own=is_own,
        is_there=post.state == PostState.SHOWN,
        instead=_instead(post),
    )


def _marks(post: RoomPost) -> list[str]:
    """What a researcher wrote says so for good. Else roles and checked badges, as in talks: none of a name for the room
    alone, nor of one that is no longer used."""
    if post.by_researcher:
        return [str(Role.RESEARCHER.label)]
    persona = post.face.persona
    if persona is None or not persona.is_current:
        return []
    role = [] if persona.member.role == Role.MEMBER else [str(Role(persona.member.role).label)]
    return role + [badges.mark(badge) for badge in persona.member.badges.all()]


def _instead(post: RoomPost) -> str:
    return {
        PostState.HIDDEN: _("The team has hidden this message"),
        PostState.REMOVED: _("The team has removed this message"),
        PostState.ASKED: _("Its writer was asked to change this message"),
        PostState.DELETED: _("Taken away by its writer"),
    }.get(PostState(post.state), "")
