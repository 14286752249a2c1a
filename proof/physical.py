"""PostgreSQL's own data directory, read through the server: what lies in the files of its tables, and its write-ahead
log. No ordinary backup holds either; who copies the disk has both.

The files are read with SQL (`pg_read_binary_file`), which only a superuser may: a test needs no cluster of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

FILES = """SELECT pg_relation_filepath(oid) FROM pg_class
    WHERE pg_relation_filepath(oid) IS NOT NULL AND (relname = 'pg_statistic'
    OR relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)) ORDER BY relname"""


class DataDirectory:
    """From the moment it is made: the write-ahead log is read from there on."""

    def __init__(self) -> None:
        self.is_there = connection.vendor == "postgresql" and _one(
            "SELECT current_setting('is_superuser') = 'on'"
        )
        self._first = _one("SELECT pg_walfile_name(pg_current_wal_insert_lsn())") if self.is_there else ""

    def tables(self) -> bytes:
        """The files of all tables and indexes, with what is free in them."""
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            cursor.execute(FILES)
            names = [name for (name,) in cursor.fetchall()]
        return b"".join(_read(names))

    def journal(self) -> bytes:
        """The write-ahead log, in the order in which it was written."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute(
                "SELECT 'pg_wal/' || name FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND name >= %s"
                " AND name <= pg_walfile_name(pg_current_wal_insert_lsn()) ORDER BY name",
                [self._first],
            )
            names = [name for (name,) in cursor.fetchall()]
        return b"".join(_read(names))


def _read(names: list[str]) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_read_binary_file(%s)", [name])
            yield bytes(cursor.fetchone()[0])


def _one(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]  # type: ignore[no-any-return]  # a row of the server is untyped
