"""A report is on every console of a whole team within half a second, while the group talks on: from its commit to the
frame on each console's socket, and to the list that the page then asks for.

Pages are made by two processes, and their part is judged by the processor time of all pages up to one's own, shared
by two cores: by the clock it would measure what else the machine does. Waiting for a disk is left out; the time by the
clock is told beside it.
"""

from __future__ import annotations

import asyncio
import json
import math
import multiprocessing
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import override_settings

from chat.models import Post, Thread
from core.live import doorbell
from moderation.actions import queue
from moderation.enums import Act
from proof.harness import Defence, Result, none_found, swapped

SIZES = {"small": (6, 20, 6), "full": (50, 300, 60)}  # consoles, members, reports
PAGES = 2  # processes that make pages
WAITING = 10  # cases that are there all the time
LIMIT = 0.5  # seconds, 95 of 100
PATIENCE = 20.0
PAUSE = 0.1  # between two messages of the talk

# What the processes that make pages inherit: Kith as it is deployed, and each console's question as browsers ask it.
_served: list[Any] = []
_asked: list[dict[str, Any]] = []


def _serve(team: list[Any], address: str) -> None:
    with override_settings(MIDDLEWARE=[one for one in settings.MIDDLEWARE if "whitenoise" not in one]):
        _served[:] = [WSGIHandler()]  # without static files, which the tests look for anew each time
    _asked[:] = [person.client._base_environ(PATH_INFO=address) for person in team]


def _ask(number: int) -> tuple[str, set[str], float]:
    """In a process of its own: what a console's page gets, the cases on it, and the processor time it took."""
    before = time.process_time()
    said: list[str] = []
    answer = _served[0](dict(_asked[number]), lambda status, _: said.append(status))
    try:
        found = set(re.findall(r'data-case="([\w-]+)"', b"".join(answer).decode()))
    finally:
        answer.close()
    return said[0], found, time.process_time() - before


@dataclass
class _Ear:
    """One socket of a member in the talk."""

    wire: Any
    heard: int = 0
    foreign: int = 0
    listening: asyncio.Task[None] | None = field(default=None, repr=False)

    async def listen(self) -> None:
        while True:
            message = await self.wire.wire.receive_output(timeout=600)
            if message["type"] == "websocket.close":
                return
            kinds = [event["kind"] for event in json.loads(message.get("text", "{}")).get("events", [])]
            self.heard += len(kinds)
            self.foreign += sum(not kind.startswith(("post", "thread")) for kind in kinds)
            self.came(bool(kinds))

    def came(self, has_events: bool) -> None:
        """A frame is there."""


@dataclass
class _Console(_Ear):
    """One open page of the team: it asks anew for each frame, one question at a time, as static/js/team.js does."""

    number: int = 0
    pages: Any = None
    frame: float | None = None
    work: list[float] = field(default_factory=list)  # of all pages since the report, for all consoles
    shown: dict[str, tuple[float, float]] = field(default_factory=dict)  # when, and the work until then
    refused: int = 0
    asks_again: bool = False
    asking: asyncio.Task[None] | None = field(default=None, repr=False)

    def came(self, has_events: bool) -> None:
        if has_events:
            self.frame = self.frame or time.monotonic()
            self.asks_again = True
            if self.asking is None or self.asking.done():
                self.asking = asyncio.create_task(self.freshen())

    async def freshen(self) -> None:
        while self.asks_again:
            self.asks_again = False
            loop = asyncio.get_running_loop()
            status, found, spent = await loop.run_in_executor(self.pages, _ask, self.number)
            self.refused += status != "200 OK"
            self.work.append(spent)
            for case in found:
                self.shown.setdefault(case, (time.monotonic(), sum(self.work)))


def prove(size: str) -> Iterator[Result]:
    """Reports come one after another; each is decided before the next, so that the list keeps its length."""
    from tests.chat.saying import fill
    from tests.moderation.judging import report
    from tests.people import make_cast, make_thread

    consoles, members, reports = SIZES[size]
    cast = make_cast()
    thread = make_thread(cast.harbour)
    team, crowd = _people(cast, consoles, members)
    fill(cast.alice, thread, ["One of many."] * (WAITING + reports))
    posts = list(Post.objects.filter(thread=thread).select_related("thread__group"))
    for post in posts[:WAITING]:
        report(cast.bob, post)
    _serve(team, f"/g/{cast.harbour.public_id}/team/fresh/")
    connections.close_all()  # what is inherited must not be shared
    with ProcessPoolExecutor(PAGES, mp_context=multiprocessing.get_context("fork")) as pages:
        scene = _Scene(cast, thread, posts[WAITING:], pages)
        ears = asyncio.run(scene.run(team, crowd))
    yield _result("frames", "is told to every open console", scene.frames)
    yield _result(
        "on the screen", "stands in the list of every open console", scene.screens, clock=scene.clock
    )
    yield none_found(
        "members hear the talk meanwhile, and nothing of what waits",
        tried=len(ears), found=sum(not ear.heard or ear.foreign > 0 for ear in ears), part="members",
    )  # fmt: skip


