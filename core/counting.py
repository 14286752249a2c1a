"""Counting that ends: a page of a large place costs what one of a small place costs."""

from __future__ import annotations

from django.db.models import IntegerField, Subquery


class UpTo(Subquery):
    """How many rows a query has that ends after some: no more of them are looked at."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
