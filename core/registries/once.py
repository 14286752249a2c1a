"""Somebody signs with a one-thread name, in a request of their own: an app further left may want to know, since nothing
in the background can tell whose such a name is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = Callable[[Any, str, Callable[[str, str], bytes]], None]
_told: list[Told] = []


def register(told: Told) -> None:
    """Ask to be told. It gets the place of who signs, the public id of the talk, and what makes their keys."""
    _told[:] = [told]


def tell(*, here: Any, tid: str, key_of: Callable[[str, str], bytes]) -> None:
    """Say that somebody signed in a talk, or will: after what they sent was taken, and not as a part of it."""
    for told in _told:
        told(here, tid, key_of)
