"""The hub: one per event loop. It listens to the doorbell, reads each log once, and tends the readers."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings

from core import clock
from core.live import doorbell, frames, pool, reader, revocations, subscription, tickets
from core.live.again import Again
from core.live.frames import Frame
from core.live.pool import in_thread
from core.live.reader import Ending, Outlet, Reader, Viewer
from core.live.revocations import Mark, Recent
from core.live.source import Source
from core.live.stream import LocalStream, StreamGone
from core.live.tickets import Ticket

logger = logging.getLogger("kith.live")

MAX_JOINING = 500  # sockets being let in at one time
DOORS = 2  # looked up at one time, who comes or looks with all others; the other threads are for what is said
MAX_PER_KEY = 20  # sockets of one session
LATE = 2.0  # seconds by which a round of duties may be held up
MAX_AGE = 6 * 3600.0  # seconds; then the client comes back, and is asked again who it is


class Refused(Exception):
    """This reader may not listen here, or there is nothing here: the answer is the same."""


class Busy(Exception):
    """Too many at once: try again later."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Leave to read one stream. `keys` maps a stream of revocations to the reference that would end the leave;
    `look` says what the reader may see as things are now, or None, in a thread. `is_stale`: the page it follows
    was made for other eyes. `seal` makes a ticket for its reader to come back with, where one is wanted; `ticket` is
    the one that this leave came out of, if no door was asked."""

    source: Source
    key: int
    viewer: Viewer
    keys: dict[str, str]
    look: Callable[[], Viewer | None]
    is_stale: bool = False
    seal: Callable[[Ticket], str] | None = None
    ticket: Ticket | None = None


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds between the duties of a hub."""

    tend: float = 1.0
    heal: float = 4.0
    heartbeat: float = 20.0
    stuck: float = 10.0  # a reader that took nothing for so long is dropped


TIMING = Timing()


@dataclass(slots=True)
class _Place:
    """A local stream and the work of catching up with its log."""

    stream: LocalStream
    again: Again


