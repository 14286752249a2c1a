"""What every proof is made of: attempts that are counted, a goal, and the defences it would fail without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Result:
    """One row of what is proved. `found` is a count of `tried`, or a figure such as 'AUC 0.51'.

    `holds` is None where there is no goal: the figure says what Kith cannot hide. `part` tells the rows of one
    proof apart.
    """

    promise: str
    tried: int
    found: int | str
    goal: str
    holds: bool | None
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class Defence:
    """Something that protects, and how to take it away: without it its proof must fail."""

    name: str
    off: Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One module of this folder. `prove(size)` takes 'small' (in the suite) or 'full' (`make prove`)."""

    name: str
    prove: Callable[[str], Iterable[Result]]
    defences: list[Defence]


def of_module(module: ModuleType) -> Proof:
    """The proof that a module is: its `prove` and its `DEFENCES`."""
    name = module.__name__.rpartition(".")[2]
    return Proof(name=name, prove=module.prove, defences=list(module.DEFENCES))


def swapped(owner: Any, name: str, value: Any) -> Callable[[], AbstractContextManager[None]]:
    """A defence is off while this attribute has another value."""

    @contextmanager
    def off() -> Iterator[None]:
        before = getattr(owner, name)
        setattr(owner, name, value)
        try:
            yield
        finally:
            setattr(owner, name, before)

    return off


def constraint(model: Any, name: str) -> Defence:
    """A constraint of the database, dropped in the proof's own. What breaks it may not stay there."""
    from django.db import connection

    @contextmanager
    def off() -> Iterator[None]:
        every = model._meta.constraints
        (found,) = (one for one in every if one.name == name)
        model._meta.constraints = [one for one in every if one is not found]  # SQLite makes the table anew
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, found)
        try:
            yield
        finally:
            model._meta.constraints = every
            with connection.schema_editor() as editor:
                editor.add_constraint(model, found)

    return Defence(name=name, off=off)


def none_found(promise: str, *, tried: int, found: int, part: str = "") -> Result:
    """The row of a promise that a single success breaks; nothing tried proves nothing."""
    return Result(
        promise=promise, tried=tried, found=found, goal="0", holds=found == 0 and tried > 0, part=part
    )
