"""Every model says what happens to its rows when a person takes their things out, or has them erased.

A model is either *held* for a person (with a function to export it and one to erase it) or *kept*, with
the reason. A schema walk in the tests fails on a model that is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose rows: computed in the owner's own request, never stored.

    `tag` is the owner tag in one group (empty for the private world), `group` its public id,
    `key` makes the keys of rows without a member: key(kind, object id) -> 32 bytes, and `account_id`
    is given only inside the private world. For an erasure that comes later, `key` knows the keys that were found
    in the owner's own request, and makes random ones for everything else. Rows that are found by a key have it in
    a column called `key`.
    """

    group: str = ""
    tag: bytes = b""
    key: Callable[[str, str], bytes] | None = None
    account_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Rows of which each is erased at a moment of its own, so that going together ties nothing together: the refs of
    an owner's, found in their own request, and how one is erased. `final`: only when the account goes for good; `untie`
    is done then beside the erasing, to what binds through leaving."""

    refs: Callable[[Owner], Iterable[str]]
    erase: Callable[[str], None]
    final: bool = False
    untie: Callable[[str], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one model holds of a person, and how to hand it out and erase it, all at once or each row apart.

    `title` is what people call these rows; without one, nothing is handed out. The keys of a row are plain words.
    `is_unseen`: nobody but their owner could notice when these rows go, so that they need no moment of their own.
    """

    model: type[models.Model]
    export: Callable[[Owner], Iterable[Row]]
    erase: Callable[[Owner], None] | Apart
    title: str = ""
    is_unseen: bool = False


_held: dict[type[models.Model], Holding] = {}
_staying: set[type[models.Model]] = set()
_kept: dict[type[models.Model], str] = {}


def hold(
    model: type[models.Model],
    *,
    export: Callable[[Owner], Iterable[Row]],
    erase: Callable[[Owner], None] | Apart,
    title: str = "",
    is_unseen: bool = False,
) -> None:
    """Register how a model's rows of one owner are exported and erased."""
    _held[model] = Holding(model=model, export=export, erase=erase, title=title, is_unseen=is_unseen)


def stays(model: type[models.Model]) -> None:
    """Say that what is held of a model binds its owner through leaving: an erasure does not take it."""
    _staying.add(model)


def goes(holding: Holding) -> bool:
    """Whether an erasure takes what is held."""
    return holding.model not in _staying


def keep(model: type[models.Model], *, because: str) -> None:
    """Register a model whose rows belong to nobody, or must stay, with the reason."""
    _kept[model] = because


def holdings() -> list[Holding]:
    """All held models, in the order of registration (private first, then left to right of the import order)."""
    return list(_held.values())


def unregistered(candidates: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """The candidates that are neither held nor kept."""
    return [model for model in candidates if model not in _held and model not in _kept]
