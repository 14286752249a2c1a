"""Who may no longer listen hears nothing more: within a second, or six where the doorbell is not heard, and everybody
else goes on hearing."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async

from accounts.actions import closing, sessions
from accounts.keys import session_tag
from chat.models import Thread
from community.actions import leaving, roles, standing
from community.enums import Role
from community.errors import MayNot
from config import sockets
from core import clock
from core.live import doorbell, hub
from moderation import acts
from moderation.enums import Act, Scope
from proof.harness import Defence, Result, none_found, swapped

SIZES = {"small": 40, "full": 2000}
AT_ONCE = 200  # sockets open at one time
LIMITS = {"doorbell": 1.0, "Redis stopped": 6.0}  # seconds, 95 of 100
BYSTANDERS = 3
PATIENCE = 8.0  # seconds after the last of a batch


@dataclass
class _Ear:
    """One socket, and when what came on it came."""

    person: Any
    wire: Any
    ended: float | None = None
    last: float = 0.0
    heard: int = 0
    committed: float = 0.0
    listening: asyncio.Task[None] | None = field(default=None, repr=False)

    async def listen(self) -> None:
        while True:
            message = await self.wire.wire.receive_output(timeout=600)
            self.last = time.monotonic()
            if message["type"] == "websocket.close":
                self.ended = self.last
                return
            self.heard += 1

    @property
    def seconds(self) -> float:
        """From the commit to the last that came; without end, forever."""
        return math.inf if self.ended is None else max(0.0, self.last - self.committed)


def prove(size: str) -> Iterator[Result]:
    """Revocations of each kind while somebody goes on writing."""
    from tests.people import make_cast, make_thread

    cast = make_cast()
    thread = make_thread(cast.harbour)
    for part, limit in LIMITS.items():
        seconds: list[float] = []
        missed = bystanders = 0
        for number in range(0, SIZES[size], AT_ONCE):
            count = min(AT_ONCE, SIZES[size] - number)
            rings = part == "doorbell"
            with swapped(doorbell, "ring", doorbell.ring if rings else lambda **_: None)():
                name = f"{part[:4]}{number}"
                revoked, others = asyncio.run(_batch(cast, thread, count, name=name, in_turn=rings))
            seconds += [ear.seconds for ear in revoked]
            missed += sum(ear.ended is not None or not ear.heard for ear in others)
            bystanders += len(others)
        yield _result(part, seconds, limit)
        yield none_found(
            "who was not meant goes on hearing", tried=bystanders, found=missed, part=f"{part}, bystanders"
        )
    yield _muted(cast, thread)


def _result(part: str, seconds: list[float], limit: float) -> Result:
    seconds.sort()
    p95 = seconds[math.ceil(len(seconds) * 0.95) - 1]
    return Result(
        promise=f"after {', '.join(_kinds())} the last frame comes within {limit:.0f} s ({part})",
        tried=len(seconds),
        found=f"p95 {p95:.2f} s, longest {seconds[-1]:.2f} s",
        goal=f"p95 at most {limit:.0f} s",
        holds=p95 <= limit,
        part=part,
    )


async def _batch(
    cast: Any, thread: Thread, count: int, *, name: str, in_turn: bool
) -> tuple[list[_Ear], list[_Ear]]:
    """Some people listen; one after another may no longer, `in_turn` when the one before is silent; some others listen
    all the time, and one writes."""
    kinds = _kinds()
    revoked = await sync_to_async(_people)(thread, count, name, kinds)
    ears = [await _open(person, thread, kind) for person, kind in revoked]
    others = [await _open(cast.people[who], thread, "") for who in ("bob", "lena", "muted")[:BYSTANDERS]]
    writing = asyncio.create_task(_write(cast, thread))
    for ear, (person, kind) in zip(ears, revoked, strict=True):
        await sync_to_async(kinds[kind])(cast, thread, person)
        ear.committed = time.monotonic()
        if in_turn and ear.listening:
            await asyncio.wait([ear.listening], timeout=PATIENCE)
            in_turn = ear.ended is not None
    listening = [ear.listening for ear in ears if ear.listening]
    await asyncio.wait(listening, timeout=PATIENCE)
    before = [ear.heard for ear in others]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and any(o.heard == b for o, b in zip(others, before, strict=True)):
        await asyncio.sleep(0.1)
    for ear, was in zip(others, before, strict=True):
        ear.heard -= was
    writing.cancel()
    for ear in [*ears, *others]:
        if ear.listening:
            ear.listening.cancel()
        await ear.wire.leave()
    return ears, others


def _people(thread: Thread, count: int, name: str, kinds: Any) -> list[tuple[Any, str]]:
    from tests.people import add_all, make_people

    names = [f"{name}x{number}" for number in range(count)]
    people = list(make_people(dict.fromkeys(names, True)).values())
    each = [(person, list(kinds)[number % len(kinds)]) for number, person in enumerate(people)]
    for person, called in zip(people, names, strict=True):
        person.called = called  # type: ignore[attr-defined]  # a name for the loop
    add_all([
        (person, thread.group, person.called, Role.MODERATOR if kind == LOST else Role.MEMBER)  # type: ignore[attr-defined]  # a name for the loop
        for person, kind in each
    ])  # fmt: skip
    return each


async def _open(person: Any, thread: Thread, kind: str) -> _Ear:
    from tests.live.conftest import Socket, headers_of

    gid = thread.group.public_id
    path = f"/live/g/{gid}/team/" if kind == LOST else f"/live/g/{gid}/t/{thread.public_id}/"
    after = 0 if kind == LOST else await sync_to_async(_head)(thread)
    socket = await Socket(f"{path}?after={after}", headers_of(person)).connect()
    assert socket.is_open, kind
    ear = _Ear(person=person, wire=socket)
    ear.listening = asyncio.create_task(ear.listen())
    return ear


def _head(thread: Thread) -> int:
    return int(Thread.objects.values_list("last_seq", flat=True).get(pk=thread.pk))


async def _write(cast: Any, thread: Thread) -> None:
    from tests.chat.saying import send

    while True:
        await sync_to_async(send)(cast.alice, thread, "And then")
        await asyncio.sleep(0.1)


# --- what ends it -------------------------------------------------------------------------------------------------
LOST = "a role lost"


def _limited(act: Act, scope: Scope) -> Callable[[Any, Thread, Any], None]:
    def limit(_: Any, thread: Thread, person: Any) -> None:
        effect = acts.effect_of(act, scope=scope, place="")
        standing.limit(group=thread.group, owner_tag=person.tag(thread.group), effect=effect)

    return limit


def _signs_out(_: Any, __: Thread, person: Any) -> None:
    sessions.end_all(owner_tag=session_tag(person.client.session) or b"")


def _leaves(_: Any, thread: Thread, person: Any) -> None:
    leaving.leave_group(here=person.here(thread.group), key_of=person.keyed)


def _closes(_: Any, __: Thread, person: Any) -> None:
    tag = session_tag(person.client.session) or b""
    closing.close(account=person.account, owner_tag=tag, until=clock.now() + dt.timedelta(days=30))


def _loses_their_role(cast: Any, thread: Thread, person: Any) -> None:
    roles.give_role(here=cast.lead.here(thread.group), role=Role.MEMBER, handle=person.called)


def _kinds() -> dict[str, Callable[[Any, Thread, Any], None]]:
    kinds = {
        "a ban": _limited(Act.BAN, Scope.GROUP),
        "a suspension": _limited(Act.SUSPEND, Scope.SITE),
        "signing out": _signs_out,
        "leaving": _leaves,
        "a closed account": _closes,
    }
    has_console = any("team/" in str(route.pattern) for route in sockets._routes.routes)
    return kinds | ({LOST: _loses_their_role} if has_console else {})


def _muted(cast: Any, thread: Thread) -> Result:
    """Whoever is muted goes on reading, and nothing of theirs goes out from the commit on."""
    from tests.chat.saying import send

    went_out = 0
    for scope in (Scope.GROUP, Scope.THREAD):
        effect = acts.effect_of(Act.MUTE, scope=scope, place=thread.public_id)
        tag = cast.bob.tag(thread.group)
        limit = standing.limit(group=thread.group, owner_tag=tag, effect=effect)
        try:
            send(cast.bob, thread, "Still here")
            went_out += 1
        except MayNot:
            pass
        standing.lift(owner_tag=tag, pk=limit.pk)
    return none_found(
        "who may not write sends nothing from that moment on", tried=2, found=went_out, part="mutes"
    )


DEFENCES = [
    Defence(name="a changed standing is told", off=swapped(standing, "_append", lambda **_: None)),
    Defence(name="what no bell told is read all the same", off=swapped(hub, "TIMING", hub.Timing(heal=600))),
]
