"""Faults: whatever is killed, cut or held up, every acknowledged post stands once, in order, on every reader's screen.

Real processes: all in one on SQLite; and web, two live processes and the worker on a PostgreSQL and a Redis of their
own. Members write and read over real connections while one thing after another breaks. After each, what was broken is
started again, and from then on it is counted until every reader has a post that was written since. At the end the rows
of the talk, what was acknowledged and what stands on each screen are held against each other. Clock steps and a full
disk are not among the faults here: tests/faults has both, within one process.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from proof.harness import Defence, Result, none_found, swapped
from tests.browser import sites
from tests.browser.sites import Site, wait_for
from tests.faults import cluster, watching
from tests.faults.watching import Reader, Writer, talks

HEALED = 10.0  # seconds
LONGEST = 60.0
WRITERS, READERS = 6, 8
AMOUNTS = {"small": 4, "full": 60}  # faults in each of the two worlds
POSTS_EACH = {"small": 0, "full": 170}  # at least, from one fault to the next: above 20,000 in both worlds
PAUSES = {"small": 0.05, "full": 0.0}  # seconds between two posts of one writer, at the middle
POSTS = """
import json
from chat.models import Post
print("|" + json.dumps(list(Post.objects.order_by("seq").values_list("public_id", "text"))))
"""
SETTINGS = {"DJANGO_SETTINGS_MODULE": "proof.hurried"}  # of the processes that are started


@dataclass
class World:
    """A running site, and the ways to break it: each does it, and returns what mends it."""

    site: Site
    faults: dict[str, Callable[[], Callable[[], None]]]
    readers: list[Reader] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)
    slowest: float = 0.0

    def begin(self, *, pause: float) -> None:
        found = talks(self.site, count=WRITERS + READERS)
        self.readers = [Reader(talk=talk) for talk in found[WRITERS:]]
        self.writers = [Writer(talk=talk, seed=n, pause=pause) for n, talk in enumerate(found[:WRITERS])]
        for one in [*self.readers, *self.writers]:
            one.start()

    def break_and_mend(self, name: str, *, seconds: float) -> None:
        """One fault, and how long it takes until all have what was written after it."""
        mend = self.faults[name]()
        time.sleep(seconds)
        mend()
        began, before = time.monotonic(), self._last()
        while time.monotonic() - began < LONGEST:
            if self._last() > before and all(reader.seen > before for reader in self.readers):
                break
            time.sleep(0.05)
        self.slowest = max(self.slowest, time.monotonic() - began)

    def write_on(self, *, until: int) -> None:
        """Nothing breaks until so many posts are acknowledged."""
        began = time.monotonic()
        while time.monotonic() - began < LONGEST:
            if sum(len(writer.acknowledged) for writer in self.writers) >= until:
                break
            time.sleep(0.05)

    def end(self) -> None:
        """No more is written; readers have a while for what is on its way."""
        for writer in self.writers:
            writer.over.set()
        for writer in self.writers:
            writer.join(LONGEST)
        began = time.monotonic()
        while time.monotonic() - began < LONGEST and any(
            reader.seen < self._last() for reader in self.readers
        ):
            time.sleep(0.1)
        for reader in self.readers:
            reader.over.set()
        for reader in self.readers:
            reader.join(LONGEST)

    def _last(self) -> int:
        return max((seq for writer in self.writers for seq in list(writer.acknowledged.values())), default=0)


def prove(size: str) -> Iterator[Result]:
    """Both worlds; the real one where its programs are there, and in small only that one."""
    if size == "full" or not cluster.is_here():
        yield from _all_in_one(size)
    if cluster.is_here():
        with tempfile.TemporaryDirectory() as folder:
            yield from _in(size, "web, live and worker, PostgreSQL and Redis", _real(Path(folder)))


def _all_in_one(size: str) -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _in(size, "all in one, SQLite", _embedded(Path(folder)))


def _in(size: str, name: str, opened: contextlib.AbstractContextManager[World]) -> Iterator[Result]:
    dice, amount = random.Random(11), AMOUNTS[size]
    with opened as world:
        world.begin(pause=PAUSES[size])
        time.sleep(2)
        kinds = sorted(world.faults)
        for number in range(amount):
            world.break_and_mend(kinds[number % len(kinds)], seconds=dice.uniform(0.2, 2.5))
            world.write_on(until=POSTS_EACH[size] * (number + 1))
        world.end()
        stored = [tuple(row) for row in json.loads(world.site.script(POSTS).partition("|")[2])]
    yield from _held_against(name, world, stored, amount)


def _held_against(name: str, world: World, stored: list[tuple[str, str]], amount: int) -> Iterator[Result]:
    order, texts = [pid for pid, _ in stored], [text for _, text in stored]
    acknowledged = {pid: seq for writer in world.writers for pid, seq in writer.acknowledged.items()}
    lost = len(acknowledged.keys() - set(order))
    doubled = len(texts) - len(set(texts)) + sum(writer.twice for writer in world.writers)
    out_of_order = sum(
        acknowledged[pid] != number + 1 for number, pid in enumerate(order) if pid in acknowledged
    )
    screens = sum(reader.screen != order[-len(reader.screen) :] for reader in world.readers)
    back = sum(reader.came_back for reader in world.readers)
    promise = (
        f"{name}: {amount} faults, {len(acknowledged)} posts acknowledged, {back} times back with a ticket"
    )
    wrong = lost + doubled + out_of_order
    yield none_found(
        f"{promise}; lost, doubled or out of order",
        tried=len(acknowledged),
        found=wrong,
        part=f"{name}, posts",
    )
    yield none_found(
        f"{promise}; screens that show anything else",
        tried=len(world.readers),
        found=screens,
        part=f"{name}, screens",
    )
    yield Result(
        promise=f"{name}: until everybody has a post that was written after what broke is back", tried=amount,
        found=f"{world.slowest:.1f} s at most", goal=f"{HEALED:.0f} s", holds=world.slowest <= HEALED,
        part=f"{name}, healing",
    )  # fmt: skip


@contextmanager
def _embedded(folder: Path) -> Iterator[World]:
    with sites.embedded(folder, **SETTINGS) as site:

        def killed() -> Callable[[], None]:
            _kill(process := site.processes[-1])
            return lambda: _again(site, process, site.environment["PORT"])

        cuts = {f"line {n} cut": _cut(front) for n, front in enumerate(site.fronts)}
        held = {"process held": lambda: _hold(site.processes[-1])}
        yield World(site, {"process killed": killed} | cuts | held)


@contextmanager
def _real(folder: Path) -> Iterator[World]:
    with cluster.running(folder) as own:
        yield from _with_parts(folder, own)


def _with_parts(folder: Path, own: cluster.Cluster) -> Iterator[World]:
    with sites.real(folder, servers_at=(own.postgres_url, own.redis_url), **SETTINGS) as site:
        parts = dict(zip(("web", "live 1", "live 2", "worker"), range(4), strict=True))

        def kill_part(name: str) -> Callable[[], Callable[[], None]]:
            def killed() -> Callable[[], None]:
                place = parts[name]
                process = site.processes[place]
                _kill(process)
                return lambda: _again(site, process, _port_of(process), place=place)

            return killed

        def kill_server(server: cluster.Server) -> Callable[[], Callable[[], None]]:
            def killed() -> Callable[[], None]:
                server.kill()

                def mend() -> None:
                    server.start()
                    own.wait()

                return mend

            return killed

        def flushed() -> Callable[[], None]:
            redis.Redis.from_url(own.redis_url).flushall()
            return lambda: None

        faults = {f"{name} killed": kill_part(name) for name in parts}
        faults |= {"PostgreSQL killed": kill_server(own.postgres), "Redis killed": kill_server(own.redis)}
        faults |= {"Redis emptied": flushed, "live 1 held": lambda: _hold(site.processes[parts["live 1"]])}
        faults |= {f"line {n} cut": _cut(front) for n, front in enumerate(site.fronts)}
        yield World(site, faults)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process, and the workers that it started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)


def _again(site: Site, process: subprocess.Popen[bytes], port: str | None, *, place: int = -1) -> None:
    """Start what was killed once more, with the same command, and wait until it answers."""
    started = site.start(*process.args[1:])  # type: ignore[index]  # a list, as started
    site.processes.remove(started)
    site.processes[place] = started
    if port:
        wait_for(f"http://localhost:{port}/healthz")


def _port_of(process: subprocess.Popen[bytes]) -> str | None:
    arguments = list(process.args)  # type: ignore[arg-type]  # a list, as started
    return str(arguments[arguments.index("--port") + 1]) if "--port" in arguments else None


def _hold(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    """It is there, and does nothing: half-open connections."""
    process.send_signal(signal.SIGSTOP)
    return lambda: process.send_signal(signal.SIGCONT)


def _cut(front: sites.Front) -> Callable[[], Callable[[], None]]:
    def cut() -> Callable[[], None]:
        front.cut()
        return front.mend

    return cut


DEFENCES = [
    Defence(
        name="whoever comes back gets what they missed",
        off=swapped(sys.modules[__name__], "SETTINGS", {"DJANGO_SETTINGS_MODULE": "proof.forgetful"}),
    ),
    Defence(name="a repeat has the client id of the first", off=swapped(watching, "KEEPS_ID", False)),
]
