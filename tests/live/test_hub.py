"""The hub by itself, over a made-up log: one read for everybody, bounded memory, and nobody waits for anybody."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Any

import pytest
from websockets import frames
from websockets.protocol import Protocol, Side, State

from core.live import doorbell, hub, revocations, stream
from core.live.frames import Frame
from core.live.reader import Reader, Viewer
from core.live.source import Event, Fragment

KEY = 7


class Paper:
    """A log on paper."""

    prefix = "paper"

    def __init__(self) -> None:
        self.rows: list[Event] = []
        self.keys = itertools.count(1)
        self.texts: dict[str, str] = {}
        self.reads = 0
        self.renders: list[str] = []

    def write(self, text: str, *, ref: str = "", ring: bool = True) -> None:
        seq = len(self.rows) + 1
        ref = ref or f"r{seq}"
        self.rows.append(Event(seq=seq, kind="written", ref=ref, row=next(self.keys)))
        self.texts[ref] = text
        if ring:
            doorbell.hear(f"paper:{KEY}", seq)

    def heads(self, *, keys: Collection[int]) -> Mapping[int, tuple[int, int]]:
        return dict.fromkeys(keys, (len(self.rows), self.rows[-1].row if self.rows else 0))

    def read_after(self, *, key: int, after: int, limit: int) -> Sequence[Event]:
        self.reads += 1
        return self.rows[after : after + limit]

    def render(self, *, key: int, refs: Collection[str], language: str) -> Mapping[str, Fragment]:
        self.renders.append(language)
        return {ref: Fragment(author=f"by-{ref}", html=self.texts[ref]) for ref in refs if ref in self.texts}


class Line:
    """An outlet that can be held up, as a slow network does. One that `writes` takes frames at once while it is open,
    as under Kith's own server; any other is asked through ASGI only."""

    def __init__(self, *, writes: bool) -> None:
        self.writes = writes
        self.waited = 0
        self.taken: list[str | bytes] = []
        self.got: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        self.on_full: Callable[[], None] = lambda: None
        self.ended: tuple[int, str] | None = None
        self.cut = False

    @property
    def wire(self) -> Line | None:
        return self if self.writes else None

    def fill(self) -> None:
        self.open.clear()
        self.on_full()

    @property
    def is_clear(self) -> bool:
        return self.open.is_set()

    def write(self, data: bytes) -> None:
        assert self.is_clear, "written to a line that is not clear"
        self.taken.append(data)
        self.got.append(unwired(data))

    async def put(self, frame: Frame) -> None:
        self.waited += 1
        await self.open.wait()
        self.taken.append(frame)
        self.got.append(frame)

    async def end(self, code: int, reason: str) -> None:
        await self.open.wait()
        self.ended = (code, reason)

    def abort(self) -> None:
        self.cut = True

    @property
    def seqs(self) -> list[int]:
        frames = [json.loads(text) for text in self.got]
        return [event["seq"] for frame in frames if frame["type"] == "events" for event in frame["events"]]


def unwired(wire: bytes) -> str:
    """The text of a WebSocket frame, as another's code reads it."""
    connection = Protocol(Side.CLIENT, state=State.OPEN)
    connection.receive_data(wire)
    [frame] = connection.events_received()
    assert isinstance(frame, frames.Frame)
    assert frame.fin
    assert frame.opcode is frames.Opcode.TEXT
    return bytes(frame.data).decode()


class Desk:
    """A hub with one paper log, and lines into it."""

    def __init__(self, *, writes: bool) -> None:
        self.writes = writes
        self.paper = Paper()
        self.hub = hub.Hub(timing=hub.Timing(tend=0.02, heal=0.2, heartbeat=60, stuck=0.3))
        self.running: list[tuple[Reader, asyncio.Task[None]]] = []

    def line(self) -> Line:
        return Line(writes=self.writes)

    async def join(
        self, *, after: int = 0, language: str = "en", hidden: frozenset[str] = frozenset()
    ) -> Line:
        line = self.line()
        viewer = Viewer(language=language, hidden=hidden)
        seat = hub.Seat(
            source=self.paper, key=KEY, viewer=viewer,
            keys={"sessions": f"s{len(self.running)}"}, look=lambda: viewer,
        )  # fmt: skip
        reader = await self.hub.join(admit=lambda: seat, outlet=line, after=after)
        self.running.append((reader, asyncio.create_task(reader.run())))
        return line

    @property
    def window(self) -> stream.LocalStream:
        return self.running[0][0].stream

    def close(self) -> None:
        for reader, task in self.running:
            task.cancel()
            self.hub.leave(reader)


