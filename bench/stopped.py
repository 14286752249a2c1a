"""One reader that stops reading: 20 readers of one talk, 200 messages of 8 KB a second for five seconds.

One of them takes nothing meanwhile, with the smallest receive buffer, and reads again afterwards: as the page's script
does, it takes what comes, and comes back with its number if it was cut off. There is no page that it could load: told
to, it is done. Rounds take turns with the same where everybody reads, and in who comes first. Messages are put in over
the control connection, without a database.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.rivals import BASE_PORT, CORES, RIVALS, ROOT, Failed, memory_of, wait_for_ports
from bench.rows import Row, row
from bench.wires import Wire

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "5"))
READERS, RATE, SECONDS, SIZE = 20, 200, 5, 8192
TOTAL = RATE * SECONDS
LONGEST = 30.0


@dataclass
class Reader:
    """One page: `seen` is its number, `has` what stands on it."""

    seen: int = 0
    has: list[int] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    loads: int = 0

    def take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "events":
            for event in frame["events"]:
                if event["seq"] > self.seen:
                    self.has.append(event["seq"])
                    self.took.append(time.monotonic() - float(event["html"].split(" ", 1)[0]))
            self.seen = frame["to"]
        elif frame["type"] == "reload":  # the page would hold all that is in the log
            self.loads += 1
            self.seen = TOTAL

    @property
    def lacks(self) -> int:
        """Messages that did not come, or came twice or out of order, among all; or among those before it was told to
        load the page."""
        due = range(1, (len(self.has) if self.loads else TOTAL) + 1)
        wrong = sum(have != want for have, want in zip(self.has, due, strict=False))
        return wrong + abs(len(due) - len(self.has))


@dataclass(frozen=True, kw_only=True)
class Round:
    """`p99` of those who read on, in milliseconds; `grew`: KiB of the server; of the one who stopped: what it `lacks`,
    how many `came` by the socket, and how often it was told to load the page."""

    p99: float
    grew: float
    lacks: int
    came: int
    loads: int


def run() -> Iterator[Row | str]:
    """Rows for the others, the server and the one who stopped."""
    os.sched_setaffinity(0, {int(CORES[1])})
    found_by: dict[bool, list[Round]] = {True: [], False: []}
    for nth in range(ROUNDS):
        for stops in (nth % 2 == 1, nth % 2 == 0):  # neither always comes first
            found_by[stops].append(_one_round(stops=stops))
    with_one, without = found_by[True], found_by[False]
    yield row(
        name="one stopped reader: the others, p99", baseline="everybody reads", metric="p99, ms",
        kith=[found.p99 for found in with_one], other=[found.p99 for found in without], at_most=1.2,
    )  # fmt: skip
    more = [max(found.grew - plain.grew, 0) for found, plain in zip(with_one, without, strict=True)]
    yield row(
        name="one stopped reader: 1 MiB more", baseline="1 MiB", metric="KiB more than with none", kith=more,
        other=[1024.0] * ROUNDS, at_most=1, budget=True,
    )  # fmt: skip
    yield row(
        name="one stopped reader: has all, or is told to load the page", baseline="all messages",
        metric="messages that it lacks", kith=[float(found.lacks) for found in with_one],
        other=[float(TOTAL)] * ROUNDS, at_most=0,
    )  # fmt: skip
    came = statistics.median(found.came for found in with_one)
    loads = statistics.median(found.loads for found in with_one)
    yield f"{came:g} of {TOTAL:,} messages came to it by the socket; it was told to load the page {loads:g} times"


def _one_round(*, stops: bool) -> Round:
    port = BASE_PORT + os.getpid() % 100 * 2
    command = [part.format(port=port, control=port + 1) for part in RIVALS["kith"].command]
    server = subprocess.Popen(
        ["taskset", "-c", CORES[0], *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_ports([port, port + 1], server)
        return asyncio.run(_measured(port, server.pid, stops))
    finally:
        server.kill()
        server.wait(10)


async def _measured(port: int, server: int, stops: bool) -> Round:
    readers = [Reader() for _ in range(READERS)]
    _, control = await asyncio.open_connection("127.0.0.1", port + 1)
    wires = [await _come(reader, port, small=nth == 0) for nth, reader in enumerate(readers)]
    await _write(control, 20)  # everybody is there, and what is made at first use is made
    await _until(readers, 20)
    for reader in readers:
        reader.took.clear()
    if stops:
        wires[0].transport.pause_reading()
    before = memory_of(server)
    await _write(control, TOTAL - 20)
    await _until(readers[1:], TOTAL)
    grew = memory_of(server) - before
    if stops:
        wires[0].transport.resume_reading()
        await _return(readers[0], wires[0], port)
    took = sorted(second for reader in readers[1:] for second in reader.took)
    if any(reader.has != list(range(1, TOTAL + 1)) for reader in readers[1:]):
        raise Failed("a reader that read on lost something")
    return Round(
        p99=took[int(len(took) * 0.99)] * 1000,
        grew=grew,
        lacks=readers[0].lacks,
        came=len(readers[0].has),
        loads=readers[0].loads,
    )


async def _come(reader: Reader, port: int, *, small: bool) -> Wire:
    near = socket.socket()
    if small:
        near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    near.setblocking(False)
    await asyncio.get_running_loop().sock_connect(near, ("127.0.0.1", port))
    made = Wire(path=f"/0?after={reader.seen}", took=reader.take, lost=lambda: None)
    await asyncio.get_running_loop().create_connection(lambda: made, sock=near)
    return made


async def _write(control: asyncio.StreamWriter, count: int) -> None:
    """At an even pace, whatever the server does. Each message begins with the moment at which it was put in."""
    began = time.monotonic()
    for nth in range(count):
        await asyncio.sleep(max(0.0, began + nth / RATE - time.monotonic()))
        control.write(f"0 {time.monotonic():.6f} ".encode().ljust(SIZE, b"x") + b"\n")


async def _until(readers: list[Reader], seq: int) -> None:
    async with asyncio.timeout(LONGEST):
        while any(reader.seen < seq for reader in readers):
            await asyncio.sleep(0.01)


async def _return(reader: Reader, wire: Wire, port: int) -> None:
    """Take what comes; where the line is over, come back with one's number."""
    async with asyncio.timeout(LONGEST):
        while reader.seen < TOTAL:
            await asyncio.sleep(0.05)
            if wire.transport.is_closing():
                wire = await _come(reader, port, small=False)
