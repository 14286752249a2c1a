"""WebSocket connections of a load that is written in Python: raw, so that thousands cost little."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

ASK = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{headers}"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def said(frame: dict[str, Any]) -> bytes:
    """One masked text frame, with a mask of zeros."""
    body = json.dumps(frame).encode()
    size = bytes((0x80 | len(body),)) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2)
    return b"\x81" + size + bytes(4) + body


class Wire(asyncio.Protocol):
    """One connection: `hello` goes out once it is open, `took` gets each frame, `lost` is called once it is over or was
    refused."""

    transport: asyncio.Transport

    def __init__(
        self, *, path: str, headers: str = "", hello: bytes = b"", took: Callable[[dict[str, Any]], None],
        lost: Callable[[], None],
    ) -> None:  # fmt: skip
        self._asked = ASK.format(path=path, headers=headers).encode()
        self._hello, self._took, self._lost = hello, took, lost
        self._held = bytearray()
        self._is_open = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._asked)

    def connection_lost(self, _: Exception | None) -> None:
        self._lost()

    def data_received(self, data: bytes) -> None:
        self._held += data
        if not self._is_open:
            head, found, rest = bytes(self._held).partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head[:14]:
                self.transport.abort()
                return
            self._is_open, self._held = True, bytearray(rest)
            if self._hello:
                self.transport.write(self._hello)
        self._cut()

    def _cut(self) -> None:
        held, at = self._held, 0
        while len(held) - at >= 2:
            size, skip = held[at + 1] & 127, 2
            if size >= 126:
                skip = 4 if size == 126 else 10
                size = int.from_bytes(held[at + 2 : at + skip])
            if len(held) - at < skip + size or (skip > 2 and len(held) - at < skip):
                break
            if held[at] & 15 == 1:
                self._took(json.loads(held[at + skip : at + skip + size]))
            elif held[at] & 15 == 8:
                self.transport.abort()
            at += skip + size
        del held[:at]
