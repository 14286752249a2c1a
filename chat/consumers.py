"""The socket of one thread in one group: who may open it, and what it may say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import get_language_from_request

from chat.policies import watches
from chat.presenters import render_post
from chat.selectors import events, hidden, threads
from community import linkage
from community.errors import NotHere
from community.selectors import here as places
from core.live import hub
from core.live.consumer import StreamConsumer
from core.live.reader import Viewer

LOG = events.ThreadLog(present=render_post)


@dataclass(frozen=True, kw_only=True)
class Door:
    """Somebody before one thread, as their session says: asked when the socket opens, and again when their place
    or whom they do not see has changed."""

    tag: bytes
    strong: bool
    tid: str
    language: str
    mutes: bytes
    alias: bytes
    is_kept_out: Callable[[], bool]

    def look(self) -> Viewer | None:
        """What they may see there now, or None."""
        try:
            return self.enter()[1]
        except NotHere:
            return None

    def enter(self) -> tuple[int, Viewer, str]:
        """The thread's key, what they may see there, and the word for it. Raises NotHere."""
        if self.is_kept_out():
            raise NotHere
        here = places.find(owner_tag=self.tag, strong=self.strong)
        if watches(here):  # their page asks again and again instead, so that each day of it is on the log
            raise NotHere
        thread = threads.find(here=here, tid=self.tid)
        unseen = hidden.of(here=here, key=self.mutes, alias_key=self.alias).all
        viewer = Viewer(language=self.language, hidden=unseen.refs)
        return thread.pk, viewer, hidden.view_of(here=here, hidden=unseen)


def admit(carrier: Any, gid: str, tid: str, *, view: str) -> hub.Ticket:
    """In a thread: leave to follow one thread, or hub.Refused for outsiders, the barred and what is not there.
    `view` is the word that the page was made with, empty for none."""
    door = Door(
        tag=linkage.owner_tag(carrier, group=gid),
        strong=linkage.has_second_factor(carrier),
        tid=tid,
        language=get_language_from_request(carrier),
        mutes=linkage.keyed(carrier, kind=hidden.KIND, ref=gid),
        alias=linkage.keyed(carrier, kind="alias", ref=tid),
        is_kept_out=partial(linkage.is_kept_out, carrier),
    )
    try:
        key, viewer, word = door.enter()
    except NotHere:
        raise hub.Refused from None
    return hub.Ticket(
        source=LOG,
        key=key,
        viewer=viewer,
        keys={"sessions": linkage.session_fingerprint(carrier), "standings": door.tag.hex()},
        look=door.look,
        is_stale=view not in {"", word},
    )


class ThreadConsumer(StreamConsumer):
    """The socket of one thread."""

    @staticmethod
    def admit(carrier: Any, asked: dict[str, str]) -> hub.Ticket:
        """Whoever may read the thread."""
        return admit(carrier, **asked)
