"""Database columns of our own."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import In

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


@models.BinaryField.register_lookup
class Among(In):  # type: ignore[type-arg]  # generic only in the stubs
    """`in` of many tags: home asks for one's own among those of all groups there are. Django's own takes each value
    through five functions on its way, which takes several times as long as the database takes for the answer."""

    def get_prep_lookup(self) -> Any:
        return self.rhs if self._is_plain() else super().get_prep_lookup()

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        if not self._is_plain():
            return super().as_sql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":  # one text, read once
            listed = ",".join(f'"\\\\x{one.hex()}"' for one in self.rhs)
            return f"{column} = ANY(%s::bytea[])", [*params, f"{{{listed}}}"]
        return f"{column} IN ({', '.join(['%s'] * len(self.rhs))})", [*params, *self.rhs]

    def _is_plain(self) -> bool:
        return isinstance(self.rhs, list) and bool(self.rhs) and all(type(one) is bytes for one in self.rhs)
