"""Real Kith servers for the browser tests: all in one process, or the parts that a real installation runs.

Everything listens on loopback on a free port, and is ended by the process id that started it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests import servers

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A running Kith: one origin per browser, and the environment of its commands."""

    origins: list[str]
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    log: Path | None = None

    def run(self, *command: str) -> str:
        """Run `manage.py …` over this site's data. Returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def script(self, code: str) -> str:
        """Run Python over this site's data. Returns what it printed."""
        return self.run("shell", "-c", code)

    def start(self, *command: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        assert self.log is not None
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment or self.environment,
            stdout=self.log.open("ab"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=8)
                continue
            process.kill()


def _environment(var: Path, origins: list[str], **more: str) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("KITH_", "DJANGO_"))}
    return clean | {
        "KITH_VAR": str(var), "KITH_ORIGINS": ",".join(origins), "DJANGO_SETTINGS_MODULE": "config.settings",
        "KITH_EXIT_TO": origins[0] + "/about-kith/", "PYTHONPATH": str(ROOT),
    } | more  # fmt: skip


def wait_for(url: str, *, seconds: float = 40) -> None:
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
    port = free_port()
    origin = f"http://localhost:{port}"
    site = Site([origin], _environment(var, [origin, f"http://127.0.0.1:{port}"], PORT=str(port), **more))
    site.log = var / "log"
    try:
        site.start("manage.py", "embedded")
        wait_for(f"{origin}/healthz", seconds=120)
        yield site
    finally:
        site.stop()


@contextlib.contextmanager
def real(var: Path) -> Iterator[Site]:
    """Pages from WSGI workers, two live processes, a worker, PostgreSQL and Redis; an origin per live process."""
    database = f"kith_browser_{os.getpid()}"
    web, ports, fronts = free_port(), [free_port(), free_port()], [free_port(), free_port()]
    origins = [f"http://localhost:{front}" for front in fronts]
    with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {database}")
    url = servers.POSTGRES_URL.rsplit("/", 1)[0] + f"/{database}"
    redis_url = servers.REDIS_URL.rsplit("/", 1)[0] + "/7"
    site = Site(origins, _environment(var, origins, KITH_DATABASE_URL=url, KITH_REDIS_URL=redis_url))
    site.log = var / "log"
    stops = []
    try:
        site.run("ready")
        site.start("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(web),
                   "--workers", "2", "--no-ws", "config.wsgi:application")  # fmt: skip
        for port in ports:
            site.start("-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port),
                       "--no-access-log", "--ws-max-size", "1024")  # fmt: skip
        site.start("manage.py", "worker")
        for port in [web, *ports]:
            wait_for(f"http://localhost:{port}/healthz")
        stops = [_front(front, web=web, live=live) for front, live in zip(fronts, ports, strict=True)]
        yield site
    finally:
        for stop in stops:
            stop()
        site.stop()
        with psycopg.connect(servers.POSTGRES_URL, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def _front(port: int, *, web: int, live: int):
    """A front that sends /live/ to one live process and everything else to the web workers."""
    listener = socket.create_server(("127.0.0.1", port))

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_connect, args=(client, web, live), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return listener.close


def _connect(client: socket.socket, web: int, live: int) -> None:
    head = client.recv(65536)
    target = live if head.split(b" ", 2)[1:2] and head.split(b" ", 2)[1].startswith(b"/live/") else web
    try:
        server = socket.create_connection(("127.0.0.1", target))
    except OSError:
        client.close()
        return
    server.sendall(head)
    for source, sink in ((client, server), (server, client)):
        threading.Thread(target=_pipe, args=(source, sink), daemon=True).start()


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
