"""Where words of worry are to be recognised."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """How worried somebody who reads this should be."""

    NONE = 0
    WORRIED = 1
    IN_DANGER = 2


def worried(_text: str) -> Level:
    """How worrying a text is. Nothing recognises that yet, and no page offers it."""
    return Level.NONE
