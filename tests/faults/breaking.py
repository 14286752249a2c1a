"""Real faults of each database, as context managers: inside, writing does not work; afterwards it does again."""

from __future__ import annotations

import contextlib
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import psycopg
from django.db import connection, connections

Fault = Callable[[], AbstractContextManager[None]]


def _pragma(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()
    return int(found[0]) if found else 0


# --- SQLite -----------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Another process writes, and does not end."""
    patience = _pragma("PRAGMA busy_timeout")
    _pragma("PRAGMA busy_timeout=100")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()
        _pragma(f"PRAGMA busy_timeout={patience}")


@contextlib.contextmanager
def full() -> Iterator[None]:
    """Not one page more can be stored."""
    _pragma("VACUUM")
    most = _pragma("PRAGMA max_page_count")
    _pragma(f"PRAGMA max_page_count={_pragma('PRAGMA page_count')}")
    try:
        yield
    finally:
        _pragma(f"PRAGMA max_page_count={most}")


@contextlib.contextmanager
def no_room(*, left: int = 32_768) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes, as on a disk that is full. The database's own file is
    larger already; what is written goes to its journal first, which begins anew."""
    _pragma("PRAGMA wal_checkpoint(TRUNCATE)")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# --- PostgreSQL -------------------------------------------------------------------------------------------------
def _other() -> psycopg.Connection[Any]:
    found = connection.settings_dict
    return psycopg.connect(
        host=found["HOST"], port=found["PORT"] or None, user=found["USER"], password=found["PASSWORD"] or None,
        dbname=found["NAME"],
    )  # fmt: skip


def _killed_at(piece: str) -> Fault:
    """The server ends the connection when a statement with `piece` in it is about to run."""

    @contextlib.contextmanager
    def killed() -> Iterator[None]:
        def kill(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if piece in sql:
                with _other() as other:
                    pid = context["connection"].connection.info.backend_pid
                    other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            return execute(sql, params, many, context)

        with connection.execute_wrapper(kill):
            yield
        connection.close_if_unusable_or_obsolete()

    return killed


@contextlib.contextmanager
def row_locked() -> Iterator[None]:
    """Another process holds the thread, and does not let go."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    other = _other()
    other.execute("SELECT 1 FROM chat_thread FOR UPDATE")
    try:
        yield
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")


# --- both -------------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def unreachable() -> Iterator[None]:
    """No new connection can be made: nothing listens, or the file cannot be opened."""
    where = connections["default"].settings_dict
    kept = {key: where[key] for key in ("NAME", "HOST", "PORT")}
    where |= {"NAME": "/nowhere/kith.sqlite3", "HOST": "127.0.0.1", "PORT": "1"}
    try:
        yield
    finally:
        where.update(kept)


@contextlib.contextmanager
def away() -> Iterator[None]:
    """The same, and the connection there was is over."""
    connection.close()
    with unreachable():
        yield
    connection.close()


HELD: dict[str, dict[str, Fault]] = {  # reading goes on meanwhile
    "sqlite": {"locked": locked, "full": full, "no room": no_room},
    "postgresql": {"row locked": row_locked},
}
CUT: dict[str, dict[str, Fault]] = {
    "sqlite": {"away": away},
    "postgresql": {
        "away": away,
        "killed at the first lock": _killed_at('UPDATE "chat_thread"'),
        "killed at the post": _killed_at('INSERT INTO "chat_post"'),
        "killed at the event": _killed_at('INSERT INTO "chat_threadevent"'),
    },
}
held = HELD[connection.vendor]
everything = held | CUT[connection.vendor]
