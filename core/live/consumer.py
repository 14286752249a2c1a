"""The socket of one stream: it asks once at the door, then hands everything to the hub."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error

from core.live import frames, hub
from core.live.frames import Frame
from core.live.reader import BAD_FRAME, NOT_ALLOWED, NOT_HERE, TRY_LATER, Ending, Reader

PATIENCE = 10.0  # seconds for a ticket to come, once the socket is open
MAX_WAITING = 2_000  # open sockets of one process whose ticket has not come; then the oldest has to go
WANTED, SHOWN = "wanted", "shown"  # what `ticket` in the address says; never the ticket itself

_waiting: dict[StreamConsumer, None] = {}  # whoever came first stands first


class StreamConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels ships no types
    """An app's own says who may follow what. The socket only receives events."""

    _reader: Reader | None = None
    _sending: asyncio.Task[None] | None = None
    _patience: asyncio.TimerHandle | None = None  # while a ticket is waited for

    @staticmethod
    def admit(carrier: Any, asked: dict[str, str]) -> hub.Seat:
        """In a thread: leave to follow a stream, or hub.Refused. `asked` holds what the address names, `view`, and
        under `ticket` whether one is wanted."""
        raise NotImplementedError

    @staticmethod
    def known(carrier: Any, asked: dict[str, str], shown: str) -> hub.Seat | None:  # noqa: ARG004 for those who give any
        """The same out of a ticket, without a look-up, or None: then the door is asked. Here no tickets are given."""
        return None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """However the socket ends, nothing is left of it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._stop_waiting()
            if self._reader:
                hub.here().leave(self._reader)
            if self._sending:
                self._sending.cancel()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels does, but for a turn in its one thread to close old connections before each message: here the
        database is asked through in_thread alone, which closes its own."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        """Let the socket in, or close it before it is open: hidden, missing and forbidden look the same. Whoever has a
        ticket, which nobody has without a session, is let speak first."""
        asked = parse_qs(self.scope["query_string"].decode("latin-1"))
        after = frames.parse_seq(asked.get("after", [""])[0])
        if after is None:
            await self.close(BAD_FRAME)
            return
        given = {name: asked.get(name, [""])[0] for name in ("view", "ticket")}
        self._asked, self._after = {**self.scope["url_route"]["kwargs"], **given}, after
        if given["ticket"] == SHOWN:
            await self._wait_for_ticket()
            return
        try:
            self._reader = await self._join()
        except (hub.Refused, hub.Busy, Error) as error:
            await self.close(NOT_HERE if isinstance(error, hub.Refused) else TRY_LATER)
            return
        await self._set_out(self._reader)

    async def _wait_for_ticket(self) -> None:
        if not self.scope["carrier"]().session.session_key:
            await self.close(NOT_HERE)
            return
        if len(_waiting) >= MAX_WAITING:  # whoever has a ticket shows it at once
            next(iter(_waiting))._give_up()
        _waiting[self] = None
        await self.accept()
        self._patience = asyncio.get_running_loop().call_later(PATIENCE, self._give_up)

    def _stop_waiting(self) -> None:
        _waiting.pop(self, None)
        if self._patience:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._stop_waiting()
        self.abort()

    async def _join(self, shown: hub.Seat | None = None) -> Reader:
        def ask() -> hub.Seat:
            return self.admit(self.scope["carrier"](), self._asked)

        return await hub.here().join(admit=ask, outlet=self, after=self._after, shown=shown)

    async def _come_back(self, text: str | None) -> None:
        """The first frame of whoever was here before. What does not hold is as none: the door is asked. Whoever
        is refused asks over HTTP why: their sign-in may just be over."""
        try:
            shown = self.known(self.scope["carrier"](), self._asked, frames.parse_ticket(text))
            self._reader = await self._join(shown)
        except frames.BadFrame as error:
            await self.close(code=BAD_FRAME, reason=str(error))
        except hub.Refused:
            await self.close(NOT_ALLOWED)
        except (hub.Busy, Error):
            await self.close(TRY_LATER)
        else:
            self._run(self._reader)

    async def _set_out(self, reader: Reader) -> None:
        await self.accept()
        self._run(reader)

    def _run(self, reader: Reader) -> None:
        self._pace = frames.Pace()
        self._sending = asyncio.create_task(reader.run())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The one thing a client may say: which event it has come to. Before that, its ticket."""
        if self._patience:
            self._stop_waiting()
            await self._come_back(text_data)
            return
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
