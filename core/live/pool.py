"""A few threads for the database work of the live engine, kept apart from those that serve pages."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections

T = TypeVar("T")
PATIENCE = 5.0  # seconds for one piece of work

_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")
_working: dict[int, tuple[float, Any]] = {}  # by thread: since when, and with which connection


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in one of the threads; its database connection is closed afterwards unless it is kept by age."""

    def run() -> T:
        close_old_connections()
        _working[threading.get_ident()] = time.monotonic(), connections[DEFAULT_DB_ALIAS]
        try:
            return work()
        finally:
            del _working[threading.get_ident()]
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_pool, run)


def give_up_late() -> bool:
    """Cut the lines of work that waits too long for a database, and say whether there was any. A server that hangs, or
    a line that takes what is said and hands on nothing, would keep the thread for good; the next work asks anew."""
    is_any = False
    for began, asked in list(_working.values()):
        if time.monotonic() - began > PATIENCE and hasattr(asked.connection, "fileno"):  # SQLite has no line
            is_any = True
            with (
                contextlib.suppress(Exception),
                socket.socket(fileno=os.dup(asked.connection.fileno())) as line,
            ):
                line.shutdown(socket.SHUT_RDWR)  # whatever it is, such as that it ended just now: it is over
    return is_any
