"""A crowd that comes back: 2,000 readers of one talk, whose live process was killed and starts again.

A real live process on SQLite on one core, the readers on the other: each with a session and a place of its own. The
clock starts at an open door: the new process listens and one reader was in, so its own start is not in it. Each comes
back after a random moment within one second, as the page's script does, having missed 20 messages, until the last one
has them all. Who does not get in tries again within 1, 2, then always 4 seconds; the page's script gets slow after a
second try. What is lost, doubled or out of order counts as failed. Beside it what a socket costs the process
with a ticket, and by the door: of that 200 are enough, since 2,000 would take minutes; what is done once is divided by
2,000 on one side, and by 200 on the other. And how much memory the process holds for each of them once all are in, each
with a session, a place and a ticket, and nobody says anything.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from bench.rivals import BASE_PORT, CORES, ROOT, Failed, cpu_of, memory_of
from bench.rows import Row, row
from bench.wires import Wire, said

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "5"))
READERS = int(os.environ.get("KITH_BENCH_READERS", "2000"))
MISSED, FEW, GOAL, LONGEST, KIB = 20, 200, 4.0, 240.0, 30.0
ORIGIN = "http://localhost:8000"
SET_UP = f"""
import json, uuid
from accounts.models import SessionStream
from chat.actions import posts
from core import sealing
from community.enums import Role
from tests.people import add_all, make_group, make_people, make_thread
SessionStream.objects.create(name="sessions")
group = make_group(name="Harbour")
people = list(make_people({{f"person{{n}}": False for n in range({READERS})}}).values())
add_all([(person, group, f"Grey Willow {{n}}", Role.MEMBER) for n, person in enumerate(people)])
thread = make_thread(group)
for n in range({MISSED}):
    given = {{"text": "It was a long week. " * 20, "client_id": str(uuid.uuid4())}}
    posts.publish_post(here=people[n].here(group), thread=thread, **given)
cookies = [next(iter(person.client.cookies.values())).value for person in people]
print("|" + json.dumps([group.public_id, thread.public_id, cookies]))
"""


@dataclass
class Reader:
    """One page's script: what it has, and the ticket it was given."""

    path: str
    cookie: str
    ticket: str = ""
    seqs: list[int] = field(default_factory=list)

    def at(self, *, shows: bool) -> tuple[str, str, bytes]:
        """Where it asks, with which headers, and what it says first."""
        shown = self.ticket if shows else ""
        path = f"{self.path}?after={len(self.seqs)}&ticket={'shown' if shown else 'wanted'}"
        headers = f"Origin: {ORIGIN}\r\nCookie: kith={self.cookie}\r\n"
        return path, headers, said({"type": "ticket", "ticket": shown}) if shown else b""

    def take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "ticket":
            self.ticket = frame["ticket"]
        elif frame["type"] == "events":
            self.seqs += [event["seq"] for event in frame["events"]]
        elif frame["type"] != "heartbeat":
            raise Failed(f"told {frame['type']}")


