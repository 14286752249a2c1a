"""Page slots: an app to the left may put a fragment on a page of an app to the right."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

Filler = Callable[[HttpRequest], str]
_slots: dict[str, list[Filler]] = {}


def fill(slot: str, filler: Filler) -> None:
    """Offer safe HTML for a named slot. Offering it again changes nothing."""
    fillers = _slots.setdefault(slot, [])
    if filler not in fillers:
        fillers.append(filler)


def contents(slot: str, request: HttpRequest) -> list[str]:
    """The safe HTML of all fillers of a slot, in the order of registration."""
    return [filler(request) for filler in _slots.get(slot, [])]
