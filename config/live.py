"""How uvicorn serves Kith's sockets: `python -m config.live` starts a live process of its own."""

from __future__ import annotations

import argparse
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class CuttableSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which lets the live engine cut off a reader that takes nothing: closing politely
    would wait for ever until the reader has read what is left."""

    async def run_asgi(self) -> None:
        """Hand the transport's abort to the application."""
        extensions: Any = self.scope["extensions"]
        extensions["kith"] = {"abort": self.transport.abort}
        await super().run_asgi()


def options() -> dict[str, Any]:
    """uvicorn's settings: no compression (it costs ten times the work), small frames only, no access log (it
    would hold addresses and paths)."""
    return {
        "ws": CuttableSocket,
        "ws_per_message_deflate": False,
        "ws_max_size": 1024,
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
