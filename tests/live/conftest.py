"""Sockets for the tests: opened as a browser opens them, through the whole door."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings

from config.asgi import application
from core.live import hub
from tests.people import Person

ORIGIN = "http://localhost:8000"
Open = Callable[..., Awaitable["Socket"]]


class Socket:
    """One socket of a test."""

    def __init__(self, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        path, _, query = path.partition("?")
        scope = {
            "type": "websocket", "path": path, "query_string": query.encode(), "headers": headers,
            "subprotocols": [],
        }  # fmt: skip
        self.wire = ApplicationCommunicator(application, scope)
        self.is_open = False
        self.code: int | None = None

    async def connect(self) -> Socket:
        await self.wire.send_input({"type": "websocket.connect"})
        answer = await self.wire.receive_output(timeout=5)
        self.is_open = answer["type"] == "websocket.accept"
        self.code = answer.get("code")
        return self

    async def say(self, text: str | None = None, data: bytes | None = None) -> None:
        """Send one frame."""
        await self.wire.send_input({"type": "websocket.receive", "text": text, "bytes": data})

    async def leave(self) -> None:
        """Go, as a closed tab does."""
        if not self.wire.future.done():
            await self.wire.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wire.wait(timeout=3)

    async def frame(self, timeout: float = 3) -> dict[str, Any]:
        """The next frame."""
        message = await self.wire.receive_output(timeout=timeout)
        assert message["type"] == "websocket.send", message
        got: dict[str, Any] = json.loads(message["text"])
        return got

    async def events(self, *, upto: int, timeout: float = 3) -> list[dict[str, Any]]:
        """All events until the one with seq `upto`."""
        found: list[dict[str, Any]] = []
        while True:
            frame = await self.frame(timeout)
            if frame["type"] == "events":
                found += frame["events"]
                if frame["to"] >= upto:
                    return found

    async def closing(self, timeout: float = 3) -> tuple[int, str]:
        """The close code and reason that come next."""
        message = await self.wire.receive_output(timeout=timeout)
        assert message["type"] == "websocket.close", message
        return message.get("code", 1000), message.get("reason", "")

    async def silent(self, seconds: float = 0.2) -> bool:
        return bool(await self.wire.receive_nothing(timeout=seconds))


def headers_of(
    person: Person | None, *, origin: str | None = ORIGIN, language: str = ""
) -> list[tuple[bytes, bytes]]:
    """What a browser sends along: its Origin and cookies."""
    headers = [] if origin is None else [(b"origin", origin.encode())]
    if person:
        cookie = person.client.cookies[settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    if language:
        headers.append((b"accept-language", language.encode()))
    return headers


@pytest.fixture
async def sockets() -> AsyncIterator[Open]:
    """Open sockets of a thread, or of a team where none is named, that are closed when the test ends. Returns an async
    function."""
    opened: list[Socket] = []

    async def open_socket(
        person: Person | None, *, gid: str, tid: str = "", after: int | str = 0, **rest: Any
    ) -> Socket:
        where = f"t/{tid}" if tid else "team"
        socket = Socket(f"/live/g/{gid}/{where}/?after={after}", headers_of(person, **rest))
        opened.append(socket)
        return await socket.connect()

    yield open_socket
    for socket in opened:
        await socket.leave()
    assert hub.here()._inside == 0, "a closed socket is still counted"
