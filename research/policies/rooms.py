"""Who may do what in a room of a study: one table, and what is not in it is refused."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from chat.enums import PostState
from chat.policies import CHANGES, NOBODY, Hidden
from community.selectors.here import Here
from core import clock
from research.models import Room, RoomPost
from research.policies import studies


class Act(StrEnum):
    """What people do in a room."""

    READ = "read"
    WRITE = "write"
    SEE_POST = "see_post"
    CHANGE = "change"
    TAKE_AWAY = "take_away"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True)
class Inside:
    """Somebody whom a room is open to, from `selectors.rooms.find` alone. `came_in`: they read what the others will
    see. `has_rooms`: the study still says that it has some. `named_key` and `alias_key` are those of their faces."""

    here: Here
    room: Room
    is_researcher: bool
    came_in: bool
    has_rooms: bool
    named_key: bytes
    alias_key: bytes
    hidden: Hidden = NOBODY

    @property
    def is_on(self) -> bool:
        """Whether anything new is written there now."""
        return self.has_rooms and studies.is_on_in(self.room.host)


Predicate = Callable[[Inside, RoomPost | None], bool]


def may(act: Act, inside: Inside, post: RoomPost | None = None) -> bool:
    """Whether somebody inside may do this. An act without a rule, or without the post it needs, is refused."""
    rule = _TABLE.get(act)
    return rule is not None and inside.here.may_read and inside.came_in and rule(inside, post)


def owns(inside: Inside, post: RoomPost) -> bool:
    """Whether one's own face signed it, whatever it is called now."""
    key = inside.alias_key if post.face.persona_id is None else inside.named_key
    return hmac.compare_digest(bytes(post.face.key), key)


def _reads(inside: Inside, _post: RoomPost | None) -> bool:
    return inside.came_in


def _writes(inside: Inside, _post: RoomPost | None) -> bool:
    here = inside.here
    return inside.is_on and here.may_post and not here.is_silent_in(inside.room.public_id)


def _sees(inside: Inside, post: RoomPost | None) -> bool:
    if post is None or post.room_id != inside.room.pk:
        return False
    return not inside.hidden.hides(persona_id=post.face.persona_id, alias_id=None)


def _owns(inside: Inside, post: RoomPost | None) -> bool:
    return post is not None and _sees(inside, post) and post.state != PostState.DELETED and owns(inside, post)


def _changes(inside: Inside, post: RoomPost | None) -> bool:
    """For a day; what one was asked to change, for as long as it takes."""
    if post is None or not _writes(inside, None) or not _owns(inside, post):
        return False
    is_fresh = post.state == PostState.SHOWN and post.posted_on >= clock.today() - CHANGES
    return is_fresh or post.state == PostState.ASKED


def _reports(inside: Inside, post: RoomPost | None) -> bool:
    """Also while nobody may write: whoever reads can be hurt."""
    return (
        post is not None and _sees(inside, post) and post.state == PostState.SHOWN and not owns(inside, post)
    )


_TABLE: dict[Act, Predicate] = {
    Act.READ: _reads,
    Act.WRITE: _writes,
    Act.SEE_POST: _sees,
    Act.CHANGE: _changes,
    Act.TAKE_AWAY: _owns,  # also once the study is over, and under any limit that lets one read
    Act.REPORT: _reports,
}