def _result(part: str, what: str, seconds: list[float], *, clock: list[float] | None = None) -> Result:
    p50, p95, p99 = _shares(seconds)
    beside = (
        f"; by the clock of a machine that does other things too p95 {_shares(clock)[1]:.2f} s"
        if clock
        else ""
    )
    return Result(
        promise=f"a report {what} within {LIMIT} s",
        tried=len(seconds),
        found=f"p50 {p50:.2f} s, p95 {p95:.2f} s, p99 {p99:.2f} s{beside}",
        goal=f"p95 at most {LIMIT} s",
        holds=p95 <= LIMIT,
        part=part,
    )


def _shares(seconds: list[float]) -> list[float]:
    order = sorted(seconds)
    return [order[math.ceil(len(order) * share) - 1] for share in (0.5, 0.95, 0.99)]


def _people(cast: Any, consoles: int, members: int) -> tuple[list[Any], list[Any]]:
    from community.enums import Role
    from tests.people import add_all, make_people

    team = list(make_people({f"team{number}": True for number in range(consoles)}).values())
    crowd = list(make_people({f"crowd{number}": False for number in range(members)}).values())
    add_all([(person, cast.harbour, "", Role.MODERATOR) for person in team])
    add_all([(person, cast.harbour, "", Role.MEMBER) for person in crowd])
    return team, crowd


@dataclass
class _Scene:
    """A group at work."""

    cast: Any
    thread: Thread
    posts: list[Post]
    pages: ProcessPoolExecutor
    committed: float = 0.0
    frames: list[float] = field(default_factory=list)  # seconds to each console
    screens: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    async def run(self, team: list[Any], crowd: list[Any]) -> list[_Ear]:
        """Every report. Returns the members."""
        gid = self.thread.group.public_id
        consoles: list[_Console] = []
        ears: list[_Ear] = []
        for number, person in enumerate(team):
            wire = await _open(person, f"/live/g/{gid}/team/")
            consoles.append(_Console(wire, number=number, pages=self.pages, work=self.work))
        for person in crowd:
            ears.append(_Ear(await _open(person, f"/live/g/{gid}/t/{self.thread.public_id}/")))
        for one in [*consoles, *ears]:
            one.listening = asyncio.create_task(one.listen())
        for _ in range(2):  # each process has loaded what it needs, and the consoles come to the present
            for console in consoles:
                console.came(has_events=True)
            await self._rest(consoles)
        talk = asyncio.create_task(self._talk())
        for post in self.posts:
            await self._report(post, consoles)
            if math.inf in self.screens:
                break
        talk.cancel()
        assert not any(console.refused for console in consoles), "a page was refused"
        for one in [*consoles, *ears]:
            if one.listening:
                one.listening.cancel()
            await one.wire.leave()
        return ears

    async def _report(self, post: Post, consoles: list[_Console]) -> None:
        """One report, until every console shows it or patience is over; then it is decided."""
        from tests.moderation.judging import decide, report

        self.work.clear()
        for console in consoles:
            console.frame = None
        made = await sync_to_async(self._committed)(lambda: report(self.cast.bob, post))
        case, until = made.case.public_id, time.monotonic() + PATIENCE
        while time.monotonic() < until and any(case not in console.shown for console in consoles):
            await asyncio.sleep(0.01)
        for console in consoles:
            self._count(console, case)
        await sync_to_async(decide)(self.cast.mona, made.case, Act.NOTHING)
        await asyncio.sleep(PAUSE)
        await self._rest(consoles)

    def _count(self, console: _Console, case: str) -> None:
        told = math.inf if console.frame is None else max(0.0, console.frame - self.committed)
        moment, worked = console.shown.get(case, (math.inf, math.inf))
        self.frames.append(told)
        self.screens.append(told + worked / PAGES)
        self.clock.append(moment - self.committed)

    def _committed(self, act: Any) -> Any:
        """Do it, and keep when it was committed: the bell rings right after."""
        rung: list[float] = []
        unlisten = doorbell.listen(lambda bell, _: bell[:2] == "q:" and rung.append(time.monotonic()))
        try:
            done = act()
        finally:
            unlisten()
        self.committed = rung[0] if rung else time.monotonic()
        return done

    async def _talk(self) -> None:
        from tests.chat.saying import send

        while True:
            await sync_to_async(send)(self.cast.alice, self.thread, "And then")
            await asyncio.sleep(PAUSE)

    @staticmethod
    async def _rest(consoles: list[_Console]) -> None:
        await asyncio.gather(*(console.asking for console in consoles if console.asking))


async def _open(person: Any, path: str) -> Any:
    from tests.live.conftest import Socket, headers_of

    socket = await Socket(f"{path}?after=0", headers_of(person)).connect()
    assert socket.is_open, path
    return socket


DEFENCES = [
    Defence(name="the bell", off=swapped(doorbell, "ring", lambda **_: None)),
    Defence(name="a new case is told", off=swapped(queue, "tell", lambda **_: None)),
]
