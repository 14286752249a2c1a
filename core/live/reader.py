"""One open socket: a cursor and a wake-up. It holds no queue, so that a slow reader costs nobody anything."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.live import frames
from core.live.frames import Frame

if TYPE_CHECKING:
    from core.live.stream import LocalStream, Together

logger = logging.getLogger("kith.live")

BAD_FRAME = 4400
NOT_ALLOWED = 4403
NOT_HERE = 4404  # before the socket is accepted: the browser sees a plain refusal
TOO_FAR = 4408
COME_BACK = 1012
TRY_LATER = 1013


class Wire(Protocol):
    """What takes finished frames at once, while it `is_clear`: all that was written before has left. It calls `on_full`
    when that ends, and when nothing can be written any more."""

    on_full: Callable[[], None]

    @property
    def is_clear(self) -> bool: ...

    @property
    def write(self) -> Callable[[bytes], None]: ...


class Outlet(Protocol):
    """Where a reader's frames go. `put` and `end` may wait for a slow network, `abort` may not. `wire` is None where
    the server offers none."""

    @property
    def wire(self) -> Wire | None: ...

    async def put(self, frame: Frame) -> None: ...

    async def end(self, code: int, reason: str) -> None: ...

    def abort(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """What decides what a reader sees, held in memory: the language, and the authors hidden from them, with the word
    that a page made for these eyes carries."""

    language: str
    hidden: frozenset[str] = frozenset()
    word: str = ""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a socket ends: a last frame, if any, and the close code with its reason."""

    code: int
    reason: str = ""
    frame: Frame = frames.NOTHING


REVOKED = Ending(code=NOT_ALLOWED, frame=frames.GONE)
AGAIN = Ending(code=COME_BACK)
BEHIND = Ending(code=TOO_FAR, frame=frames.RELOAD)


class Reader:
    """Hands frames of one stream to one outlet, in a task of its own, at the outlet's own pace. While it has all that
    there is and its wire is clear, it stands by: the stream hands it what comes, together with all who stand there."""

    __slots__ = (
        "_bell", "_ending", "_has_beat", "_is_stale", "_owed", "beat_at", "cursor", "keys", "look", "opened_at",
        "outlet", "sending_since", "stream", "ticket", "together", "viewer", "wire",
    )  # fmt: skip

    def __init__(
        self,
        *,
        stream: LocalStream,
        viewer: Viewer,
        outlet: Outlet,
        cursor: int,
        keys: Mapping[str, str],
        look: Callable[[], Viewer | None],
        opened_at: float,
        is_stale: bool = False,
    ) -> None:
        self.stream = stream
        self.viewer = viewer
        self.outlet = outlet
        self.wire = outlet.wire
        self.cursor = cursor  # as of when it last stood by
        self.together: Together | None = None
        self.keys = keys
        self.look = look
        self.opened_at = opened_at
        self.beat_at = math.inf  # until it is let in
        self.ticket: Callable[[], Frame] | None = None
        self.sending_since: float | None = None
        self._has_beat = False
        self._is_stale = is_stale
        self._owed = False
        self._ending: Ending | None = None
        self._bell = asyncio.Event()
        self._bell.set()  # there may be something to replay
        if self.wire is not None:
            self.wire.on_full = self.wake

    def wake(self) -> None:
        """There may be something for this reader that is not for all: it goes on by itself."""
        self.stream.step_out(self)
        self._bell.set()

    def see_as(self, viewer: Viewer) -> None:
        """From here on this is what the reader may see; if that changed, what is on their page is old."""
        if viewer != self.viewer:
            self.viewer = viewer
            self._is_stale = True
            self.wake()

    def end(self, ending: Ending) -> None:
        """Send nothing more but this. The first ending counts."""
        self._ending = self._ending or ending
        self.wake()

    def owe_ticket(self) -> None:
        """The next frame is a ticket, made at the moment it is sent; for a reader who wants none, nothing changes."""
        self._owed = self.ticket is not None

    def beat(self) -> None:
        """A sign of life, with a new ticket."""
        self.owe_ticket()
        self._has_beat = True
        self.wake()

    def go_back_to(self, seq: int) -> None:
        """The client has everything up to `seq` only."""
        self.wake()
        self.cursor = seq

    async def run(self) -> None:
        """Send until the end. One reader is one task: what blocks it blocks nobody else."""
        try:
            while self._ending is None:
                if not self._bell.is_set():
                    self.stream.stand_by(self)
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
            self.outlet.abort()  # or, if it is not, nobody is left at an open line that says nothing
        finally:
            self.sending_since = None

    def _next_frame(self) -> Frame:
        if self._ending:
            return frames.NOTHING
        if own := self._own_frame():
            return own
        if self.cursor < self.stream.start:
            self.end(BEHIND)
            return frames.NOTHING
        if self.cursor < self.stream.head:
            self.cursor, frame = self.stream.frame_after(cursor=self.cursor, viewer=self.viewer)
            return frame
        if self._has_beat:
            self._has_beat = False
            return frames.heartbeat(head=self.stream.head)
        return frames.NOTHING

    def _own_frame(self) -> Frame:
        """What is for this reader alone: a ticket, then that its page is old."""
        if self._owed and self.ticket:
            self._owed = False
            return self.ticket()
        if self._is_stale:
            self._is_stale = False
            return frames.RENEW
        return frames.NOTHING

    async def _put(self, frame: Frame) -> None:
        self.sending_since = time.monotonic()
        await self.outlet.put(frame)
        self.sending_since = None
