"""Forgetting in which order rows came.

Keys are random, but a database also knows the order by other means. PostgreSQL stamps every row with the number
of the transaction that wrote it (xmin) and adds rows at the end of the table; SQLite keeps the latest changes in
a journal (-wal), and gives a new row the next free place on its page and the next free page of the file. Whoever
holds a copy could lay a new account beside the names that were made just after it.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator

from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

logger = logging.getLogger("kith.forgetting")

HOURS = 6
# Less than the second after which PostgreSQL looks for a deadlock: in one, this duty gives way, never a member.
PATIENCE = 500  # milliseconds

# What PostgreSQL takes for a new value though it is the same, by the column's type.
REBUILT = {"bytea": "{} || ''::bytea", "text": "{} || ''", "varchar": "{} || ''", "jsonb": "{}::text::jsonb"}


def order() -> None:
    """Lay all rows anew, in the order of their random keys. Raises OperationalError when the database is busy."""
    if connection.vendor == "postgresql":
        _lie_in_key_order()
        _one_stamp_for_all()
        _lie_in_key_order()  # again, for the rows as they were before the stamp still lie there
        return
    journal()
    with _patient() as cursor:
        cursor.execute("VACUUM")  # writes every table afresh in key order, with no gaps and no old pages
    journal()


def journal() -> None:
    """SQLite: move what the journal holds into the file, and cut it to nothing. Does nothing while others use it."""
    if connection.vendor == "sqlite":
        with _patient() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Order:
    """The duty: every few hours, and when the database was busy again at the next call."""

    def __init__(self) -> None:
        self.next_at = 0.0

    def __call__(self) -> None:
        moment = time.monotonic()
        if moment < self.next_at:
            return
        try:
            order()
        except OperationalError:
            logger.info("the database is busy: the order of rows is forgotten later")
        else:
            self.next_at = moment + HOURS * 3600 - 60  # so that the sixth hourly call is not just too early


def tables() -> dict[str, str]:
    """Every table that Kith writes, with its key's column, in a fixed order."""
    models = apps.get_models(include_auto_created=True)
    found = {m._meta.db_table: m._meta.pk.column for m in models if m._meta.managed and not m._meta.proxy}
    return dict(sorted(found.items()))


def _one_stamp_for_all() -> None:
    """One transaction writes every row of every table again, so that all carry its number.

    Large values lie apart from their rows (TOAST), numbered by one ascending counter for the whole database, and
    keep their numbers when rows move. So they are built anew here, in the order in which the rows lie.
    """
    quote = connection.ops.quote_name
    with _patient() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL synchronize_seqscans = off")  # read each table from its beginning
        cursor.execute(f"LOCK TABLE {', '.join(map(quote, tables()))} IN SHARE ROW EXCLUSIVE MODE")
        for table, key in tables().items():
            anew = [f"{quote(name)} = {value}" for name, value in _large(cursor, table)]
            written = ", ".join([f"{quote(key)} = {quote(key)}", *anew])
            cursor.execute(f"UPDATE {quote(table)} SET {written}")  # noqa: S608 names from our own models


def _large(cursor: CursorWrapper, table: str) -> Iterator[tuple[str, str]]:
    """The columns that can lie apart, and for each the same value built anew."""
    quote = connection.ops.quote_name
    cursor.execute(
        "SELECT attname, typname FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attstorage <> 'p'",
        [quote(table)],
    )
    for name, kind in cursor.fetchall():
        yield name, REBUILT[kind].format(quote(name))


def _lie_in_key_order() -> None:
    """Write each table to a new file in key order. A transaction each, after the other has ended: within it, the
    rows before the change would still count as living and be copied along."""
    quote = connection.ops.quote_name
    with _patient() as cursor:
        for table in tables():
            cursor.execute(
                "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid"
                " WHERE indisprimary AND indrelid = to_regclass(%s)",
                [quote(table)],
            )
            (index,) = cursor.fetchone()
            cursor.execute(f"CLUSTER {quote(table)} USING {quote(index)}")


@contextlib.contextmanager
def _patient() -> Iterator[CursorWrapper]:
    """A cursor that soon gives up waiting for others, so that nobody waits long behind it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            before, after = f"SET lock_timeout = {PATIENCE}", "RESET lock_timeout"
        else:
            cursor.execute("PRAGMA busy_timeout")
            before, after = (
                f"PRAGMA busy_timeout = {PATIENCE}",
                f"PRAGMA busy_timeout = {cursor.fetchone()[0]}",
            )
        cursor.execute(before)
        try:
            yield cursor
        finally:
            cursor.execute(after)