@dataclass
class Hub:
    """All readers of one event loop. It works while it has readers, and rests otherwise."""

    timing: Timing = field(default_factory=lambda: TIMING)

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._places: dict[str, _Place] = {}
        self._by_key: dict[tuple[str, str], set[Reader]] = defaultdict(set)
        self._recent: dict[str, Recent] = {}
        self._settled: dict[str, int] = {}  # up to here every reader has looked again, or ended
        self._revoking: dict[str, Again] = {}
        self._healing = Again(self._heal)
        self._doors = asyncio.Semaphore(DOORS)
        self._inside = 0
        self._joining = 0
        self._started: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._unlisten: Callable[[], None] | None = None

    # --- coming and going ------------------------------------------------------------------------------------
    async def join(
        self, *, admit: Callable[[], Seat], outlet: Outlet, after: int, shown: Seat | None = None
    ) -> Reader:
        """Let a socket in. `admit` decides, in a thread, unless `shown` came out of a ticket that still holds. Raises
        Refused or Busy.

        The caller runs `reader.run()` once the socket is accepted, and calls `leave` when it is over.
        """
        if self._joining >= MAX_JOINING and not (shown and self._still_holds(shown)):
            raise Busy  # at the door; who has a ticket goes past it
        self._joining += 1
        self._inside += 1
        try:
            await self._start()
            reader_ = await self._let_in(admit, outlet, after, shown)
        except BaseException:
            self._one_less()
            raise
        finally:
            self._joining -= 1
        return reader_

    def leave(self, gone: Reader) -> None:
        """A socket is over. Harmless when repeated."""
        if gone not in gone.stream.readers:
            return
        self._forget(gone)
        self._one_less()

    async def _let_in(
        self, admit: Callable[[], Seat], outlet: Outlet, after: int, shown: Seat | None
    ) -> Reader:
        seat = shown if shown and self._still_holds(shown) else await self._ask(admit)
        if any(len(self._by_key.get(key, ())) >= MAX_PER_KEY for key in seat.keys.items()):
            raise Busy
        place = self._place(seat)
        asked_at = seat.ticket.asked_at if seat.ticket else clock.now().timestamp()
        joined = Reader(
            stream=place.stream, viewer=seat.viewer, outlet=outlet, cursor=after, keys=seat.keys, look=seat.look,
            opened_at=tickets.opened_at(asked_at), is_stale=seat.is_stale,
        )  # fmt: skip
        if seat.seal:
            joined.ticket = partial(self._ticket, joined, seat.seal, asked_at)
            joined.owe_ticket()
        joined.beat_at = time.monotonic() + self.timing.heartbeat * (0.5 + random.random())  # noqa: S311 - no secret
        self._remember(joined, place)
        try:
            if not await place.stream.reach(after=after, language=seat.viewer.language):
                joined.end(reader.BEHIND)
        except StreamGone:
            self._forget(joined)
            raise Refused from None
        except BaseException:
            self._forget(joined)
            raise
        return joined

    async def _ask(self, admit: Callable[[], Seat]) -> Seat:
        for _ in range(3):
            marks = {name: Mark(log=recent.log, seq=recent.head) for name, recent in self._recent.items()}
            async with self._doors:
                seat = await in_thread(admit)
            if self._is_clear(marks, seat.keys):
                return seat  # nothing came meanwhile that would end it, and from here on we would be told
        raise Busy

    def _is_clear(self, marks: Mapping[str, Mark], keys: Mapping[str, str]) -> bool:
        return all(
            self._recent[name].is_clear(since=mark, ref=keys.get(name, "")) for name, mark in marks.items()
        )

    def _still_holds(self, shown: Seat) -> bool:
        """Whether nothing came since that an open socket would have heard, nor is about to. Where we cannot tell, it
        does not hold."""
        if any(again.is_busy for again in self._revoking.values()):
            return False
        marks = shown.ticket.marks if shown.ticket else {}
        return marks.keys() == self._recent.keys() and self._is_clear(marks, shown.keys)

    def _ticket(self, reader_: Reader, seal: Callable[[Ticket], str], asked_at: float) -> Frame:
        """What the reader is to show when it comes back, as of what it was told. One that could never be looked over
        later is none: its holder is asked at the door."""
        marks = {
            name: Mark(log=recent.log, seq=self._settled[name])
            for name, recent in self._recent.items()
            if recent.is_known
        }
        keys = {name: ref for name, ref in reader_.keys.items() if not self._recent[name].stream.final}
        made = Ticket(
            key=reader_.stream.key, viewer=reader_.viewer, keys=keys, marks=marks, asked_at=asked_at
        )  # fmt: skip
        return frames.ticket(seal(made))

    async def go_back(self, asking: Reader, *, seq: int) -> None:
        """A client says how far it has come: hand it what is missing, or tell it to reload."""
        if await asking.stream.reach(after=seq, language=asking.viewer.language):
            asking.go_back_to(seq)
        else:
            asking.end(reader.BEHIND)

    def _place(self, seat: Seat) -> _Place:
        bell = f"{seat.source.prefix}:{seat.key}"
        if bell not in self._places:
            stream = LocalStream(source=seat.source, key=seat.key)
            self._places[bell] = _Place(stream=stream, again=Again(stream.catch_up))
        return self._places[bell]

    def _remember(self, joined: Reader, place: _Place) -> None:
        place.stream.add(joined)
        for key in joined.keys.items():
            self._by_key[key].add(joined)

    def _forget(self, gone: Reader) -> None:
        gone.stream.remove(gone)
        for key in gone.keys.items():
            self._by_key[key].discard(gone)
            if not self._by_key[key]:
                del self._by_key[key]
        bell = f"{gone.stream.source.prefix}:{gone.stream.key}"
        place = self._places[bell]
        if not place.stream.readers:
            place.again.cancel()
            del self._places[bell]

    # --- working and resting ---------------------------------------------------------------------------------
    async def _start(self) -> None:
        self._unlisten = self._unlisten or doorbell.listen(self._hear)
        if self._started is None:
            self._started = self._loop.create_task(self._set_out())
        try:
            await asyncio.shield(self._started)
        except Exception:
            self._started = None  # the next one tries again
            raise

    async def _set_out(self) -> None:
        tending = self._loop.create_task(self._tend())  # it gives up what hangs, also this first question
        try:
            self._recent = await in_thread(revocations.recall)
        except BaseException:
            tending.cancel()
            raise
        self._tasks.append(tending)
        self._settled = {name: recent.head for name, recent in self._recent.items()}
        self._revoking = {name: Again(partial(self._revoke, name)) for name in self._recent}
        if settings.KITH_REDIS_URL:
            heard = subscription.listen(
                url=settings.KITH_REDIS_URL, heard=self._ring, connected=self._healing.ask
            )
            self._tasks.append(self._loop.create_task(heard))

    def _everybody(self) -> list[Reader]:
        return [found for place in self._places.values() for found in place.stream.readers]

    def _one_less(self) -> None:
        self._inside -= 1
        if not self._inside:
            self._rest()

    def _rest(self) -> None:
        if self._unlisten:
            self._unlisten()
            self._unlisten = None
        for again in [self._healing, *self._revoking.values()]:
            again.cancel()
        for task in [*self._tasks, *filter(None, [self._started])]:
            task.cancel()
        self._tasks.clear()
        self._started = None

    # --- the doorbell ----------------------------------------------------------------------------------------
    def _hear(self, bell: str, seq: int) -> None:
        """From any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring, bell, seq)

    def _ring(self, bell: str, seq: int) -> None:
        place = self._places.get(bell)
        if place and seq > place.stream.head:
            place.again.ask()
        elif bell in self._revoking and seq > self._recent[bell].head:
            self._revoking[bell].ask()

    async def _revoke(self, name: str) -> None:
        recent = self._recent[name]
        stream, before = recent.stream, recent.head
        news = await in_thread(lambda: revocations.read(name=name, after=before, last=recent.last))
        log = recent.log if recent.log and news.is_whole else await in_thread(stream.log)
        recent.add(news, log=log)
        is_all = not news.is_whole or (news.refs and stream.for_all)
        named = (found for ref in news.refs for found in self._by_key.get((name, ref), ()))
        touched = self._everybody() if is_all else list(named)
        if stream.final or not news.is_whole:  # where it could be anybody, each is asked at the door
            for found in touched:
                found.end(reader.REVOKED if news.is_whole else reader.AGAIN)
        else:
            look = self._look_in_turn if stream.for_all else self._look_again
            await asyncio.gather(*(look(found) for found in touched))
        self._settled[name] = news.upto

    async def _look_in_turn(self, found: Reader) -> None:
        async with self._doors:
            await self._look_again(found)

    async def _look_again(self, found: Reader) -> None:
        try:
            viewer = await in_thread(found.look)
            if viewer is None:
                found.end(reader.REVOKED)
            else:
                found.see_as(viewer)
        except Exception as error:  # we cannot tell: the client comes back and is asked as at the door
            logger.warning("standing not read: %s", type(error).__name__)
            found.end(Ending(code=reader.TRY_LATER))

    # --- duties ----------------------------------------------------------------------------------------------
    async def _tend(self) -> None:
        """Drop the stuck, send heartbeats, and heal what a lost doorbell left behind."""
        healed = time.monotonic()
        while True:
            due = time.monotonic() + self.timing.tend
            await asyncio.sleep(self.timing.tend)
            moment = time.monotonic()
            try:
                self._sweep(moment, is_late=moment - due > LATE)
            except Exception as error:  # whatever it is, the next round is held all the same
                logger.warning("duty not done: %s", type(error).__name__)
            if moment - healed >= self.timing.heal:
                healed = moment
                self._healing.ask()
            if moment - due <= LATE and pool.give_up_late():
                healed = -math.inf  # what was given up is asked for again with the next round

    def _sweep(self, moment: float, *, is_late: bool) -> None:
        """Whoever took nothing is not to blame where the process itself stood still.

        Heartbeats come to each at moments of its own: to seal a ticket for all at once would hold up what is said.
        And they come always: a ticket that came only after somebody's place changed would tell all that read anywhere
        that somebody had just left, muted or been limited somewhere."""
        for found in self._everybody():
            since = found.sending_since
            if since is not None and moment - since > self.timing.stuck and not is_late:
                found.outlet.abort()
                self.leave(found)
            elif moment - found.opened_at > MAX_AGE:
                found.end(reader.AGAIN)
            elif moment >= found.beat_at:
                late = moment - found.beat_at
                found.beat_at += self.timing.heartbeat * (1 + late // self.timing.heartbeat)
                found.beat()

    async def _heal(self) -> None:
        """Read the heads of all local streams and all revocations: one query for each kind."""
        for again in self._revoking.values():
            again.ask()
        kinds: dict[str, list[_Place]] = defaultdict(list)
        for place in self._places.values():
            kinds[place.stream.source.prefix].append(place)
        for places in kinds.values():
            source = places[0].stream.source
            before = {place.stream.key: place.stream.head for place in places}
            heads = await in_thread(partial(source.heads, keys=list(before)))
            for place in places:
                self._compare(place, heads.get(place.stream.key), before[place.stream.key])

    def _compare(self, place: _Place, found: tuple[int, int] | None, before: int) -> None:
        stream = place.stream
        if found is None:
            for one in list(stream.readers):
                one.end(reader.REVOKED)
        elif not stream.is_open:  # nothing of it is handed out yet
            return
        elif found[0] < min(before, stream.head) or (found[0] == stream.head and found[1] != stream.last):
            stream.start_over()  # what was handed out is not what the log holds
        elif found[0] > stream.head:
            place.again.ask()


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def here() -> Hub:
    """The hub of the running loop, made on first use."""
    loop = asyncio.get_running_loop()
    for old in [known for known in _hubs if known.is_closed()]:
        del _hubs[old]
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
