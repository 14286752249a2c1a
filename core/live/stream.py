"""One stream in one process: a bounded window of its latest events, shared by however many readers."""

from __future__ import annotations

import asyncio
import json
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core import clock
from core.live import frames
from core.live.frames import Frame
from core.live.pool import in_thread
from core.live.reader import BEHIND, Reader, Viewer
from core.live.source import Event, Fragment, Source

BATCH = 200  # events read at once
REPLAY = 200  # further behind than this: reload the page
MAX_EVENTS = 500  # kept for slow and returning readers
MAX_BYTES = 1_048_576
FRAME_BYTES = 262_144  # a longer replay is cut into several frames
MAX_BATCHES = 64
MAX_PAUSE = 0.05  # seconds

Rendered = dict[str, Mapping[str, Fragment]]  # language -> reference -> fragment


class StreamGone(Exception):
    """The stream is no longer there."""


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a reader at one place, in one language, gets next: where it leads, and one frame for each class of readers,
    which is those authors of it that they do not see: usually one class for all."""

    events: list[Event]
    to: int
    authors: frozenset[str]
    frames: dict[frozenset[str], Frame] = field(default_factory=dict)


@dataclass(slots=True)
class _Shown:
    """A reference as it is now: its HTML as JSON, once per language present."""

    author: str = ""
    html: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(map(len, self.html.values()))


@dataclass(slots=True, kw_only=True)
class Together:
    """Readers who have all that there is, see the same, and whose wires are clear: what comes next for one comes next
    for all. Nothing is asked of each of them; whoever is to have something else steps out first."""

    viewer: Viewer
    cursor: int
    writes: dict[Reader, Callable[[bytes], None]] = field(default_factory=dict)


class LocalStream:
    """The window (start, head] of one stream. Every event in it shows its reference as it is now, so that a
    replay never brings back what was edited or removed since. It is of one day: what it shows names days, and people
    by names that may be gone tomorrow."""

    def __init__(self, *, source: Source, key: int) -> None:
        self.source = source
        self.key = key
        self.start = 0
        self.head = 0
        self.last = 0  # the row of the event at the head
        self.readers: set[Reader] = set()
        self._apart: set[Reader] = set()  # those who send by themselves
        self._together: dict[tuple[str, frozenset[str]], Together] = {}
        self.is_open = False
        self._day = clock.today()
        self._languages: set[str] = set()
        self._events: list[Event] = []
        self._seqs: list[int] = []
        self._shown: dict[str, _Shown] = {}
        self._uses: Counter[str] = Counter()
        self._batches: dict[tuple[int, str], _Batch] = {}
        self._made = 0  # characters in their frames
        self._woken_at = 0.0
        self._lock = asyncio.Lock()

    # --- who is here -----------------------------------------------------------------------------------------
    def add(self, reader: Reader) -> None:
        """It has come."""
        self.readers.add(reader)
        self._apart.add(reader)

    def remove(self, reader: Reader) -> None:
        """It is gone."""
        self.step_out(reader)
        self.readers.discard(reader)
        self._apart.discard(reader)

    def stand_by(self, reader: Reader) -> None:
        """It has all that there is, and nothing else to send. Without a clear wire it goes on by itself."""
        if reader.wire is None or not reader.wire.is_clear or reader not in self._apart:
            return
        eyes = reader.viewer.language, reader.viewer.hidden
        if eyes not in self._together:
            self._together[eyes] = Together(viewer=reader.viewer, cursor=self.head)
        reader.together = self._together[eyes]
        reader.together.writes[reader] = reader.wire.write
        self._apart.discard(reader)

    def step_out(self, reader: Reader) -> None:
        """From here on it goes by itself, from where all of them are."""
        if together := reader.together:
            reader.together, reader.cursor = None, together.cursor
            del together.writes[reader]
            self._apart.add(reader)
            if not together.writes:
                del self._together[together.viewer.language, together.viewer.hidden]

    # --- reading the log -------------------------------------------------------------------------------------
    async def catch_up(self) -> None:
        """Read what is new, once for everybody, and wake the readers."""
        before = self.head
        async with self._lock:
            if self.is_open:
                await self._catch_up()
        if self.head != before:
            await self._pause()

    async def reach(self, *, after: int, language: str) -> bool:
        """Make the window reach back to `after` in a language. False: too far, or ahead of the log."""
        async with self._lock:
            if not self.is_open:
                await self._open()
            self._begin_day()
            if language not in self._languages:
                await self._add_language(language)
            if after > self.head:  # the reader's own post may be newer than our last look
                await self._catch_up()
            if after < self.start and self.head - after <= REPLAY:
                await self._reach_back(after)
            return self.start <= after <= self.head

    async def _open(self) -> None:
        heads = await in_thread(lambda: self.source.heads(keys=[self.key]))
        if self.key not in heads:
            raise StreamGone
        head, self.last = heads[self.key]
        self._begin(head)
        self.is_open = True

    def _begin(self, head: int) -> None:
        """With an empty window."""
        self.start = self.head = head
        self._events, self._seqs = [], []
        self._shown.clear()
        self._uses.clear()
        self._let_go_of_frames()

    def _begin_day(self) -> None:
        if self._day != clock.today():
            self._day = clock.today()
            self._begin(self.head)

    def start_over(self) -> None:
        """The log is not the one that was followed: it went back, as a restored one does. Whoever reads it has to load
        the page again, and whoever comes finds the log as it is."""
        self.is_open = False
        for reader in list(self.readers):
            reader.end(BEHIND)

    async def _catch_up(self) -> None:
        is_more = True
        while is_more:
            is_same, rows, rendered = await in_thread(self._read_on)
            if not is_same:
                self.start_over()
            if not rows or not self.is_open:
                return
            self._begin_day()
            self._keep(rows, rendered, at=len(self._events))
            self.head, self.last = rows[-1].seq, rows[-1].row
            self.wake()
            self._trim()
            is_more = len(rows) == BATCH

    async def _reach_back(self, after: int) -> None:
        rows, rendered = await in_thread(lambda: self._read(after, self.start - after))
        older = [row for row in rows if row.seq <= self.start]
        self.start = after
        self._keep(older, rendered, at=0)
        self._trim()

    async def _add_language(self, language: str) -> None:
        refs = list(self._shown)
        if refs:
            rendered = await in_thread(lambda: self.source.render(key=self.key, refs=refs, language=language))
            self._show(refs, {language: rendered})
        self._languages.add(language)

    def _read(self, after: int, limit: int) -> tuple[Sequence[Event], Rendered]:
        """In a thread: events, and their references as they are now."""
        rows = self.source.read_after(key=self.key, after=after, limit=limit)
        return rows, self._rendered(rows)

    def _read_on(self) -> tuple[bool, Sequence[Event], Rendered]:
        """In a thread: what came after the head; and whether the log has at the head what it had. A log that went back
        may have been written on beyond it since."""
        rows = list(self.source.read_after(key=self.key, after=max(0, self.head - 1), limit=BATCH + 1))
        at_head = rows.pop(0).row if rows and rows[0].seq == self.head else self.last
        return at_head == self.last, rows[:BATCH], self._rendered(rows[:BATCH])

    def _rendered(self, rows: Sequence[Event]) -> Rendered:
        """Once per language present."""
        refs = {row.ref for row in rows}
        if not refs:
            return {}
        languages = list(self._languages)
        return {name: self.source.render(key=self.key, refs=refs, language=name) for name in languages}

    # --- the window ------------------------------------------------------------------------------------------
    def _keep(self, rows: Sequence[Event], rendered: Rendered, *, at: int) -> None:
        self._events[at:at] = rows
        self._seqs = [event.seq for event in self._events]
        self._uses.update(row.ref for row in rows)
        self._show({row.ref for row in rows}, rendered)

    def _trim(self) -> None:
        """Let go of what is oldest: after all who stand by have it."""
        drop, size = 0, sum(shown.size for shown in self._shown.values())
        while len(self._events) - drop > MAX_EVENTS or (size > MAX_BYTES and drop < len(self._events)):
            oldest = self._events[drop]
            drop += 1
            self.start = oldest.seq
            self._uses[oldest.ref] -= 1
            if not self._uses[oldest.ref]:
                del self._uses[oldest.ref]
                size -= self._shown.pop(oldest.ref).size
        del self._events[:drop], self._seqs[:drop]

    def _show(self, refs: Iterable[str], rendered: Rendered) -> None:
        self._let_go_of_frames()
        nothing = Fragment(author="", html="")
        for ref in refs:
            shown = self._shown.setdefault(ref, _Shown())
            for language, fragments in rendered.items():
                fragment = fragments.get(ref, nothing)
                shown.author = fragment.author
                shown.html[language] = json.dumps(fragment.html)

    @property
    def size(self) -> int:
        """Characters held for replays."""
        return sum(shown.size for shown in self._shown.values())

    # --- handing out -----------------------------------------------------------------------------------------
    def frame_after(self, *, cursor: int, viewer: Viewer) -> tuple[int, Frame]:
        """The next frame for a reader at `cursor`, and where it leads: encoded once for each class of readers."""
        batch = self._batches.get((cursor, viewer.language)) or self._cut(cursor, viewer.language)
        hidden = viewer.hidden & batch.authors if viewer.hidden else viewer.hidden
        frame = batch.frames.get(hidden)
        if frame is None:
            seen = [event for event in batch.events if self._shown[event.ref].author not in hidden]
            items = [self._item(event, viewer.language) for event in seen]
            batch.frames[hidden] = frame = frames.events(to=batch.to, items=items)
            self._made += len(frame)
        return batch.to, frame

    def _cut(self, cursor: int, language: str) -> _Batch:
        first = bisect_right(self._seqs, cursor)
        last, size = first, 0
        while last < len(self._events) and (size < FRAME_BYTES or last == first):
            size += len(self._shown[self._events[last].ref].html.get(language, ""))
            last += 1
        events = self._events[first:last]
        batch = _Batch(
            events=events,
            to=events[-1].seq if last < len(self._events) else self.head,
            authors=frozenset(self._shown[event.ref].author for event in events),
        )
        if len(self._batches) > MAX_BATCHES or self._made > MAX_BYTES:  # readers at many places
            self._let_go_of_frames()
        self._batches[cursor, language] = batch
        return batch

    def _let_go_of_frames(self) -> None:
        self._batches.clear()
        self._made = 0

    def _item(self, event: Event, language: str) -> str:
        html = self._shown[event.ref].html.get(language, '""')
        head = json.dumps({"seq": event.seq, "kind": event.kind, "id": event.ref})
        return f'{head[:-1]}, "html": {html}}}'

    async def _pause(self) -> None:
        """Rest for as long as the handing out took: what is rung meanwhile shares a frame. With nothing to do it is no
        time at all; the more there is, the fewer the writes."""
        await asyncio.sleep(0)  # servers write at the end of a turn
        await asyncio.sleep(min(time.monotonic() - self._woken_at, MAX_PAUSE))

    def wake(self) -> None:
        """Hand what is new to those who stand by, and let the others look: none waits for another."""
        self._woken_at = time.monotonic()
        for together in list(self._together.values()):
            try:
                self._hand_out(together)
            except Exception:  # each finds out by itself, and ends if it cannot go on
                self._part(together)
        for reader in list(self._apart):
            reader.wake()

    def _hand_out(self, together: Together) -> None:
        while together.cursor < self.head:
            if together.cursor < self.start:
                self._part(together)
                return
            together.cursor, frame = self.frame_after(cursor=together.cursor, viewer=together.viewer)
            data = frame.wire
            for write in list(together.writes.values()):
                try:
                    write(data)
                except Exception:  # the others get it even so, and this one when it comes back
                    for broken in [one for one, its in together.writes.items() if its is write]:
                        broken.wake()
                        broken.outlet.abort()

    def _part(self, together: Together) -> None:
        for reader in list(together.writes):
            reader.wake()
