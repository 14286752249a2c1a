"""What a database holds of each member, found by walking it as a thief would: every row that hangs on the member's
row, or that repeats one of its tags or public ids."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from community.models import Member

Row = dict[str, Any]
Rows = dict[type[models.Model], list[Row]]
OWN_WORDS = {"text", "html", "title", "about", "answer", "path"}  # what people wrote themselves
LETTERS, BYTES = 5, 4  # the shortest piece that two random ids hardly share
LARGE = 1 << 40  # a number above is a key


@dataclass(kw_only=True)
class Trace:
    """What is known of one member: pieces of ids, numbers by column, and the places of its rows."""

    tokens: set[str] = field(default_factory=set)
    numbers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def rows() -> Rows:
    """Every row of every table."""
    return {
        model: list(model._default_manager.values()) for model in apps.get_models() if model._meta.managed
    }


def of(members: Collection[int], found: Rows | None = None) -> dict[int, Trace]:
    """The trace of each member, by row key. A thief who opened something hands over the rows with what was in them."""
    found = rows() if found is None else found
    traces = {member: Trace() for member in members}
    for model, key, row in _owned(found, set(members)):
        _add(traces[key], model, row)
    return traces


def _owned(found: Rows, members: set[int]) -> Iterator[tuple[type[models.Model], int, Row]]:
    owner: dict[tuple[type[models.Model], Any], int] = {(Member, key): key for key in members}
    waiting = {model: list(table) for model, table in found.items()}
    known: dict[str, int] = {}
    moved = True
    while moved:
        moved = False
        for model, table in waiting.items():
            rest = []
            for row in table:
                key = _owner_of(model, row, owner, known)
                if key is None:
                    rest.append(row)
                    continue
                moved = True
                owner[model, row[model._meta.pk.column]] = key
                known |= dict.fromkeys(_names(model, row), key)
                yield model, key, row
            waiting[model] = rest


def _owner_of(
    model: type[models.Model],
    row: Row,
    owner: dict[tuple[type[models.Model], Any], int],
    known: dict[str, int],
) -> int | None:
    if model is Member:
        return owner.get((Member, row["id"]))
    for column in model._meta.concrete_fields:
        if column.remote_field and (key := owner.get((column.related_model, row[column.attname]))):
            return key
    return next((known[text] for text in map(as_text, row.values()) if text in known), None)


def _names(model: type[models.Model], row: Row) -> Iterator[str]:
    """By what other rows could mean this one: its tags and public ids."""
    for column in model._meta.concrete_fields:
        if column.unique and not column.primary_key and not column.remote_field:
            text = as_text(row[column.attname])
            if len(text) >= 8:
                yield text


def as_text(value: Any) -> str:
    """Bytes as hexadecimal, text as it is, anything else as nothing."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if isinstance(value, str) else ""


def _add(trace: Trace, model: type[models.Model], row: Row) -> None:
    for column in model._meta.concrete_fields:
        name, value = f"{model._meta.label}.{column.attname}", row[column.attname]
        if column.primary_key:
            trace.places[name].append(value)
        elif column.remote_field or value is None or column.attname in OWN_WORDS:
            continue
        elif isinstance(value, int) and abs(value) > LARGE:
            trace.places[name].append(value)
        elif (number := _number(value)) is not None:
            trace.numbers[name].append(number)
        else:
            trace.tokens |= pieces(value)


def _number(value: Any) -> float | None:
    if isinstance(value, dt.datetime):
        return value.timestamp()
    if isinstance(value, dt.date):
        return float(value.toordinal())
    return float(value) if isinstance(value, int | float) else None


def pieces(value: Any) -> set[str]:
    """What two values could share: runs of letters and bytes, words of a name, unusual words of a drawing."""
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)[:128]
        return {raw[at : at + BYTES].hex() for at in range(len(raw) - BYTES + 1)}
    text = str(value)
    if " " in text and len(text) <= 64:
        return set(text.split())
    if len(text) > 64:
        return {word for word in re.findall(r"[A-Za-z0-9_.#-]{6,}", text) if not word.isalpha()}
    return {text[at : at + LETTERS] for at in range(len(text) - LETTERS + 1)}
