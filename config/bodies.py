"""Bodies that come in pieces: read only as far as any of ours can go.

Django's ASGI handler writes a body to the disk before it looks at its length, and one in pieces names none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def bounded(app: App) -> App:
    """The same application, handed bodies whole. One that is too long comes empty, under its length so far, so
    that it is refused like one that said its length."""

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more and len(body) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
        if more or len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            headers = [header for header in scope["headers"] if header[0] != b"content-length"]
            scope = {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
            body = b""
        await app(scope, _again(body, receive), send)

    return pages


def _again(body: bytes, receive: Receive) -> Receive:
    """Hands out the body, then waits for the end of the line; what still comes in between is not kept."""
    left: list[Mapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Mapping[str, Any]:
        if left:
            return left.pop()
        while (message := await receive())["type"] != "http.disconnect":
            pass
        return message

    return read
