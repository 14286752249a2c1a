"""Emptying the database after a test that committed: only the tables that hold rows.

Django's own way truncates every table and writes its content types again: a third of a second on PostgreSQL.
"""

from __future__ import annotations

from django.db import connection, transaction

KEPT = {"django_content_type", "auth_permission"}  # written with the tables, and by no test


def empty() -> None:
    """Leave every table as the migrations left it. No migration of Kith's writes a row."""
    name = connection.ops.quote_name
    held = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {name(t)})" for t in _tables())  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(held)
        full = [row[0] for row in cursor.fetchall()]
        if full and connection.vendor == "postgresql":
            cursor.execute(
                "SET LOCAL session_replication_role = replica"
            )  # no look at references, row by row
        for table in full:
            cursor.execute(f"DELETE FROM {name(table)}")  # noqa: S608


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
