"""Real Kith servers for the browser tests: all in one process, or the parts that a real installation runs.

Everything listens on loopback on a free port, and is ended by the process id that started it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests import egress, installed, servers
from tests.browser.fronts import Front, plain_page

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A running Kith: an origin for each of two browsers, each behind a front that can be cut."""

    origins: list[str]
    environment: dict[str, str]
    exit_to: str = ""
    fronts: list[Front] = field(default_factory=list)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    more: dict[int, dict[str, str]] = field(default_factory=dict)  # settings of one process alone
    log: Path | None = None
    told: subprocess.Popen[str] | None = None

    def run(self, *command: str) -> str:
        """Run `manage.py …` over this site's data, in a process that is kept for it. Returns what it printed."""
        if self.told is None:
            self.told = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.told"], cwd=ROOT, env=self.environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        assert self.told.stdin and self.told.stdout
        print(json.dumps(command), file=self.told.stdin, flush=True)
        printed, wrong = json.loads(self.told.stdout.readline())
        assert not wrong, wrong
        return str(printed)

    def script(self, code: str) -> str:
        """Run Python over this site's data. Returns what it printed."""
        return self.run("shell", "-v", "0", "-c", code)

    def start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        """Start one more process, with settings of its own if it has any."""
        assert self.log is not None
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.environment | more,
            stdout=self.log.open("ab"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.processes.append(process)
        self.more[process.pid] = more
        return process

    def start_part(self, service: str, *, port: int = 0) -> None:
        """Start a part as docker-compose.yml does."""
        self.start(*installed.command(service, port=port), **installed.settings(service))

    def again(self, process: subprocess.Popen[bytes]) -> None:
        """Start what is over once more as it was, at its place."""
        place = self.processes.index(process)
        started = self.start(*process.args[1:], **self.more[process.pid])  # type: ignore[index]  # a list, as started
        self.processes.remove(started)
        self.processes[place] = started

    def stop(self) -> None:
        for front in self.fronts:
            front.stop()
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=8)
                continue
            process.kill()
        if self.told:
            self.told.communicate()  # nothing more is told: it ends


def _environment(var: Path, origins: list[str], **more: str) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("KITH_", "DJANGO_"))}
    return clean | {
        "KITH_VAR": str(var), "KITH_ORIGINS": ",".join(origins), "DJANGO_SETTINGS_MODULE": "config.settings",
        "KITH_SIGN_UPS_AN_HOUR": "500",  # all of a session's tests come from one address
        "PYTHONPATH": f"{ROOT}{os.pathsep}{egress.FOLDER}",
    } | more  # fmt: skip


def wait_for(url: str, *, seconds: float = 120) -> None:
    """Wait until a URL answers 200."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if urllib.request.urlopen(url, timeout=2).status == 200:
                return
        time.sleep(0.15)
    raise AssertionError(f"{url} did not answer")


@contextlib.contextmanager
def embedded(var: Path, **more: str) -> Iterator[Site]:
    """All of Kith in one process on SQLite."""
    port, ports = free_port(), [free_port(), free_port()]
    origins = [f"http://localhost:{number}" for number in ports]
    with plain_page() as exit_to:
        environment = _environment(var, origins, KITH_EXIT_TO=exit_to, PORT=str(port), **more)
        site = Site(origins, environment, exit_to=exit_to, log=var / "log")
        try:
            site.start("manage.py", "embedded")
            wait_for(
                f"http://localhost:{port}/healthz", seconds=300
            )  # filling the demo, with both cores busy
            site.fronts = [Front(number, web=port, live=port).start() for number in ports]
            yield site
        finally:
            site.stop()


@contextlib.contextmanager
def real(
    var: Path,
    *,
    postgres: Mapping[str, str] | None = None,
    servers_at: tuple[str, str] = (servers.POSTGRES_URL, servers.REDIS_URL),
    **more: str,
) -> Iterator[Site]:
    """Pages from WSGI workers, two live processes and a worker, started as docker-compose.yml does, PostgreSQL and
    Redis; an origin per live process.
    `postgres` are settings of the database, as of the server in docker-compose.yml."""
    postgres_url, redis_url = servers_at
    database = f"kith_browser_{os.getpid()}"
    web, live, ports = free_port(), [free_port(), free_port()], [free_port(), free_port()]
    origins = [f"http://localhost:{number}" for number in ports]
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {database}")
        for name, value in (postgres or {}).items():
            with contextlib.suppress(psycopg.errors.CantChangeRuntimeParam):  # is for the whole server alone
                admin.execute(f"ALTER DATABASE {database} SET {name} = '{value}'")
    services = {
        "KITH_DATABASE_URL": postgres_url.rsplit("/", 1)[0] + f"/{database}",
        "KITH_REDIS_URL": redis_url.rsplit("/", 1)[0] + "/7",
    }
    with plain_page() as exit_to:
        environment = _environment(var, origins, KITH_EXIT_TO=exit_to, **services, **more)
        site = Site(origins, environment, exit_to=exit_to, log=var / "log")
        try:
            _start_parts(site, web=web, live=live)
            pairs = zip(ports, live, strict=True)
            site.fronts = [Front(number, web=web, live=its_live).start() for number, its_live in pairs]
            yield site
        finally:
            site.stop()
            with psycopg.connect(postgres_url, autocommit=True) as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def _start_parts(site: Site, *, web: int, live: list[int]) -> None:
    site.run(*installed.command("ready")[1:])
    site.start_part("web", port=web)
    for port in live:
        site.start_part("live", port=port)
    site.start_part("worker")
    for port in [web, *live]:
        wait_for(f"http://localhost:{port}/healthz")
