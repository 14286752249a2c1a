"""Emptying the database after a test that committed: only the tables that hold rows.

Django's own way truncates every table and writes its content types again: a third of a second on PostgreSQL.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

KEPT = {"django_content_type", "auth_permission"}  # written with the tables, and by no test


def empty() -> None:
    """Leave every table as the migrations left it. No migration of Kith's writes a row."""
    name = connection.ops.quote_name
    held = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {name(t)})" for t in _tables())  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(held)
        full = [row[0] for row in cursor.fetchall()]
        refusing = silence(cursor, full)
        for table in full:
            cursor.execute(f"DELETE FROM {name(table)}")  # noqa: S608
        speak_again(cursor, refusing)


def silence(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    """To the end of the transaction nothing refuses, and PostgreSQL does not look at references row by row. Only who
    owns the database can do this, and no code of Kith's does. Returns what SQLite has to be told again."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
        return []
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    refusing = [(trigger, sql) for trigger, table, sql in cursor.fetchall() if table in tables]
    for trigger, _ in refusing:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(trigger)}")
    return [sql for _, sql in refusing]


def speak_again(cursor: CursorWrapper, refusing: list[str]) -> None:
    """Put back what was silenced."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for sql in refusing:
        cursor.execute(sql)


def keep_the_server_away() -> None:
    """PostgreSQL does not tidy up tables while tests look at them: it would take time, and hold old rows."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in _tables():
                cursor.execute(
                    f"ALTER TABLE {connection.ops.quote_name(table)} SET (autovacuum_enabled = off)"
                )


def _tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
