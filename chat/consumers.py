"""The socket of one thread in one group: who may open it, and what it may say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error
from django.utils.translation import get_language_from_request

from chat.presenters import render_post
from chat.selectors import events, hidden, threads
from community import linkage
from community.errors import NotHere
from community.selectors import here as places
from core.live import frames, hub
from core.live.reader import BAD_FRAME, NOT_HERE, TRY_LATER, Ending, Reader, Viewer

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


class ThreadConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels ships no types
    """Asks once at the door, then hands everything to the hub. The socket only receives events."""

    _reader: Reader | None = None
    _sending: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Let the socket in, or close it before it is open: hidden, missing and forbidden look the same."""
        asked = parse_qs(self.scope["query_string"].decode("latin-1"))
        after = frames.parse_seq(asked.get("after", [""])[0])
        if after is None:
            await self.close(BAD_FRAME)
            return
        view = asked.get("view", [""])[0]
        ask = partial(admit, self.scope["carrier"], **self.scope["url_route"]["kwargs"], view=view)
        try:
            self._reader = await hub.here().join(admit=ask, outlet=self, after=after)
        except (hub.Refused, hub.Busy, Error) as error:
            await self.close(NOT_HERE if isinstance(error, hub.Refused) else TRY_LATER)
            return
        await self._set_out(self._reader)

    async def _set_out(self, reader: Reader) -> None:
        try:
            await self.accept()
        except BaseException:
            hub.here().leave(reader)
            raise
        self._pace = frames.Pace()
        self._sending = asyncio.create_task(reader.run())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The one thing a client may say: which event it has come to."""
        if self._reader is None:
            return
        try:
            self._pace.take()
            seq = frames.parse_after(text_data)
            await hub.here().go_back(self._reader, seq=seq)
        except frames.BadFrame as error:
            self._reader.end(Ending(code=BAD_FRAME, reason=str(error)))
        except Error:
            self._reader.end(Ending(code=TRY_LATER))

    async def disconnect(self, code: int) -> None:
        """The socket is over."""
        if self._reader:
            hub.here().leave(self._reader)
        if self._sending:
            self._sending.cancel()

    # --- an Outlet of the live engine -----------------------------------------------------------------------
    async def put(self, text: str) -> None:
        """Send one frame. The server holds this back while the network is slow."""
        await self.base_send({"type": "websocket.send", "text": text})

    async def end(self, code: int, reason: str) -> None:
        """Close with a code and a reason."""
        await self.close(code=code, reason=reason)

    def abort(self) -> None:
        """Cut off at once, where the server can (config.live); otherwise as soon as the network takes a close."""
        if self._sending:
            self._sending.cancel()
        cut = self.scope.get("extensions", {}).get("kith", {}).get("abort")
        if cut:
            cut()
        else:
            self._sending = asyncio.create_task(self.close(TRY_LATER))
