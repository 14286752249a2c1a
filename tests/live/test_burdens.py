"""What could hold up everybody, or leave somebody at an open line that says nothing."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat.models import Thread
from core.live import hub, revocations, stream
from core.live.reader import Viewer
from core.live.revocations import Revocations
from tests.live.conftest import Open, Socket, headers_of
from tests.live.test_hub import KEY, Desk, until
from tests.live.test_hub import desk as desk  # noqa: PLC0414 a fixture
from tests.people import Cast, make_cast, make_thread

PLAIN = Viewer(language="en")


class Sheet:
    """A log of revocations, on paper."""

    def __init__(self, *, for_all: bool) -> None:
        self.rows: list[tuple[int, str]] = []
        revocations.register(Revocations(
            name="sheet", log=lambda: 1, head=lambda: len(self.rows), final=False, for_all=for_all,
            after=lambda after, limit: self.rows[after : after + limit],
        ))  # fmt: skip

    def name(self, ref: str) -> None:
        self.rows.append((len(self.rows) + 1, ref))


class Slow:
    """Something that is looked up in a thread, and takes as long as it is held."""

    def __init__(self) -> None:
        self.begun, self.go = 0, threading.Event()

    def __call__(self) -> Viewer:
        self.begun += 1
        assert self.go.wait(10)
        return PLAIN


async def come(desk: Desk, *, ref: str, look: Any = lambda: PLAIN, admit: Any = None) -> Any:
    seat = hub.Seat(source=desk.paper, key=KEY, viewer=PLAIN, keys={"sheet": ref}, look=look)
    reader = await desk.hub.join(admit=admit or (lambda: seat), outlet=desk.line(), after=0)
    desk.running.append((reader, asyncio.create_task(reader.run())))
    return reader.outlet


async def test_whoever_is_looked_up_holds_up_nothing_that_is_said(desk: Desk) -> None:
    sheet, slow = Sheet(for_all=True), Slow()
    lines = [await come(desk, ref=f"r{n}", look=slow) for n in range(12)]
    sheet.name("r3")
    await until(lambda: slow.begun)
    desk.paper.write("hello")
    await until(lambda: all(line.seqs == [1] for line in lines))
    assert slow.begun < len(lines)
    slow.go.set()
    await until(lambda: slow.begun == len(lines))


async def test_who_is_to_go_does_not_wait_for_who_is_let_in(desk: Desk) -> None:
    sheet, looked, door = Sheet(for_all=False), list[int](), Slow()

    def look() -> None:
        looked.append(1)

    await come(desk, ref="me", look=look)

    def admit() -> hub.Seat:
        return hub.Seat(source=desk.paper, key=KEY, viewer=door(), keys={"sheet": "new"}, look=lambda: PLAIN)

    coming = [asyncio.create_task(come(desk, ref="new", admit=admit)) for _ in range(9)]
    await until(lambda: door.begun)
    sheet.name("me")
    await until(lambda: looked)
    assert door.begun < len(coming)
    door.go.set()
    await asyncio.gather(*coming)


@pytest.mark.parametrize(("named", "times"), [("somebody", 1), ("me", 2)])
async def test_who_is_let_in_is_asked_again_only_about_themselves(desk: Desk, named: str, times: int) -> None:
    sheet, asked = Sheet(for_all=False), list[int]()
    stays = await come(desk, ref="another")

    def admit() -> hub.Seat:
        asked.append(1)
        if len(asked) == 1:
            sheet.name(named)
            before = desk.hub._recent["sheet"].head
            asyncio.run_coroutine_threadsafe(
                until(lambda: desk.hub._recent["sheet"].head > before), desk.hub._loop
            ).result(5)
        return hub.Seat(source=desk.paper, key=KEY, viewer=PLAIN, keys={"sheet": "me"}, look=lambda: PLAIN)

    line = await come(desk, ref="me", admit=admit)
    assert len(asked) == times
    desk.paper.write("hello")
    await until(lambda: line.seqs == stays.seqs == [1])


async def test_heartbeats_come_to_each_at_moments_of_their_own(desk: Desk) -> None:
    desk.hub.timing = hub.Timing(tend=0.02, heartbeat=0.6)
    lines = [await desk.join() for _ in range(60)]
    beats, last = list[int](), 0
    began = time.monotonic()
    while time.monotonic() - began < 1.0:
        await asyncio.sleep(0.02)
        heard = sum(json.loads(text)["type"] == "heartbeat" for line in lines for text in line.got)
        beats.append(heard - last)
        last = heard
    assert all(line.got for line in lines), "within one and a half of its time"
    assert max(beats) < len(lines) / 3


async def test_after_a_process_stood_still_they_come_at_moments_of_their_own_again(desk: Desk) -> None:
    desk.hub.timing = hub.Timing(tend=0.02, heartbeat=0.6)
    for _ in range(60):
        await desk.join()
    time.sleep(1.5)
    await asyncio.sleep(0.05)
    moments = sorted(reader.beat_at for reader, _ in desk.running)
    assert moments[-1] - moments[0] > 0.3


async def test_nobody_is_cut_off_for_what_the_process_itself_held_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LATE", 0.2)
    stuck, quick = await desk.join(), await desk.join()
    stuck.fill()
    desk.paper.write("one")
    await until(lambda: desk.running[0][0].sending_since and quick.seqs)
    time.sleep(0.6)
    for _ in range(3):  # so that the round of duties that is late comes first
        await asyncio.sleep(0)
    stuck.open.set()
    await until(lambda: stuck.seqs == [1])
    assert not stuck.cut


async def test_frames_that_are_kept_ready_take_no_more_than_the_window(desk: Desk) -> None:
    for number in range(40):
        desk.paper.write("x" * 20_000, ref=f"r{number}")
    made = list[int]()
    for number in range(30):
        line = await desk.join(after=number, hidden=frozenset({f"by-r{39 - number}"}))
        await until(lambda line=line, last=40 - (number == 0): line.seqs[-1:] == [last])
        batches = desk.window._batches.values()
        made.append(sum(len(frame) for batch in batches for frame in batch.frames.values()))
    assert max(made) <= stream.MAX_BYTES + stream.FRAME_BYTES + 20_000
    assert sum(now < before for before, now in itertools.pairwise(made)), "some were let go of"


async def test_duties_go_on_whatever_happened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.join()
    rounds, sweep = list[int](), hub.Hub._sweep

    def broken(self: hub.Hub, moment: float, **late: bool) -> None:
        rounds.append(1)
        if len(rounds) == 2:
            raise KeyError("unforeseen")
        sweep(self, moment, **late)

    monkeypatch.setattr(hub.Hub, "_sweep", broken)
    await until(lambda: len(rounds) > 4)


async def test_whoever_cannot_be_served_any_more_is_cut_off(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await desk.join()

    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("unforeseen")

    monkeypatch.setattr(stream.LocalStream, "frame_after", broken)
    desk.running[0][0].wake()
    desk.paper.write("hello")
    await until(lambda: line.cut)


@pytest.fixture
async def people() -> AsyncIterator[Cast]:
    yield await sync_to_async(make_cast)()


@pytest.mark.django_db(transaction=True)
async def test_a_fault_in_one_socket_leaves_nothing_of_it(
    people: Cast, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread: Thread = await sync_to_async(make_thread)(people.harbour)
    gid, tid = people.harbour.public_id, thread.public_id
    stays = await sockets(people.alice, gid=gid, tid=tid)
    goes = await Socket(f"/live/g/{gid}/t/{tid}/?after=0", headers_of(people.bob)).connect()
    assert hub.here()._inside == 2

    async def broken(*_: Any, **__: Any) -> None:
        raise KeyError("unforeseen")

    monkeypatch.setattr(hub.Hub, "go_back", broken)
    await goes.say('{"type": "after", "seq": 0}')
    await until(lambda: hub.here()._inside == 1)
    assert await stays.silent()
