"""A front that stands between a browser and Kith, so that a test can cut the line; and a plain page to exit to."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

PLAIN = b"<!doctype html><html lang=en><title>Weather</title><h1>Dry until the evening</h1>"


@dataclass
class Front:
    """Sends /live/ to one port and everything else to another. `cut` drops every line, sockets too."""

    port: int
    web: int
    live: int
    _open: set[socket.socket] = field(default_factory=set)
    _is_down: bool = False

    def start(self) -> Front:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def stop(self) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Drop every connection, and every new one, until `mend`."""
        self._is_down = True
        for end in list(self._open):
            _close(end)

    def mend(self) -> None:
        self._is_down = False

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        if self._is_down:
            _close(client)
            return
        self._open.add(client)
        with contextlib.suppress(OSError):
            head = client.recv(65536)
            path = head.split(b" ", 2)[1:2]
            port = self.live if path and path[0].startswith(b"/live/") else self.web
            server = socket.create_connection(("127.0.0.1", port))
            self._open.add(server)
            server.sendall(head)
            threading.Thread(target=self._pipe, args=(server, client), daemon=True).start()
            self._pipe(client, server)
            return
        self._drop(client)

    def _pipe(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self._drop(source)
        self._drop(sink)

    def _drop(self, end: socket.socket) -> None:
        self._open.discard(end)
        _close(end)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()


class _Plain(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PLAIN)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def plain_page() -> Iterator[str]:
    """A page that has nothing to do with Kith, on an origin of its own. Yields its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Plain)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
