"""The socket of what waits for one group's team: who may open it, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import get_language_from_request

from community import linkage
from community.errors import NotHere
from community.selectors import here as places
from core.live import hub
from core.live.consumer import StreamConsumer
from core.live.reader import Viewer
from moderation.policies import judge_of
from moderation.selectors import events

LOG = events.QueueLog()


@dataclass(frozen=True, kw_only=True)
class Door:
    """Somebody before a team's queue, as their session says: asked when the socket opens, and again when their place
    or role has changed."""

    tag: bytes
    strong: bool
    language: str
    is_kept_out: Callable[[], bool]

    def look(self) -> Viewer | None:
        """What they may follow now, or None."""
        try:
            return self.enter()[1]
        except NotHere:
            return None

    def enter(self) -> tuple[int, Viewer]:
        """The group's key, and whoever looks. Raises NotHere."""
        if self.is_kept_out():
            raise NotHere
        judge = judge_of(places.find(owner_tag=self.tag, strong=self.strong))
        return judge.group.pk, Viewer(language=self.language)


class QueueConsumer(StreamConsumer):
    """The socket of one team."""

    @staticmethod
    def admit(carrier: Any, asked: dict[str, str]) -> hub.Seat:
        """Moderators and leads of the group who signed in with a second step."""
        door = Door(
            tag=linkage.owner_tag(carrier, group=asked["gid"]),
            strong=linkage.has_second_factor(carrier),
            language=get_language_from_request(carrier),
            is_kept_out=partial(linkage.is_kept_out, carrier),
        )
        try:
            group_id, viewer = door.enter()
        except NotHere:
            raise hub.Refused from None
        return hub.Seat(
            source=LOG,
            key=group_id,
            viewer=viewer,
            keys={"sessions": linkage.session_fingerprint(carrier), "standings": door.tag.hex()},
            look=door.look,
        )
