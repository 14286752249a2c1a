"""One open socket: a cursor and a wake-up. It holds no queue, so that a slow reader costs nobody anything."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.live import frames

if TYPE_CHECKING:
    from core.live.stream import LocalStream

logger = logging.getLogger("kith.live")

BAD_FRAME = 4400
NOT_ALLOWED = 4403
NOT_HERE = 4404  # before the socket is accepted: the browser sees a plain refusal
TOO_FAR = 4408
COME_BACK = 1012
TRY_LATER = 1013


class Outlet(Protocol):
    """Where a reader's frames go. `send` may wait for a slow network; `abort` may not."""

    async def put(self, text: str) -> None: ...

    async def end(self, code: int, reason: str) -> None: ...

    def abort(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """What decides what a reader sees, held in memory: the language, and the authors hidden from them."""

    language: str
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a socket ends: a last frame, if any, and the close code with its reason."""

    code: int
    reason: str = ""
    frame: str = ""


REVOKED = Ending(code=NOT_ALLOWED, frame=frames.GONE)
BEHIND = Ending(code=TOO_FAR, frame=frames.RELOAD)


class Reader:
    """Hands frames of one stream to one outlet, in its own task, at the outlet's own pace."""

    def __init__(
        self,
        *,
        stream: LocalStream,
        viewer: Viewer,
        outlet: Outlet,
        cursor: int,
        keys: Mapping[str, str],
        look: Callable[[], Viewer | None],
        is_stale: bool = False,
    ) -> None:
        self.stream = stream
        self.viewer = viewer
        self.outlet = outlet
        self.cursor = cursor
        self.keys = keys
        self.look = look
        self.opened_at = time.monotonic()
        self.sending_since: float | None = None
        self._beat = stream.beat
        self._is_stale = is_stale
        self._ending: Ending | None = None
        self._bell = asyncio.Event()
        self._bell.set()  # there may be something to replay

    def wake(self) -> None:
        """There may be something to send."""
        self._bell.set()

    def see_as(self, viewer: Viewer) -> None:
        """From here on this is what the reader may see; if that changed, what is on their page is old."""
        if viewer != self.viewer:
            self.viewer = viewer
            self._is_stale = True
            self._bell.set()

    def end(self, ending: Ending) -> None:
        """Send nothing more but this. The first ending counts."""
        self._ending = self._ending or ending
        self._bell.set()

    def go_back_to(self, seq: int) -> None:
        """The client has everything up to `seq` only."""
        self.cursor = seq
        self._bell.set()

    async def run(self) -> None:
        """Send until the end. One reader is one task: what blocks it blocks nobody else."""
        try:
            while self._ending is None:
                await self._bell.wait()
                self._bell.clear()
                while frame := self._next_frame():
                    await self._put(frame)
            if self._ending.frame:
                await self._put(self._ending.frame)
            self.sending_since = time.monotonic()
            await self.outlet.end(self._ending.code, self._ending.reason)
        except Exception as error:  # the socket is gone, in whichever way the server says so
            logger.debug("reader ended with %s", type(error).__name__)
        finally:
            self.sending_since = None

    def _next_frame(self) -> str:
        if self._ending:
            return ""
        if self._is_stale:
            self._is_stale = False
            return frames.RENEW
        if self.cursor < self.stream.start:
            self.end(BEHIND)
            return ""
        if self.cursor < self.stream.head:
            self.cursor, frame = self.stream.frame_after(cursor=self.cursor, viewer=self.viewer)
            return frame
        if self._beat != self.stream.beat:
            self._beat = self.stream.beat
            return frames.heartbeat(head=self.stream.head)
        return ""

    async def _put(self, frame: str) -> None:
        self.sending_since = time.monotonic()
        await self.outlet.put(frame)
        self.sending_since = None
