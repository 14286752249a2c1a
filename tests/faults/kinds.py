"""The kinds of faults of proof/faults.py: each breaks something of a running site, and returns what mends it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import redis

from tests.browser.sites import Site, wait_for
from tests.faults.cluster import Cluster, Server
from tests.faults.lines import Line
from tests.faults.watching import SILENCE, Reader, Writer

Mend = Callable[[], None]
HEALED = 10.0  # seconds
PATIENCE = 10.0  # of Docker, with what was told to end
MORE = " and on and on" * 300  # than the network holds for whoever does not read, within seconds
UNHEARD = "a line of members broken silently"


@dataclass(frozen=True)
class Kind:
    """`seconds` is how long it is broken, from and to; `healed` how long it may take afterwards."""

    begin: Callable[[], Mend]
    seconds: tuple[float, float] = (0.2, 2.5)
    healed: float = HEALED


Kinds = dict[str, Kind]
LONG = (6.0, 6.0)


def nothing() -> None:
    """What broke is whole already."""


def of_processes(site: Site, parts: Sequence[str]) -> Kinds:
    """Each process, in the order they were started in, is killed or held; and all are started anew, one by one."""

    def killed(place: int) -> Callable[[], Mend]:
        def begin() -> Mend:
            process = site.processes[place]
            send(process, signal.SIGKILL)
            process.wait(10)
            return lambda: _again(site, process)

        return begin

    def anew() -> Mend:
        for process in list(site.processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            if process.poll() is None:
                send(process, signal.SIGKILL)
                process.wait(10)
            _again(site, process)
        return nothing

    found = {f"{name} killed": Kind(killed(place)) for place, name in enumerate(parts)}
    found |= {
        f"{name} held": Kind(_held(lambda n=n: site.processes[n]), LONG) for n, name in enumerate(parts)
    }
    return found | {"all started anew one by one": Kind(anew)}


def of_servers(own: Cluster) -> Kinds:
    """PostgreSQL and Redis killed or held, and Redis emptied."""

    def killed(server: Server) -> Callable[[], Mend]:
        def begin() -> Mend:
            server.kill()

            def mend() -> None:
                server.start()
                own.wait()

            return mend

        return begin

    def emptied() -> Mend:
        redis.Redis.from_url(own.redis_url).flushall()
        return nothing

    both = {"PostgreSQL": own.postgres, "Redis": own.redis}
    found = {f"{name} killed": Kind(killed(server)) for name, server in both.items()}
    found |= {f"{name} held": Kind(_held(lambda s=s: s.process), LONG) for name, s in both.items()}
    return found | {"Redis emptied": Kind(emptied)}


def of_fronts(site: Site) -> Kinds:
    """All connections of half of the members are ended, and no new one begins."""

    def cut(n: int) -> Callable[[], Mend]:
        def begin() -> Mend:
            site.fronts[n].cut()
            return site.fronts[n].mend

        return begin

    return {f"line {n} cut": Kind(cut(n)) for n in range(len(site.fronts))}


def of_line(name: str, lines: Sequence[Line], *, delay: float = 0.2, healed: float = HEALED) -> Kinds:
    """What TCP hides, and what it does not tell."""

    def delayed() -> Mend:
        for line in lines:
            line.delay = delay
        return mend

    def parted() -> Mend:
        for line in lines:
            line.hold()
        return mend

    def broken() -> Mend:
        for line in lines:
            line.break_silently()
        return mend

    def mend() -> None:
        for line in lines:
            line.mend()

    found = {f"{name} delayed": Kind(delayed, LONG), f"{name} parted": Kind(parted, LONG)}
    return found | {f"{name} broken silently": Kind(broken, healed=healed)}


def of_people(readers: list[Reader], writers: list[Writer]) -> Kinds:
    """Readers who do not read, or not fast enough; a network that delivers twice; and lines that are in between."""
    lines = {at: Line(at) for at in sorted({one.talk.at for one in [*readers, *writers]})}
    for one in [*readers, *writers]:
        one.talk = replace(one.talk, at=lines[one.talk.at].port)
    narrow = [reader for reader in readers if reader.narrow]

    def stopped() -> Mend:
        for reader in narrow:
            reader.reads.clear()
        for writer in writers:
            writer.more = MORE

        def mend() -> None:
            for reader in narrow:
                reader.reads.set()
            for writer in writers:
                writer.more = ""

        return mend

    def slow() -> Mend:
        for reader in narrow:
            reader.rest = 2.0

        def mend() -> None:
            for reader in narrow:
                reader.rest = 0.0

        return mend

    def twice() -> Mend:
        for writer in writers:
            writer.copies = 2

        def mend() -> None:
            for writer in writers:
                writer.copies = 1

        return mend

    found = {"readers stopped": Kind(stopped, (12.0, 12.0)), "readers slow": Kind(slow, (8.0, 8.0))}
    found["each post delivered twice"] = Kind(twice, LONG)
    first = [lines[min(lines)]]
    return found | of_line("a line of members", first, healed=SILENCE + HEALED)


def send(process: subprocess.Popen[bytes], what: signal.Signals) -> None:
    """A signal to a process and to those that it started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in [process.pid, *map(int, children)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)


def _held(process: Callable[[], subprocess.Popen[bytes] | None]) -> Callable[[], Mend]:
    """It is there, and does nothing."""

    def begin() -> Mend:
        found = process()
        assert found is not None
        send(found, signal.SIGSTOP)
        return lambda: send(found, signal.SIGCONT)

    return begin


def _again(site: Site, process: subprocess.Popen[bytes]) -> None:
    """Start what is over once more, and wait until it answers."""
    site.again(process)
    arguments = " ".join(process.args)  # type: ignore[arg-type]  # a list, as started
    port = arguments.partition("--port=")[2].partition(" ")[0]
    port = site.environment["PORT"] if "embedded" in arguments else port
    if port:
        wait_for(f"http://localhost:{port}/healthz")
