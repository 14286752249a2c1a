"""A report is on every console of a whole team within half a second, while the group talks on: from its commit to the
frame on each console's socket, and to the list that the page then asks for. Pages are made by two processes of their
own, as on two cores."""

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
from django.db import connections

from chat.models import Post, Thread
from core.live import doorbell
from moderation.actions import queue
from moderation.enums import Act
from proof.harness import Defence, Result, none_found, swapped

SIZES = {"small": (8, 30, 10), "full": (50, 300, 60)}  # consoles, members, reports
PAGES = 2  # processes that make pages
WAITING = 10  # cases that are there all the time
LIMIT = 0.5  # seconds, 95 of 100
PATIENCE = 8.0
PAUSE = 0.1  # between two messages of the talk

_clients: list[Any] = []  # the consoles' browsers, as the processes that make pages inherit them


def _ask(number: int, address: str) -> tuple[int, set[str]]:
    """In a process of its own: what a console's page gets, and the cases on it."""
    answer = _clients[number].get(address)
    return answer.status_code, set(re.findall(r'data-case="(\w+)"', answer.content.decode()))


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
    address: str = ""
    pages: Any = None
    frame: float | None = None
    shown: dict[str, float] = field(default_factory=dict)
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
            status, found = await loop.run_in_executor(self.pages, _ask, self.number, self.address)
            self.refused += status != 200
            for case in found:
                self.shown.setdefault(case, time.monotonic())


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
    _clients[:] = [person.client for person in team]
    connections.close_all()  # what is inherited must not be shared
    with ProcessPoolExecutor(PAGES, mp_context=multiprocessing.get_context("fork")) as pages:
        scene = _Scene(cast, thread, posts[WAITING:], pages)
        frames, screens, ears = asyncio.run(scene.run(team, crowd))
    yield _result("frames", "is told to every open console", frames)
    yield _result("on the screen", "stands in the list of every open console", screens)
    yield none_found(
        "members hear the talk meanwhile, and nothing of what waits",
        tried=len(ears), found=sum(not ear.heard or ear.foreign > 0 for ear in ears), part="members",
    )  # fmt: skip


def _result(part: str, what: str, seconds: list[float]) -> Result:
    seconds.sort()
    p50, p95, p99 = (seconds[math.ceil(len(seconds) * share) - 1] for share in (0.5, 0.95, 0.99))
    return Result(
        promise=f"a report {what} within {LIMIT} s",
        tried=len(seconds),
        found=f"p50 {p50:.2f} s, p95 {p95:.2f} s, p99 {p99:.2f} s",
        goal=f"p95 at most {LIMIT} s",
        holds=p95 <= LIMIT,
        part=part,
    )


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

    async def run(self, team: list[Any], crowd: list[Any]) -> tuple[list[float], list[float], list[_Ear]]:
        """Seconds to each console, by frame and by list; and the members."""
        gid = self.thread.group.public_id
        consoles, ears = [], []
        for number, person in enumerate(team):
            wire = await _open(person, f"/live/g/{gid}/team/")
            more = {"number": number, "address": f"/g/{gid}/team/fresh/", "pages": self.pages}
            consoles.append(_Console(wire, **more))
        for person in crowd:
            ears.append(_Ear(await _open(person, f"/live/g/{gid}/t/{self.thread.public_id}/")))
        for one in [*consoles, *ears]:
            one.listening = asyncio.create_task(one.listen())
        for _ in range(2):  # each process has loaded what it needs, and the consoles come to the present
            for console in consoles:
                console.came(has_events=True)
            await self._rest(consoles)
        talk = asyncio.create_task(self._talk())
        frames: list[float] = []
        screens: list[float] = []
        for post in self.posts:
            case = await self._report(post, consoles)
            frames += [self._since(console.frame) for console in consoles]
            screens += [self._since(console.shown.get(case)) for console in consoles]
            if math.inf in screens:
                break
        talk.cancel()
        assert not any(console.refused for console in consoles), "a page was refused"
        for one in [*consoles, *ears]:
            if one.listening:
                one.listening.cancel()
            await one.wire.leave()
        return frames, screens, ears

    async def _report(self, post: Post, consoles: list[_Console]) -> str:
        """One report, until every console shows it or patience is over; then it is decided."""
        from tests.moderation.judging import decide, report

        for console in consoles:
            console.frame = None
        made = await sync_to_async(self._committed)(lambda: report(self.cast.bob, post))
        case, until = made.case.public_id, time.monotonic() + PATIENCE
        while time.monotonic() < until and any(case not in console.shown for console in consoles):
            await asyncio.sleep(0.01)
        await sync_to_async(decide)(self.cast.mona, made.case, Act.NOTHING)
        await asyncio.sleep(PAUSE)
        await self._rest(consoles)
        return str(case)

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

    def _since(self, moment: float | None) -> float:
        return math.inf if moment is None else max(0.0, moment - self.committed)

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
