"""A line that faults can be put on: whoever listens on loopback is reached through it too, over a port of its own."""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import select
import socket
import struct
import threading
import time

SO_ATTACH_FILTER = 26  # of Linux: each packet is shown to a program, here of one step, which lets none in
NONE = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))
DEAF = struct.pack("HP", 1, ctypes.addressof(NONE))


class Line:
    """`delay` is in seconds, at the middle, for each piece of what is said."""

    def __init__(self, to: int) -> None:
        self.to, self.delay = to, 0.0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = int(self._listener.getsockname()[1])
        self._flows, self._wake, self._broken = threading.Event(), os.eventfd(0), set[int]()
        self.mend()
        threading.Thread(target=self._serve, daemon=True).start()

    def mend(self) -> None:
        self.delay = 0.0
        self._flows.set()

    def hold(self) -> None:
        """Nothing comes through. What was said is delivered after `mend`, as TCP does."""
        self._flows.clear()

    def break_silently(self) -> None:
        """The same, and whoever is connected now is not told, and never hears from the other side again."""
        self._flows.clear()
        broken, self._wake = self._wake, os.eventfd(0)
        self._broken.add(broken)
        os.eventfd_write(broken, 1)

    def _serve(self) -> None:
        while True:
            threading.Thread(target=self._carry, args=(self._listener.accept()[0],), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        self._flows.wait()
        wake = self._wake
        with contextlib.suppress(OSError), near, socket.create_connection(("127.0.0.1", self.to)) as far:
            ends, ready = {near.fileno(): (near, far), far.fileno(): (far, near)}, select.poll()
            for number in (*ends, wake):
                ready.register(number, select.POLLIN)
            while wake not in self._broken:
                for source, sink in [ends[number] for number, _ in ready.poll() if number in ends]:
                    said = source.recv(65536)
                    time.sleep(self.delay * 2 * random.random())
                    self._flows.wait()
                    if wake in self._broken:
                        break
                    if not said:
                        return
                    sink.sendall(said)
            for end in (near, far):
                end.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, DEAF)
            threading.Event().wait()  # for ever, as whoever went away without a word
