"""What is checked before it appears, offered by the app that it waits for: who looks knows nothing of that app.

What waits is a sealed act; `payload` is what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.registries.subjects import Line

Payload = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What would appear: its text, the title of the talk it opens or stands in, and what was said just before; and
    why it waits, in words, where a machine found something.
    """

    text: str
    title: str
    opens: bool = False
    changes: bool = False
    context: tuple[Line, ...] = ()
    why: tuple[str, ...] = ()


class Reader(Protocol):
    def read(self, payload: Payload) -> Draft: ...
    def author_tag(self, payload: Payload) -> bytes: ...


_readers: dict[str, Reader] = {}


def register(act: str, reader: Reader) -> None:
    """Offer to read what waits to be done as an act of this name."""
    _readers[act] = reader


def reader(act: str) -> Reader:
    """Who can read an act of this name."""
    return _readers[act]
