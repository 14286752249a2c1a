"""A reader that stops reading, over a real TCP connection and the server's own protocol."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.asyncio.client import connect

from chat.consumers import ThreadConsumer
from config import live
from core.live import hub, revocations
from core.live.reader import Viewer
from tests.live.test_hub import KEY, Paper, until

HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class OpenDoor(ThreadConsumer):
    """Kith's consumer over a made-up log."""

    paper: Paper

    async def connect(self) -> None:
        seat = hub.Seat(
            source=self.paper,
            key=KEY,
            viewer=Viewer(language="en"),
            keys={},
            look=lambda: Viewer(language="en"),
        )
        self._reader = await hub.here().join(admit=lambda: seat, outlet=self, after=0)
        await self._set_out(self._reader)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[int, ServerState]]:
    monkeypatch.setattr(revocations, "_streams", {})
    monkeypatch.setattr(hub, "TIMING", hub.Timing(tend=0.05, heal=60, heartbeat=60, stuck=0.5))
    OpenDoor.paper = Paper()
    config = uvicorn.Config(OpenDoor.as_asgi(), lifespan="off", **live.options())
    config.load()
    state = ServerState()
    listening = await asyncio.get_running_loop().create_server(
        lambda: config.ws_protocol_class(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    yield listening.sockets[0].getsockname()[1], state
    listening.close()
    for connection in list(state.connections):
        connection.transport.abort()
    await until(lambda: not state.tasks)


async def test_a_stopped_reader_is_cut_off_and_delays_nobody(server: tuple[int, ServerState]) -> None:
    port, state = server
    stopped = socket.socket()
    stopped.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stopped.connect(("127.0.0.1", port))
    stopped.sendall(HANDSHAKE.encode())
    count, got = 600, []
    async with connect(f"ws://127.0.0.1:{port}/", compression=None, max_size=None) as reading:
        await until(lambda: hub.here()._inside == 2)

        async def read() -> None:
            while len(got) < count:
                got.extend(event["seq"] for event in json.loads(await reading.recv())["events"])

        following = asyncio.create_task(read())
        for number in range(count):
            OpenDoor.paper.write("x" * 20_000)
            if number % 5 == 0:
                await asyncio.sleep(0.005)
        await asyncio.wait_for(following, 10)
        assert got == list(range(1, count + 1))
        await until(lambda: hub.here()._inside == 1, 5)
        await until(
            lambda: len(state.connections) == 1, 2
        )  # the connection itself is gone, with what it held
    stopped.close()


async def test_no_compression_is_offered_and_long_frames_close_the_socket(
    server: tuple[int, ServerState],
) -> None:
    port, _ = server
    async with connect(f"ws://127.0.0.1:{port}/") as reading:
        assert "Sec-WebSocket-Extensions" not in reading.response.headers  # type: ignore[union-attr]
        await reading.send("x" * 2000)
        await reading.wait_closed()
        assert reading.close_code == 1009


EMPTY = b"\x80\x00\x00\x00\x00"  # masked, and nothing in it
ENDLESS = {"pings": b"\x89" + EMPTY, "pongs": b"\x8a" + EMPTY, "pieces": b"\x00" + EMPTY}


@pytest.mark.parametrize("frame", ENDLESS.values(), ids=ENDLESS.keys())
async def test_whoever_says_nothing_without_end_is_cut_off(
    server: tuple[int, ServerState], frame: bytes
) -> None:
    """One that pings now and then, as other clients do, is answered."""
    port, _ = server
    async with connect(f"ws://127.0.0.1:{port}/", compression=None) as calm:
        await asyncio.wait_for(await calm.ping(), 3)
        async with connect(f"ws://127.0.0.1:{port}/", compression=None) as wild:
            wild.transport.write(b"\x01" + EMPTY if frame == ENDLESS["pieces"] else b"")
            with contextlib.suppress(RuntimeError):  # it is over
                for _ in range(20):
                    wild.transport.write(frame * 500)
                    await asyncio.sleep(0.01)
            await asyncio.wait_for(wild.wait_closed(), 3)
        await asyncio.wait_for(await calm.ping(), 3)
        OpenDoor.paper.write("hello")
        assert "hello" in str(await asyncio.wait_for(calm.recv(), 3))
