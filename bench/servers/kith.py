"""Kith's hub, stream and consumer over a log in memory: `python -m bench.servers.kith PORT CONTROL local|redis [asgi]`.

The door is open and there is no database: what is measured is the way from a ring to the readers. With `redis` a
ring reaches them by Redis alone, as between processes. With `asgi` the server hides its transport: Kith's other path.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402 after setup

from bench.servers import control  # noqa: E402 after setup
from core.live import doorbell, hub, revocations  # noqa: E402 after setup
from core.live.consumer import StreamConsumer  # noqa: E402 after setup
from core.live.reader import Viewer  # noqa: E402 after setup
from core.live.source import Event, Fragment  # noqa: E402 after setup

KEPT = 4096  # messages of one talk
REDIS = os.environ.get("KITH_BENCH_REDIS_URL", "redis://127.0.0.1:6379/9")


class Paper:
    """Logs in memory, one for each talk."""

    prefix = "paper"

    def __init__(self) -> None:
        self.logs: dict[int, list[str]] = {}

    def log(self, key: int) -> list[str]:
        return self.logs.setdefault(key, [])

    def heads(self, *, keys: Collection[int]) -> Mapping[int, tuple[int, int]]:
        return {key: (len(self.log(key)), 0) for key in keys}

    def read_after(self, *, key: int, after: int, limit: int) -> Sequence[Event]:
        upto = min(len(self.log(key)), after + limit)
        return [Event(seq=seq, kind="post_published", ref=str(seq)) for seq in range(after + 1, upto + 1)]

    def render(self, *, key: int, refs: Collection[str], language: str) -> Mapping[str, Fragment]:
        log = self.log(key)
        return {ref: Fragment(author="someone", html=log[int(ref) - 1]) for ref in refs}


PAPER = Paper()


class OpenDoor(StreamConsumer):
    """Kith's consumer, which lets everybody in: `/<talk>`, from the start or after=N."""

    async def connect(self) -> None:
        seat = hub.Seat(
            source=PAPER, key=int(self.scope["path"].strip("/")), viewer=Viewer(language="en"), keys={},
            look=lambda: Viewer(language="en"),
        )  # fmt: skip
        after = int(self.scope["query_string"].decode().partition("after=")[2] or 0)
        self._reader = await hub.here().join(admit=lambda: seat, outlet=self, after=after)
        await self._set_out(self._reader)


async def publish(talk: int, message: str) -> None:
    """Write to the log, and ring."""
    log = PAPER.log(talk)
    log.append(message)
    doorbell.ring(stream=f"paper:{talk}", seq=len(log))


def _as_from_elsewhere(_stream: str, _seq: int) -> None:
    """In place of calling this process's own readers: who posts is in another process, so they wait for Redis."""


def main(port: str, door: str, bell: str, path: str = "") -> None:
    """Serve until the control connection closes."""
    revocations.streams().clear()  # no database here
    settings.KITH_REDIS_URL = REDIS if bell == "redis" else ""
    if bell == "redis":
        doorbell.hear = _as_from_elsewhere
    app: Any = OpenDoor.as_asgi()

    async def without_transport(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "extensions": {}}, receive, send)

    chosen = without_transport if path == "asgi" else app
    control.run(chosen, port=int(port), control=int(door), publish=publish)


if __name__ == "__main__":
    main(*sys.argv[1:])
