"""The socket of one thread in one group: who may open it, and what it may say."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error
from django.utils.translation import get_language_from_request

from chat.presenters import render_post
from chat.selectors import events, threads
from community import linkage
from community.errors import NotHere
from community.selectors import here as places
from core.live import frames, hub
from core.live.reader import BAD_FRAME, NOT_HERE, TRY_LATER, Ending, Reader, Viewer

LOG = events.ThreadLog(present=render_post)


def admit(carrier: Any, gid: str, tid: str) -> hub.Ticket:
    """In a thread: leave to follow one thread, or hub.Refused for outsiders, the barred and what is not there."""
    tag = linkage.owner_tag(carrier, group=gid)
    look = partial(_may_read, tag, linkage.has_second_factor(carrier), tid)
    key = look()
    if key is None:
        raise hub.Refused
    return hub.Ticket(
        source=LOG,
        key=key,
        viewer=Viewer(language=get_language_from_request(carrier)),
        keys={"sessions": linkage.session_fingerprint(carrier), "standings": tag.hex()},
        may_stay=lambda: look() is not None,
    )


def _may_read(tag: bytes, strong: bool, tid: str) -> int | None:
    try:
        key: int = threads.find(here=places.find(owner_tag=tag, strong=strong), tid=tid).pk
    except NotHere:
        return None
    return key


class ThreadConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels ships no types
    """Asks once at the door, then hands everything to the hub. The socket only receives events."""

    _reader: Reader | None = None
    _sending: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Let the socket in, or close it before it is open: hidden, missing and forbidden look the same."""
        after = frames.parse_seq(parse_qs(self.scope["query_string"].decode("latin-1")).get("after", [""])[0])
        if after is None:
            await self.close(BAD_FRAME)
            return
        ask = partial(admit, self.scope["carrier"], **self.scope["url_route"]["kwargs"])
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
