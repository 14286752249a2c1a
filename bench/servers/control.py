"""What the measured Python servers share: the control connection, and uvicorn as Kith runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from config import live
from core import memory


async def serve(app: Any, *, port: int, control: int, publish: Callable[[int, str], Awaitable[None]]) -> None:
    """Serve an ASGI application on loopback, and publish what comes over the control connection: a line
    `<talk> <message>` each."""

    async def lines(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            talk, _, message = line.decode().rstrip("\n").partition(" ")
            await publish(int(talk), message)
        writer.close()
        server.should_exit = True

    config = uvicorn.Config(app, host="127.0.0.1", port=port, lifespan="off", backlog=4096, **live.options())
    server = uvicorn.Server(config)
    door = await asyncio.start_server(lines, "127.0.0.1", control)
    await server.serve()
    door.close()


def run(app: Any, **how: Any) -> None:
    """`serve` in uvicorn's own loop."""
    memory.keep_what_is_loaded()
    with asyncio.Runner(loop_factory=uvicorn.Config(app, loop="uvloop").get_loop_factory()) as runner:
        runner.run(serve(app, **how))
