"""The socket of one stream: it asks once at the door, then hands everything to the hub."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error

from core.live import frames, hub
from core.live.frames import Frame
from core.live.reader import BAD_FRAME, NOT_HERE, TRY_LATER, Ending, Reader


class StreamConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels ships no types
    """An app's own says who may follow what. The socket only receives events."""

    _reader: Reader | None = None
    _sending: asyncio.Task[None] | None = None

    @staticmethod
    def admit(carrier: Any, asked: dict[str, str]) -> hub.Ticket:
        """In a thread: leave to follow a stream, or hub.Refused. `asked` holds what the address names, and `view`."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Let the socket in, or close it before it is open: hidden, missing and forbidden look the same."""
        asked = parse_qs(self.scope["query_string"].decode("latin-1"))
        after = frames.parse_seq(asked.get("after", [""])[0])
        if after is None:
            await self.close(BAD_FRAME)
            return
        wanted = {**self.scope["url_route"]["kwargs"], "view": asked.get("view", [""])[0]}
        ask = partial(self.admit, self.scope["carrier"], wanted)
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
    @property
    def wire(self) -> Any:
        """What Kith's own server offers (config.live); under any other, frames go through ASGI one by one."""
        return self.scope.get("extensions", {}).get("kith")

    async def put(self, frame: Frame) -> None:
        """Send one frame. The server holds this back while the network is slow."""
        await self.base_send({"type": "websocket.send", "text": frame})

    async def end(self, code: int, reason: str) -> None:
        """Close with a code and a reason."""
        await self.close(code=code, reason=reason)

    def abort(self) -> None:
        """Cut off at once, where the server can (config.live); otherwise as soon as the network takes a close."""
        if self._sending:
            self._sending.cancel()
        if self.wire is not None:
            self.wire.abort()
        else:
            self._sending = asyncio.create_task(self.close(TRY_LATER))
