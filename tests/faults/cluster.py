"""A PostgreSQL and a Redis of one's own, to be killed: nobody else's are touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from tests import installed
from tests.browser.sites import free_port


@dataclass
class Server:
    """One process that can be killed and started again on the same port with the same data."""

    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=self.log.open("ab"), stderr=subprocess.STDOUT)

    def kill(self) -> None:
        """As when the power goes."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)


@dataclass
class Cluster:
    """Both servers, their addresses, and waiting until they answer."""

    postgres: Server
    redis: Server
    postgres_url: str
    redis_url: str

    def wait(self) -> None:
        """Until both answer again."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(psycopg.Error, redis.RedisError):
                psycopg.connect(self.postgres_url, connect_timeout=2).close()
                redis.Redis.from_url(self.redis_url, socket_timeout=2).ping()
                return
            time.sleep(0.1)
        raise AssertionError("a server did not come back")


def binary(name: str) -> str | None:
    """Where a program of PostgreSQL or Redis is, or None."""
    found = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)]
    return shutil.which(name) or next(iter(found), None)


def is_here() -> bool:
    """Whether this machine has the programs."""
    return all(binary(name) for name in ("initdb", "postgres", "redis-server"))


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Two fresh servers on loopback with the settings of docker-compose.yml, which end with the block."""
    data, ports = folder / "postgres", [free_port(), free_port()]
    as_owner = _not_root(folder)
    make = [*as_owner, str(binary("initdb")), "-D", str(data), "-U", "kith", "--auth=trust", "--no-sync"]
    subprocess.run(make, check=True, capture_output=True)
    settings = [f"port={ports[0]}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    options = [part for setting in settings for part in ("-c", setting)]
    own = ["--port", str(ports[1]), "--bind", "127.0.0.1", "--dir", str(folder)]
    flags = {name: installed.command(name)[1:] for name in ("postgres", "redis")}
    made = Cluster(
        postgres=Server(
            [*as_owner, str(binary("postgres")), "-D", str(data), *flags["postgres"], *options],
            folder / "postgres.log",
        ),
        redis=Server([str(binary("redis-server")), *flags["redis"], *own], folder / "redis.log"),
        postgres_url=f"postgresql://kith@127.0.0.1:{ports[0]}/postgres",
        redis_url=f"redis://127.0.0.1:{ports[1]}/0",
    )
    try:
        made.postgres.start()
        made.redis.start()
        made.wait()
        yield made
    finally:
        made.redis.kill()
        made.postgres.kill()


def _not_root(folder: Path) -> list[str]:
    """PostgreSQL does not run as root: there it runs as the user that Debian makes for it."""
    if os.geteuid():
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
