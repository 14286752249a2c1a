"""What was said in a group, offered by the app that holds it, so that automatic help can be tried on it first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _no() -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Said:
    """A text that is there, or is to be; whether a newcomer says it, and whether it is one of a flood: asked only where
    somebody wants to know."""

    text: str
    is_newcomer: Callable[[], bool] = _no
    is_flood: Callable[[], bool] = _no


Latest = Callable[[int, int, int], list[Said]]
_offered: list[Latest] = []


def register(latest: Latest) -> None:
    """Offer what was said last in a group (by key), where so many first messages make a newcomer: so much at most."""
    _offered[:] = [latest]


def latest(*, group_id: int, first_messages: int, most: int) -> list[Said]:
    """What was said last in a group."""
    return _offered[0](group_id, first_messages, most)
