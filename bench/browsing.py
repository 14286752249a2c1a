"""The HTTP that the measured sites are asked with: requests made before, connections that stay open, on loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, whole."""

    status: int
    fields: Mapping[str, str]
    body: bytes


@dataclass(kw_only=True)
class Told:
    """What many requests came to. `refused` holds the first few that were not answered as they should be."""

    done: int = 0
    failed: int = 0
    seconds: float = 0.0
    refused: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second that were answered as they should be."""
        return self.done / self.seconds if self.seconds else 0.0

    @property
    def share(self) -> float:
        """How many of all requests were."""
        return self.done / max(1, self.done + self.failed)


def request(method: str, path: str, *, port: int, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request's bytes."""
    fields = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body))} | dict(headers)
    if method == "GET":
        del fields["Content-Length"]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def answer(reader: asyncio.StreamReader) -> Answer:
    """Read one answer whole."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) for line in head[1:] if ": " in line]
    fields = {name.lower(): value for name, value in pairs}
    body = b""
    if "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
    elif fields.get("transfer-encoding", "").lower() == "chunked":
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    return Answer(status=int(head[0].split(" ", 2)[1]), fields=fields, body=body)


def once(port: int, sent: bytes) -> Answer:
    """Ask once, on a connection of its own."""

    async def ask() -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        writer.write(sent)
        found = await answer(reader)
        writer.close()
        return found

    return asyncio.run(ask())


def many(
    port: int,
    make: Callable[[int], bytes],
    *,
    ok: Collection[int],
    connections: int,
    seconds: float,
    most: int = 0,
) -> Told:
    """Ask over several connections at once, each as soon as it was answered, for so long, or so many times."""
    told = Told()
    asked = iter(range(most or 1 << 40))

    async def browse(until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        while time.monotonic() < until and (nth := next(asked, None)) is not None:
            try:
                writer.write(make(nth))
                found = await answer(reader)
            except (OSError, asyncio.IncompleteReadError) as error:
                told.failed += 1
                told.refused = [*told.refused, repr(error)][:3]
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
                continue
            if found.status in ok:
                told.done += 1
            else:
                told.failed += 1
                told.refused = [*told.refused, f"{found.status} {found.body[:120]!r}"][:3]
        writer.close()

    async def all_of_them() -> None:
        began = time.monotonic()
        await asyncio.gather(*(browse(began + seconds) for _ in range(connections)))
        told.seconds = time.monotonic() - began

    asyncio.run(all_of_them())
    return told
