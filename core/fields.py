"""Database columns of our own."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from core import ids


class RandomKeyField(models.BigIntegerField):  # type: ignore[type-arg]  # generic only in the stubs
    """A primary key drawn at random.

    On SQLite the column must be declared exactly INTEGER to *be* the row id; any other type leaves a hidden,
    ascending row id beside it, which tells in what order rows came.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        settings: dict[str, Any] = {"primary_key": True, "default": ids.new_key, "editable": False}
        super().__init__(*args, **(settings | kwargs))

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "integer" if connection.vendor == "sqlite" else "bigint"
