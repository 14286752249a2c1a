"""The line that faults are put on does what it says: late, held, or broken without a word."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.lines import Line


@pytest.fixture
def line() -> Iterator[Line]:
    """A line to somebody who says back what they hear."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    near, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=echo, args=(near,), daemon=True).start()

        def echo(near: socket.socket) -> None:
            with near:
                while said := near.recv(100):
                    near.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        yield Line(server.getsockname()[1])


def hears(end: socket.socket, *, within: float) -> bytes | None:
    end.settimeout(within)
    try:
        return end.recv(100)
    except TimeoutError:
        return None


def connected(line: Line) -> socket.socket:
    end = socket.create_connection(("127.0.0.1", line.port))
    end.sendall(b"one")
    assert hears(end, within=5) == b"one"
    return end


def test_what_is_said_meanwhile_comes_when_it_is_whole_again(line: Line) -> None:
    with connected(line) as end:
        line.hold()
        end.sendall(b"two")
        assert hears(end, within=0.3) is None
        line.mend()
        assert hears(end, within=5) == b"two"


def test_delay(line: Line) -> None:
    with connected(line) as end:
        line.delay = 0.5
        began = time.monotonic()
        for _ in range(3):
            end.sendall(b"two")
            assert hears(end, within=10) == b"two"
        assert time.monotonic() - began > 0.3
        line.mend()
        end.sendall(b"three")
        assert hears(end, within=5) == b"three"


def test_broken_silently(line: Line) -> None:
    with connected(line) as end:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 2000)
        line.break_silently()
        time.sleep(0.2)
        line.mend()
        end.sendall(b"two")
        assert hears(end, within=0.5) is None, "no goodbye: nothing is heard, not even an end"
        with connected(line) as other:
            assert other, "a new one works"
        with pytest.raises(OSError, match="Connection timed out"):
            end.settimeout(20)
            end.recv(100)
