"""Who writes, end to end: goes on where a server has closed a quiet connection, and says why it ends."""

from __future__ import annotations

import asyncio
from typing import Any

from bench import sites
from bench.servers import relay


async def _relayed(monkeypatch: Any, status: str) -> tuple[list[bytes], str]:
    """Two messages, one after the other, to a server that closes each connection once it has answered."""
    monkeypatch.setattr(relay, "CONNECTIONS", 1)
    bodies: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
        bodies.append(await reader.readexactly(size))
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    door, port = await asyncio.start_server(answer, "127.0.0.1", 0), sites.free_port()
    how = {"port": door.sockets[0].getsockname()[1], "path": "/post", "body": "{message}", "writers": [{}]}
    serving = asyncio.create_task(relay.serve(port, how))
    await asyncio.sleep(0.1)
    _, control = await asyncio.open_connection("127.0.0.1", port)
    for nth in range(2):
        control.write(f"0 message {nth}\n".encode())
        await asyncio.sleep(0.2)
    control.close()
    why = await asyncio.wait_for(serving, 5)
    door.close()
    return bodies, why


async def test_a_quiet_connection_that_was_closed_is_opened_anew(monkeypatch):
    assert await _relayed(monkeypatch, "201 Created") == ([b"message 0", b"message 1"], "")


async def test_a_refused_message_ends_it_with_a_reason(monkeypatch):
    _, why = await _relayed(monkeypatch, "403 Forbidden")
    assert why.startswith("refused with 403")
