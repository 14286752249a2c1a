"""Who writes, end to end: `python -m bench.servers.relay CONTROL HOW`, where HOW is a file of JSON.

Takes messages over the control connection, a line `<talk> <message>` each, as the measured servers do, and POSTs each
to a site over one of several connections that stay open: `{"port", "path", "body", "writers": [{header: value}]}`. In
`body`, `{message}` and `{id}` are filled in. Writers take turns. Ends with a reason when a message is refused."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import uuid
from pathlib import Path
from typing import Any

from bench import browsing

CONNECTIONS = 16


async def serve(control: int, how: dict[str, Any]) -> str:
    """Until the control connection closes, or a message was refused: why."""
    waiting: asyncio.Queue[str] = asyncio.Queue()
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    writers = itertools.cycle(how["writers"])

    def end(why: str) -> None:
        if not ended.done():
            ended.set_result(why)

    async def lines(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            waiting.put_nowait(line.decode().rstrip("\n").partition(" ")[2])
        end("")

    async def post() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", how["port"])
        while True:
            message = await waiting.get()
            if reader.at_eof():  # a quiet connection is closed by some servers after a while
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", how["port"])
            writer.write(_request(how, next(writers), message))
            found = await browsing.answer(reader)
            if found.status >= 300:
                end(f"refused with {found.status}: {found.body[:200]!r}")

    door = await asyncio.start_server(lines, "127.0.0.1", control)
    posting = [asyncio.create_task(post()) for _ in range(CONNECTIONS)]
    for one in posting:
        one.add_done_callback(lambda task: None if task.cancelled() else end(f"{task.exception()!r}"))
    why = await ended
    for one in posting:
        one.cancel()
    door.close()
    return why


def _request(how: dict[str, Any], headers: dict[str, str], message: str) -> bytes:
    body = how["body"].replace("{message}", message).replace("{id}", uuid.uuid4().hex).encode()
    return browsing.request("POST", how["path"], port=how["port"], headers=headers, body=body)


if __name__ == "__main__":
    if reason := asyncio.run(serve(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))):
        sys.exit(reason)
