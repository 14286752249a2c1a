"""What else is done when somebody of a team goes off duty: the app that gives them something to do offers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Going = Callable[[Any], int]
_offered: list[Going] = []


def register(going: Going) -> None:
    """Offer what happens then. It gets the place of who goes, and says how many things of theirs others can have."""
    _offered[:] = [going]


def go_off(here: Any) -> int:
    """Somebody goes: how many things that they had, others can have now."""
    return _offered[0](here)
