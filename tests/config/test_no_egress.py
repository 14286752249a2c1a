"""The suite cannot reach anything outside this machine: what passes in it asks nobody else for anything."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

OUTSIDE = "192.0.2.7"  # documentation addresses (RFC 5737): nobody is there
CHILD = f"import socket; socket.create_connection(('{OUTSIDE}', 9), timeout=0.1)"


def test_no_socket_leaves_this_machine() -> None:
    with socket.socket() as one, pytest.raises(ConnectionRefusedError, match="nothing outside this machine"):
        one.connect((OUTSIDE, 9))
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        pytest.raises(ConnectionRefusedError, match="nothing outside this machine"),
    ):
        one.sendto(b"x", (OUTSIDE, 9))


def test_no_name_is_looked_up() -> None:
    with pytest.raises(ConnectionRefusedError, match="nothing outside this machine"):
        socket.getaddrinfo("example.org", 443)


def test_nor_by_a_process_that_a_test_starts() -> None:
    found = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)
    assert found.returncode and "nothing outside this machine" in found.stderr


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
