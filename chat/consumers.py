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
from core.live import hub, tickets
from core.live.consumer import StreamConsumer
from core.live.reader import Viewer
from core.live.tickets import Ticket

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

    def enter(self) -> tuple[int, Viewer]:
        """The thread's key, and what they may see there. Raises NotHere."""
        if self.is_kept_out():
            raise NotHere
        here = places.find(owner_tag=self.tag, strong=self.strong)
        if watches(here):  # their page asks again and again instead, so that each day of it is on the log
            raise NotHere
        thread = threads.find(here=here, tid=self.tid)
        unseen = hidden.of(here=here, key=self.mutes, alias_key=self.alias).all
        word = hidden.view_of(here=here, hidden=unseen)
        return thread.pk, Viewer(language=self.language, hidden=unseen.refs, word=word)


def admit(carrier: Any, gid: str, tid: str, *, view: str, ticket: str = "") -> hub.Seat:
    """In a thread: leave to follow one thread, or hub.Refused for outsiders, the barred and what is not there.
    `view` is the word that the page was made with, empty for none. `ticket`: whether one is wanted or was shown."""
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
        key, viewer = door.enter()
    except NotHere:
        raise hub.Refused from None
    return hub.Seat(
        source=LOG,
        key=key,
        viewer=viewer,
        keys={"sessions": linkage.session_fingerprint(carrier), "standings": door.tag.hex()},
        look=door.look,
        is_stale=view not in {"", viewer.word},
        seal=sealer(carrier, gid, tid) if ticket else None,
    )


def sealer(carrier: Any, gid: str, tid: str) -> Callable[[Ticket], str]:
    """What makes tickets for one browser at one thread."""
    return partial(tickets.seal, cookie=carrier.session.session_key, place=f"{gid}|{tid}")


def known(carrier: Any, asked: dict[str, str], shown: str) -> hub.Seat | None:
    """The same out of a ticket that this browser was given at this thread, or None. No session is read: should the
    place change, it is asked for as at the door."""
    gid, tid, view, cookie = asked["gid"], asked["tid"], asked["view"], carrier.session.session_key
    if not cookie:
        return None
    found = tickets.unseal(
        shown,
        cookie=cookie,
        place=f"{gid}|{tid}",
        language=get_language_from_request(carrier),
        lasts=hub.MAX_AGE,
    )
    if found is None:
        return None

    def look() -> Viewer | None:
        try:
            return admit(carrier, gid, tid, view=view).viewer
        except hub.Refused:
            return None

    return hub.Seat(
        source=LOG,
        key=found.key,
        viewer=found.viewer,
        keys={"sessions": linkage.session_fingerprint(carrier), **found.keys},
        look=look,
        is_stale=view not in {"", found.viewer.word},
        seal=sealer(carrier, gid, tid),
        ticket=found,
    )


class ThreadConsumer(StreamConsumer):
    """The socket of one thread."""

    @staticmethod
    def admit(carrier: Any, asked: dict[str, str]) -> hub.Seat:
        """Whoever may read the thread."""
        return admit(carrier, **asked)

    @staticmethod
    def known(carrier: Any, asked: dict[str, str], shown: str) -> hub.Seat | None:
        """Whoever read it before their line broke, if nothing changed since."""
        return known(carrier, asked, shown)