@pytest.fixture(params=[True, False], ids=["writes", "asgi"])
async def desk(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    monkeypatch.setattr(revocations, "_streams", {})
    made = Desk(writes=request.param)
    yield made
    made.close()
    assert made.hub._inside == 0
    assert not made.hub._places
    assert not made.hub._by_key


async def until(true: Any, seconds: float = 2) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


async def test_one_read_and_one_frame_for_everybody(desk: Desk) -> None:
    lines = [await desk.join() for _ in range(50)]
    reads = desk.paper.reads
    desk.paper.write("hello")
    await until(lambda: all(line.got for line in lines))
    assert desk.paper.reads == reads + 1
    assert desk.paper.renders == ["en"]
    assert len({id(line.taken[0]) for line in lines}) == 1, "all hold the same frame"


async def test_one_frame_for_each_visibility_class(desk: Desk) -> None:
    plain = [await desk.join() for _ in range(3)]
    spanish = await desk.join(language="es")
    hides = await desk.join(hidden=frozenset({"by-r1"}))
    hides_another = await desk.join(hidden=frozenset({"by-r9"}))
    desk.paper.write("one")
    await until(lambda: all(line.got for line in [*plain, spanish, hides, hides_another]))
    assert hides.seqs == []
    assert json.loads(hides.got[0])["to"] == 1, "the place in the log moves on even so"
    assert hides_another.taken[0] is plain[0].taken[0], (
        "hiding somebody who wrote nothing here makes no class"
    )
    assert sorted(desk.paper.renders) == ["en", "es"]


async def test_rings_while_reading_make_one_more_frame_not_many(desk: Desk) -> None:
    line = await desk.join()
    for number in range(100):
        desk.paper.write(f"m{number}")
    await until(lambda: len(line.seqs) == 100)
    assert line.seqs == list(range(1, 101))
    assert len(line.got) <= 3


async def test_a_ring_that_skips_numbers_delivers_what_was_skipped_first(desk: Desk) -> None:
    line = await desk.join()
    desk.paper.write("one", ring=False)
    desk.paper.write("two", ring=False)
    desk.paper.write("three")
    await until(lambda: len(line.seqs) == 3)
    assert line.seqs == [1, 2, 3]


async def test_a_slow_reader_delays_nobody_holds_no_queue_and_is_replayed(desk: Desk) -> None:
    slow, quick = await desk.join(), await desk.join()
    desk.hub.timing = hub.Timing(tend=0.02, heal=0.2, heartbeat=60, stuck=60)
    slow.fill()
    for number in range(50):
        desk.paper.write(f"m{number}")
        await until(lambda number=number: len(quick.seqs) == number + 1)
    held = desk.running[0][0]
    values = {name: getattr(held, name) for name in held.__slots__}
    assert not [name for name, value in values.items() if isinstance(value, list | dict) and len(value) > 1]
    slow.open.set()
    await until(lambda: len(slow.seqs) == 50)
    assert slow.seqs == list(range(1, 51))
    assert len(slow.got) < 50, "what it missed comes joined"


async def test_a_line_that_is_clear_is_written_to_at_once(desk: Desk) -> None:
    line = await desk.join()
    await asyncio.sleep(0.01)
    for number in range(20):
        desk.paper.write(f"m{number}")
        await until(lambda number=number: len(line.seqs) == number + 1)
    assert line.waited == (0 if desk.writes else 20)


async def test_a_wire_that_breaks_is_cut_and_costs_nobody_else_anything(desk: Desk) -> None:
    lines = [await desk.join() for _ in range(5)]
    await asyncio.sleep(0.01)

    def breaks(_: bytes) -> None:
        raise RuntimeError

    broken = desk.running[2][0]
    if broken.together:
        broken.together.writes[broken] = breaks
    for text in ("one", "two"):
        desk.paper.write(text)
    await until(lambda: all(line.seqs == [1, 2] for line in lines if line is not lines[2]))
    assert lines[2].cut == desk.writes
    assert not any(line.cut for line in lines if line is not lines[2])


async def test_who_went_by_themselves_stand_by_again(desk: Desk) -> None:
    slow, other = await desk.join(), await desk.join()
    await asyncio.sleep(0.01)
    slow.fill()
    desk.paper.write("one")
    await until(lambda: other.seqs == [1])
    slow.open.set()
    await until(lambda: slow.seqs == [1])
    await asyncio.sleep(0.01)
    desk.paper.write("two")
    await until(lambda: slow.seqs == other.seqs == [1, 2])
    assert slow.waited == (1 if desk.writes else 2)
    assert slow.taken[-1] is other.taken[-1]


@pytest.mark.parametrize("size", [0, 40, 125, 126, 65_535, 65_536, 200_000])
def test_a_frame_goes_over_the_wire_as_it_is(size: int) -> None:
    text = "é" * (size // 2) + "x" * (size % 2)
    assert unwired(Frame(text).wire) == text


async def test_a_reader_too_far_behind_is_told_to_reload_and_memory_stays_bounded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MAX_BYTES", 100_000)
    slow, quick = await desk.join(), await desk.join()
    desk.hub.timing = hub.Timing(tend=0.02, heal=0.2, heartbeat=60, stuck=60)
    slow.fill()
    for number in range(200):
        desk.paper.write("x" * 5_000)
        await until(lambda number=number: len(quick.seqs) == number + 1)
        assert desk.window.size <= 100_000 + 5_010
    assert len(desk.window._events) <= 21
    slow.open.set()
    await until(lambda: slow.ended is not None)
    assert json.loads(slow.got[-1]) == {"type": "reload"}
    assert slow.ended[0] == 4408  # type: ignore[index]
    assert quick.seqs == list(range(1, 201))


async def test_the_window_is_bounded_in_number_too(desk: Desk) -> None:
    line = await desk.join()
    for number in range(stream.MAX_EVENTS + 120):
        desk.paper.write(str(number))
        if number % 100 == 0:
            await asyncio.sleep(0.02)
    await until(lambda: len(line.seqs) == stream.MAX_EVENTS + 120)
    assert len(desk.window._events) == stream.MAX_EVENTS
    assert len(desk.window._shown) == stream.MAX_EVENTS


async def test_a_reader_that_takes_nothing_is_cut_off(desk: Desk) -> None:
    stuck, quick = await desk.join(), await desk.join()
    stuck.fill()
    desk.paper.write("one")
    await until(lambda: stuck.cut)
    desk.paper.write("two")
    await until(lambda: quick.seqs == [1, 2])
    assert not quick.cut
    assert len(desk.window.readers) == 1


async def test_a_lost_ring_is_healed_by_reading_heads(desk: Desk) -> None:
    line = await desk.join()
    desk.paper.write("unheard", ring=False)
    await until(lambda: line.seqs == [1])


async def test_a_text_changed_later_is_never_replayed_as_it_was(desk: Desk) -> None:
    first = await desk.join()
    desk.paper.write("a secret", ref="same")
    await until(lambda: first.seqs == [1])
    desk.paper.write("taken away", ref="same")
    await until(lambda: first.seqs == [1, 2])
    late = await desk.join(after=0)
    await until(lambda: late.seqs == [1, 2])
    assert "a secret" not in "".join(late.got)


async def test_a_log_that_cannot_be_read_for_a_moment_is_read_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await desk.join()
    real, broken = desk.paper.read_after, [True]

    def sometimes(**wanted: Any) -> Sequence[Event]:
        if broken.pop() if broken else False:
            raise OSError
        return real(**wanted)

    monkeypatch.setattr(desk.paper, "read_after", sometimes)
    desk.paper.write("one")
    await until(lambda: line.seqs == [1])
    assert not broken


async def test_a_hub_without_readers_rests(desk: Desk) -> None:
    listeners = len(doorbell._listeners)
    await desk.join()
    assert len(doorbell._listeners) == listeners + 1
    desk.close()
    desk.running.clear()
    assert len(doorbell._listeners) == listeners
    assert not desk.hub._tasks
    line = await desk.join()
    desk.paper.write("again")
    await until(lambda: line.seqs == [1])


async def test_too_many_at_the_door_are_sent_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MAX_JOINING", 0)
    with pytest.raises(hub.Busy):
        await desk.join()
