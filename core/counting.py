"""Counting: up to a number, and on from one."""

from __future__ import annotations

from django.db import connection, models, transaction
from django.db.models import IntegerField, Subquery


class UpTo(Subquery):
    """How many rows a query has that ends after some: a page of a large place costs what one of a small place costs,
    since no more of them are looked at."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def next_number(*, model: type[models.Model], column: str, where: str, value: int) -> int | None:
    """Count a row on by one, and say what it has come to; None where there is no row. It is locked from then on until
    the transaction ends, without which the number would mean nothing."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken in a transaction")
    table, at, key = (connection.ops.quote_name(name) for name in (model._meta.db_table, column, where))
    with connection.cursor() as cursor:
        # names of our own; Django writes this as two statements
        cursor.execute(f"UPDATE {table} SET {at} = {at} + 1 WHERE {key} = %s RETURNING {at}", [value])  # noqa: S608
        found = cursor.fetchall()
    return found[0][0] if found else None
