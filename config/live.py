"""How uvicorn serves Kith's sockets: `python -m config.live` starts a live process of its own."""

from __future__ import annotations

import argparse
import time
from asyncio.transports import BaseTransport
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_AT_ONCE = 24_576.0  # bytes: a request with all the cookies that a proxy lets through, and a ticket
BYTES_A_SECOND = 512


class Wire(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which lets the live engine write finished frames, and cut off a reader that takes nothing:
    closing politely would wait for ever until the reader has read what is left."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Nothing waits in the process but what the network did not take."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=0)
        self.write: Callable[[bytes], None] = self.transport.write  # whole frames, as all of uvicorn's own
        self.is_clear = True
        self.on_full: Callable[[], None] = _nothing
        self._room, self._room_at = MOST_AT_ONCE, time.monotonic()

    def data_received(self, data: bytes) -> None:
        """Look at no more than a client can have to say: frames of any kind cost work, the empty ones most."""
        moment = time.monotonic()
        self._room = min(MOST_AT_ONCE, self._room + (moment - self._room_at) * BYTES_A_SECOND) - len(data)
        self._room_at = moment
        if self._room < 0:
            self.abort()
        else:
            super().data_received(data)

    async def run_asgi(self) -> None:
        """Hand itself to the application."""
        extensions: Any = self.scope["extensions"]
        extensions["kith"] = self
        await super().run_asgi()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing can be written any more."""
        self._fill()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The network is behind."""
        super().pause_writing()
        self._fill()

    def _fill(self) -> None:
        self.is_clear = False
        self.on_full()

    def resume_writing(self) -> None:
        """It took everything."""
        super().resume_writing()
        self.is_clear = True

    def abort(self) -> None:
        """Cut off now."""
        self.transport.abort()


def _nothing() -> None:
    """Before the live engine says what is to be done."""


def options() -> dict[str, Any]:
    """uvicorn's settings: no compression (it costs ten times the work), small frames only, no access log (it
    would hold addresses and paths)."""
    return {
        "ws": Wire,
        "ws_per_message_deflate": False,
        "ws_max_size": 1280,
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "proxy_headers": False,  # uvicorn would believe anybody on loopback; KITH_PROXIES says whom to believe
        "timeout_graceful_shutdown": 3,
    }


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--fd", type=int, help="serve an open listening socket instead")
    arguments = parser.parse_args()
    uvicorn.run(
        "config.asgi:application", host=arguments.host, port=arguments.port, fd=arguments.fd, **options()
    )


if __name__ == "__main__":
    main()
