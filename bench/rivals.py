"""Servers that hand messages to many readers, and one run of the load generator against one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILT = ROOT / ".bench"
_MAY = sorted(os.sched_getaffinity(0))
CORES = (str(_MAY[0]), str(_MAY[-1]))  # the server's, and everything else's: of those that we may use
BASE_PORT = 29_800
NODE_ENV = {"NODE_ENV": "production"}  # as who installs a Node server sets it


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One way to hand out messages: how it is started, with its two ports put in, and how its readers come in."""

    name: str
    command: Sequence[str]
    path: str = "/%d"
    hello: str = ""


PYTHON = (sys.executable, "-m")
NODE = ("node",)
RIVALS = {
    rival.name: rival
    for rival in [
        Rival(name="kith", command=(*PYTHON, "bench.servers.kith", "{port}", "{control}", "local")),
        Rival(name="kith, plain ASGI", command=(*PYTHON, "bench.servers.kith", "{port}", "{control}", "local", "asgi")),
        Rival(name="kith, over Redis", command=(*PYTHON, "bench.servers.kith", "{port}", "{control}", "redis")),
        Rival(name="kith, without Redis", command=(*PYTHON, "bench.servers.kith", "{port}", "{control}", "local")),
        Rival(name="naive, in memory", command=(*PYTHON, "bench.servers.naive", "{port}", "{control}", "memory")),
        Rival(name="naive, channels_redis", command=(*PYTHON, "bench.servers.naive", "{port}", "{control}", "redis")),
        Rival(name="naive, pubsub", command=(*PYTHON, "bench.servers.naive", "{port}", "{control}", "pubsub")),
        Rival(name="Node ws", command=(*NODE, "bench/servers/ws.js", "{port}", "{control}")),
        Rival(name="Node ws, joined", command=(*NODE, "bench/servers/ws_joined.js", "{port}", "{control}")),
        Rival(
            name="socket.io", command=(*NODE, "bench/servers/socketio.js", "{port}", "{control}"),
            path="/socket.io/?EIO=4&transport=websocket&talk=%d", hello="40",
        ),
        Rival(name="C, one by one", command=(str(BUILT / "limit"), "{port}", "{control}", "one")),
        Rival(name="C, joined", command=(str(BUILT / "limit"), "{port}", "{control}", "joined")),
    ]
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Found:
    """What one round gave. `rate`: deliveries a second. `cpu`: the server's CPU seconds for 10,000 deliveries.
    `p50`, `p99`: milliseconds. `memory`: KiB a socket, of a fresh server. `busy`: the generator's share of its core;
    `reads`: milliseconds that it needs for one message to all its readers."""

    rate: float
    cpu: float
    p50: float
    p99: float
    memory: float
    busy: float
    reads: float


class Failed(Exception):
    """A server did not come up, lost a message or mixed up their order: nothing of that round counts."""


def build() -> None:
    """Compile the load generator and the limit, and fetch the Node servers' packages by their lock file."""
    BUILT.mkdir(exist_ok=True)
    for source in (ROOT / "bench/load/readers.c", ROOT / "bench/servers/limit.c"):
        command = ["gcc", "-O2", "-Wall", "-o", str(BUILT / source.stem), str(source)]
        subprocess.run(command, check=True)
    if not (ROOT / "bench/servers/node_modules").exists():
        command = ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=ROOT / "bench/servers", check=True)


@contextmanager
def running(rival: Rival, *, readers: int, talks: int = 1) -> Iterator[Run]:
    """One server, and a load generator whose readers are all in. Raises Failed at the end, too: what was on its way
    after the last load is looked at like the rest."""
    port = BASE_PORT + os.getpid() % 100 * 2
    ports = {"port": str(port), "control": str(port + 1)}
    command = ["taskset", "-c", CORES[0], *(part.format(**ports) for part in rival.command)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | NODE_ENV | {"PYTHONPATH": str(BUILT / "python")},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_ports([port, port + 1], server)
        before = memory_of(server.pid)
        asked = [str(port), str(port + 1), rival.path, str(readers), *([rival.hello] if rival.hello else [])]
        load = subprocess.Popen(
            ["taskset", "-c", CORES[1], str(BUILT / "readers"), *asked], env=os.environ | {"TALKS": str(talks)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with load:
            run = Run(rival=rival, server=server.pid, load=load)
            run.ready()
            run.memory = (memory_of(server.pid) - before) / readers
            yield run
            run.end()
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


class Run:
    """A server with its readers: what `Found` says of each kind of load."""

    def __init__(self, *, rival: Rival, server: int, load: subprocess.Popen[str]) -> None:
        assert load.stdin and load.stdout and load.stderr
        self.rival, self.memory, self._server = rival, 0.0, server
        self._load = load
        self._into, self._out, self._errors = load.stdin, load.stdout, load.stderr

    def ready(self) -> None:
        """Wait until all readers have got a first message. Raises Failed."""
        if self._out.readline().strip() != "ready":
            raise Failed(f"{self.rival.name}: {self._errors.read()[-200:]}")

    def end(self) -> None:
        """Nothing more is asked of the generator: it waits for what is on its way. Raises Failed."""
        self._into.close()
        if self._load.wait(90):
            raise Failed(f"{self.rival.name}: {self._errors.read()[-200:]}")

    def under(self, mode: str, amount: float, seconds: float) -> Found:
        """One round of one kind of load (bench/load/readers.c). Raises Failed."""
        before = cpu_of(self._server)
        self._into.write(f"{mode} {amount} {seconds}\n")
        self._into.flush()
        line = self._out.readline()
        used = cpu_of(self._server) - before
        if not line:
            raise Failed(f"{self.rival.name}: {mode}: {self._errors.read()[-200:]}")
        said = json.loads(line)
        if is_wrong(mode, said):
            raise Failed(f"{self.rival.name}: {mode}: {line[:200]}")
        return Found(
            rate=said["delivered"] / said["seconds"], cpu=used / said["delivered"] * 10_000, p50=said["p50"],
            p99=said["p99"], memory=self.memory, busy=said["cpu"] / said["seconds"],
            reads=said["cpu"] * 1000 / max(1, said["written"]),
        )  # fmt: skip


def is_wrong(mode: str, said: Mapping[str, float]) -> bool:
    """Whether what the generator said of a load means nothing: something came twice or out of order, nothing came, or
    something is missing. Under pressure messages are always on their way: those it waits for before it does more."""
    return bool(said["wrong"] or not said["delivered"] or (mode != "pressure" and said["missing"]))


def wait_for_ports(ports: Sequence[int], server: subprocess.Popen[bytes]) -> None:
    """Until somebody listens on each port. Nobody connects to find out: a server's first connection counts."""
    wanted = {f"{port:04X}" for port in ports}
    for _ in range(400):
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        if wanted <= {fields[1].partition(":")[2] for fields in lines if fields[3] == "0A"}:
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise Failed("did not start")


def cpu_of(pid: int) -> float:
    """Seconds of user and system time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def core_so_far(core: str) -> tuple[int, int]:
    """Ticks in which a core was not idle, and all ticks; twice none where the kernel does not say."""
    for name, *told in map(str.split, Path("/proc/stat").read_text().splitlines()):
        if name == f"cpu{core}":
            ticks = [int(each) for each in told[:8]]  # what guests had is in the first two already
            return sum(ticks) - sum(ticks[3:5]), sum(ticks)
    return 0, 0


def memory_of(pid: int) -> float:
    """KiB that the process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmRSS"))