def run() -> Iterator[Row | str]:
    """Rows for those with tickets: beside the goal, and beside the door."""
    os.sched_setaffinity(0, {int(CORES[1])})
    took: dict[bool, list[float]] = {True: [], False: []}  # with a ticket, and without
    cpu: dict[bool, list[float]] = {True: [], False: []}
    held: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "KITH_VAR": folder, "KITH_ORIGINS": ORIGIN, "DJANGO_SETTINGS_MODULE": "tests.settings",
            "KITH_REDIS_URL": "", "KITH_TEST_DATABASE_URL": "",
        }  # fmt: skip
        _manage(environment, "ready")
        gid, tid, cookies = json.loads(
            _manage(environment, "shell", "-v", "0", "-c", SET_UP).partition("|")[2]
        )
        readers = [Reader(path=f"/live/g/{gid}/t/{tid}/", cookie=cookie) for cookie in cookies]
        with _serving(environment) as (port, pid):  # everybody comes in once, by the door
            _come(readers, port, pid, shows=False, within=READERS / 50)
        for _ in range(ROUNDS):
            for shows, crowd in ((True, readers), (False, readers[:FEW])):
                with _serving(environment) as (port, pid):
                    _come(readers[:1], port, pid, shows=shows, within=0)  # what is made at first use is made
                    before, empty = cpu_of(pid), memory_of(pid)
                    seconds, full = _come(crowd, port, pid, shows=shows, within=1)
                    took[shows].append(seconds)
                    held[shows].append((full - empty) / len(crowd))
                    cpu[shows].append((cpu_of(pid) - before) * 1000 / len(crowd))
    yield row(
        name="a crowd comes back: 4 s from an open door", baseline="4 s",
        metric=f"seconds until {READERS:,} have what they missed", kith=took[True], other=[GOAL] * ROUNDS, at_most=1,
        budget=True,
    )  # fmt: skip
    yield row(
        name="a crowd comes back: the door, cpu", baseline="no tickets", metric="CPU ms of the process a socket",
        kith=cpu[True], other=cpu[False],
    )  # fmt: skip
    yield row(
        name="engine, an idle socket of a member: 30 KiB", baseline="30 KiB", metric="KiB a socket", kith=held[True],
        other=[KIB] * ROUNDS, at_most=1, budget=True,
    )  # fmt: skip


def _come(readers: list[Reader], port: int, pid: int, *, shows: bool, within: float) -> tuple[float, float]:
    """Everybody comes, and goes once all have all. Seconds from the first moment to the last reader's last message, and
    the KiB that the process holds when all are in. Raises Failed."""
    loop_factory = uvicorn.Config("", loop="uvloop").get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(_all_come(readers, port, pid, shows, within))


async def _all_come(
    readers: list[Reader], port: int, pid: int, shows: bool, within: float
) -> tuple[float, float]:
    began = time.monotonic()
    async with asyncio.timeout(LONGEST):
        lasts = await asyncio.gather(*(_comes(reader, port, shows, within) for reader in readers))
    await asyncio.sleep(0.5)  # whatever is doubled comes now
    full = memory_of(pid)
    wrong = [reader for reader in readers if reader.seqs != list(range(1, MISSED + 1))]
    if wrong:
        raise Failed(f"{len(wrong)} lost, doubled or mixed up messages")
    return max(lasts) - began, full


async def _comes(reader: Reader, port: int, shows: bool, wait: float) -> float:
    """One page's script, from its first try to its last missing message: the moment of that."""
    reader.seqs, tries = [], 0
    while True:
        await asyncio.sleep(random.random() * wait)
        if await _tries(reader, port, shows):
            return time.monotonic()
        wait, tries = 2.0 ** min(tries, 2), tries + 1


async def _tries(reader: Reader, port: int, shows: bool) -> bool:
    over = asyncio.Event()

    def take(frame: dict[str, Any]) -> None:
        reader.take(frame)
        if len(reader.seqs) >= MISSED and reader.ticket:
            over.set()

    path, headers, hello = reader.at(shows=shows)
    made = Wire(path=path, headers=headers, hello=hello, took=take, lost=over.set)
    with contextlib.suppress(OSError):
        await asyncio.get_running_loop().create_connection(lambda: made, "127.0.0.1", port)
        await over.wait()
    return len(reader.seqs) >= MISSED


@contextlib.contextmanager
def _serving(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A live process: its port and its process id."""
    port = BASE_PORT + os.getpid() % 100 * 2
    command = ["taskset", "-c", CORES[0], sys.executable, "-m", "config.live", "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        asyncio.run(_until_open(port))
        yield port, server.pid
    finally:
        server.kill()
        server.wait(10)


async def _until_open(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


def _manage(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(done.stderr[-300:])
    return done.stdout
