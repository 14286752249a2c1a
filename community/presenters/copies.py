"""A copy of what is one's own in one group, piece by piece as it is read: nothing of it is kept on the server.

It names this group and nothing of any other, and no account.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext

from community.models import Group
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner, Row

Pieces = Iterator[str]


def as_page(*, group: Group, owner: Owner) -> Pieces:
    """One page of HTML that needs nothing else: it opens from a disk and prints."""
    yield render_to_string("community/copy_head.html", {"group": group, "today": clock.today()})
    for title, rows in _sections(owner):
        yield render_to_string("community/_copy_section.html", {"title": title})
        for row in rows:
            yield render_to_string("community/_copy_row.html", {"fields": _in_words(row)})
    yield "</main></body></html>\n"


def as_json(*, group: Group, owner: Owner) -> Pieces:
    """The same as JSON: title -> rows."""
    yield f'{{"group": {_dumped(group.name)}, "made on": {_dumped(clock.today())}, '
    yield f'"not in it": {_dumped(gettext("Notes that only you see: look under Who can see what."))}, "yours": {{'
    for number, (title, rows) in enumerate(_sections(owner)):
        yield f"{', ' if number else ''}{_dumped(title)}: ["
        for place, row in enumerate(rows):
            yield f"{', ' if place else ''}{_dumped(dict(row))}"
        yield "]"
    yield "}}\n"


KINDS: dict[str, tuple[Callable[..., Pieces], str]] = {
    "page": (as_page, "text/html; charset=utf-8"),
    "json": (as_json, "application/json"),
}


def _sections(owner: Owner) -> Iterator[tuple[str, Iterator[Row]]]:
    for holding in holdings.holdings():
        rows = iter(holding.export(owner)) if holding.title else iter(())
        first = next(rows, None)
        if first is not None:
            yield holding.title, _chain(first, rows)


def _chain(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _in_words(row: Row) -> list[tuple[str, Any]]:
    said: dict[Any, Any] = {True: gettext("yes"), False: gettext("no")}
    shown = {name: said[value] if isinstance(value, bool) else value for name, value in row.items()}
    return [(name.capitalize(), value) for name, value in shown.items() if value not in (None, "")]


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
