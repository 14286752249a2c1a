"""Kith as it is installed, for measuring: pages from WSGI workers, live processes, PostgreSQL and Redis.

All on loopback and on one core, in a database of its own that goes with it. What is started here ends with the block,
by its process.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.databases import POSTGRES
from bench.rivals import CORES, ROOT, Failed

REDIS = os.environ.get("KITH_BENCH_REDIS_URL", "redis://127.0.0.1:6379/9")
FORM = "f" * 32  # what proves that a form is the site's own


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running Kith: where pages and sockets are, and who is in it."""

    web: int
    live: int
    pages: int  # the process that serves pages
    group: str
    threads: dict[str, str]
    people: list[dict[str, str]]

    def thread(self, size: int) -> str:
        """The address of the talk that was filled with so many messages."""
        return f"/g/{self.group}/t/{self.threads[str(size)]}/"

    def cookies(self, nth: int) -> str:
        """What this person's browser sends."""
        return f"kith={self.people[nth % len(self.people)]['cookie']}; form={FORM}"

    def headers(self, nth: int) -> dict[str, str]:
        """What this person's browser sends with a message."""
        return {
            "Cookie": self.cookies(nth), "Origin": f"http://127.0.0.1:{self.web}", "X-CSRFToken": FORM,
            "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
        }  # fmt: skip


def free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def database(name: str) -> Iterator[str]:
    """The address of an empty database, which goes afterwards."""
    name = f"kith_bench_{name}_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def process(
    command: Sequence[str],
    *,
    core: str = CORES[0],
    environment: dict[str, str] | None = None,
    log: Path,
    **more: Any,
) -> Iterator[subprocess.Popen[bytes]]:
    """One process on one core, ended with the block."""
    with log.open("ab") as into:
        started = subprocess.Popen(
            ["taskset", "-c", core, *command], cwd=more.pop("cwd", ROOT), env=environment,
            stdin=subprocess.DEVNULL, stdout=into, stderr=into, **more,
        )  # fmt: skip
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(8)
        except subprocess.TimeoutExpired:
            started.kill()


def wait_for(url: str, *, log: Path, seconds: float = 60) -> None:
    """Until an address answers, whatever it says. Raises Failed with the end of the log."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 loopback
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise Failed(f"{url} did not answer: {log.read_text()[-300:]}")


def cpu_under(pid: int) -> float:
    """Seconds of user and system time so far of a process and all that it started and that still run."""
    below: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for found in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = found.read_text().rpartition(")")[2].split()
            one = int(found.parent.name)
            below.setdefault(int(fields[1]), []).append(one)
            used[one] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    total, left = 0.0, [pid]
    while left:
        one = left.pop()
        total += used.get(one, 0.0)
        left += below.get(one, [])
    return total


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Rows and keys of a Kith that nobody serves yet."""

    folder: Path
    environment: dict[str, str]
    made: dict[str, Any]


@contextlib.contextmanager
def filled(*, people: int, posts: int) -> Iterator[Filled]:
    """A Kith with one group, so many people in it, an empty talk and one of so many messages."""
    with database("kith") as url, tempfile.TemporaryDirectory(prefix="kith-bench-") as name:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("KITH_", "DJANGO_"))}
        environment = clean | {
            "KITH_VAR": name, "KITH_DATABASE_URL": url, "KITH_REDIS_URL": REDIS,
            "KITH_SECRET_KEY": "only for measuring, and never for a site that people come to",
            "KITH_ORIGINS": "http://127.0.0.1:1", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        _run("manage.py", "ready", environment=environment)
        made = _run("-m", "bench.filling", str(people), str(posts), environment=environment)
        yield Filled(folder=Path(name), environment=environment, made=json.loads(made.splitlines()[-1]))


def _run(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(done.stderr.strip()[-300:])
    return done.stdout


@contextlib.contextmanager
def served(kith: Filled, *, workers: int = 2, lives: int = 1) -> Iterator[Site]:
    """The same Kith, served: `workers` processes for pages, and `lives` for sockets, which share a port."""
    web, log, keeps = free_port(), kith.folder / "log", {"KITH_CONN_MAX_AGE": "60"}
    with contextlib.ExitStack() as stack:
        door = stack.enter_context(socket.socket())
        door.bind(("127.0.0.1", 0))
        door.listen(4096)
        live = int(door.getsockname()[1])
        origins = f"http://127.0.0.1:{web},http://127.0.0.1:{live}"
        environment = kith.environment | {"KITH_ORIGINS": origins}
        pages = [
            sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={web}",
            f"--workers={workers}", "--blocking-threads=4", "--no-access-log", "--log-level=warning", "--no-ws",
            "config.wsgi:application",
        ]  # fmt: skip
        served = stack.enter_context(process(pages, environment=environment | keeps, log=log))
        for _ in range(lives):
            sockets = [sys.executable, "-m", "config.live", f"--fd={door.fileno()}"]
            how: dict[str, Any] = {"pass_fds": [door.fileno()]}
            stack.enter_context(process(sockets, environment=environment, log=log, **how))
        for port in (web, *([live] if lives else [])):
            wait_for(f"http://127.0.0.1:{port}/healthz", log=log)
        yield Site(web=web, live=live, pages=served.pid, **kith.made)
