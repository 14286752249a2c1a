"""Queries that are written once. To make SQL out of a queryset takes several times as long as a database takes to
answer it, and every page of a group asks the same, with other values each time.

    _mark = Prepared(lambda key: ReadMark.objects.filter(key=key).values_list("seq", flat=True))
    found = _mark(key=my_key)

The rows, their order and the errors are those of the queryset itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

Row = TypeVar("Row")
_FIELDS: dict[type, models.Field[Any, Any]] = {
    bool: models.BooleanField(), int: models.BigIntegerField(), str: models.TextField(),
    bytes: models.BinaryField(), dt.datetime: models.DateTimeField(), dt.date: models.DateField(),
}  # fmt: skip
MOST = 32  # values in a list: of what is longer there would be too many to keep
_DAY = re.compile(r"\d{4}-\d\d-\d\d")  # as SQLite takes it


class Given(models.Expression):
    """A value that is said when the query is asked. `at` is its place in a list. It never sees one: an expression keeps
    what it was made of, and this one stays for as long as the process."""

    def __init__(self, name: str, field: models.Field[Any, Any], at: int | None = None) -> None:
        super().__init__(output_field=field)
        self.name, self.at = name, at

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def among(self, values: dict[str, Any], connection: Any) -> Any:
        """What is given for it, as the database takes it."""
        value = values[self.name] if self.at is None else values[self.name][self.at]
        return self.output_field.get_db_prep_value(value, connection)


class Prepared(Generic[Row]):
    """A query whose values come later, by name, and are never None. `make` makes the queryset of an expression for each
    value, and of a list of them for a list; what it makes hangs on nothing else that could change."""

    def __init__(self, make: Callable[..., models.QuerySet[Any, Row]]) -> None:
        self._make = make
        self._known: dict[tuple[str, tuple[int, ...]], _Written | None] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows, for these values."""
        connection = connections[DEFAULT_DB_ALIAS]
        lengths = tuple(len(one) for one in values.values() if isinstance(one, list))
        if max(lengths, default=0) > MOST:
            return list(self._make(**values))
        kind = connection.vendor, lengths
        if kind not in self._known:
            self._known[kind] = _write(self._make(**{name: _given(name, values[name]) for name in values}))
        written = self._known[kind]
        return written.asked(values, connection) if written else []

    def first(self, **values: Any) -> Row | None:
        """The first of them, if there is one."""
        return next(iter(self(**values)), None)


class _Written:
    """A query as SQL, with what its values go into and what its rows become."""

    def __init__(self, rows: models.QuerySet[Any, Any], compiler: Any, sql: str, params: list[Any]) -> None:
        self._sql, self._params = sql, params
        columns = [one for one, _, _ in compiler.select[: compiler.col_count]]
        self._converters = [(at, *by) for at, by in compiler.get_converters(columns).items()]
        self._become = _what_becomes(rows, compiler)

    def asked(self, values: dict[str, Any], connection: Any) -> list[Any]:
        said = [one.among(values, connection) if isinstance(one, Given) else one for one in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, said)
            rows = cursor.fetchall()
        if self._converters:
            rows = [self._as_python(list(row), connection) for row in rows]
        return [self._become(row) for row in rows]

    def _as_python(self, row: list[Any], connection: Any) -> list[Any]:
        for at, converters, column in self._converters:
            for convert in converters:
                row[at] = convert(row[at], column, connection)
        return row


def _what_becomes(rows: models.QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """What makes a model, a tuple or one value out of a row."""
    kind, count = rows._iterable_class, compiler.col_count
    if kind is FlatValuesListIterable:
        return itemgetter(0)
    if kind is ValuesListIterable:
        return lambda row: tuple(row[:count])
    if kind is not ModelIterable:
        raise TypeError("rows are models, tuples or single values")
    stored, besides = _Stored(compiler.klass_info, compiler.select), compiler.annotation_col_map or {}

    def made(row: Sequence[Any]) -> Any:
        one = stored.made(row)
        vars(one).update({name: row[at] for name, at in besides.items()})
        return one

    return made


class _AsStored(ModelState):
    """The state of a model that came out of the database."""

    adding = False
    db = DEFAULT_DB_ALIAS


class _Stored:
    """Where one model stands in a row, with those that were joined to it. Django looks for that anew in every answer,
    and takes several times as long to make a model, which counts on a page of a hundred of them."""

    def __init__(self, info: Any, select: Any) -> None:
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        self._model, self._at = info["model"], slice(start, end)
        self._names = [column.target.attname for column, _, _ in select[self._at]]
        self._key = start + self._names.index(self._model._meta.pk.attname)
        self._joined = [
            (_Stored(one, select), one["local_setter"], one["remote_setter"])
            for one in info.get("related_klass_infos", ())
        ]

    def made(self, row: Sequence[Any]) -> Any:
        if row[self._key] is None:
            return None
        one = self._model.__new__(self._model)
        vars(one).update(zip(self._names, row[self._at], strict=True), _state=_AsStored())
        for stored, put_on, put_back in self._joined:
            other = stored.made(row)
            put_on(one, other)
            if other is not None:
                put_back(other, one)
        return one


def _given(name: str, value: Any) -> Given | list[Given]:
    if isinstance(value, list):
        return [Given(name, _field_of(one), at) for at, one in enumerate(value)]
    return Given(name, _field_of(value))


def _field_of(value: Any) -> models.Field[Any, Any]:
    return next(_FIELDS[kind] for kind in _FIELDS if isinstance(value, kind))


def _is_plain(value: Any) -> bool:
    """Whether it may stand in a query for good: a number, a word, nothing."""
    return value is None or isinstance(value, int) or (isinstance(value, str) and not _DAY.match(value))


def _write(rows: models.QuerySet[Any, Any]) -> _Written | None:
    """None where no row can ever be."""
    if rows._prefetch_related_lookups:  # type: ignore[attr-defined]  # Django has it, its stubs do not
        raise TypeError("what is fetched beside the rows is another query")
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    if not all(isinstance(one, Given) or _is_plain(one) for one in params):
        raise TypeError("a moment, a day or a key is to be given, or it would stay what it was")
    return _Written(rows, compiler, sql, list(params))
