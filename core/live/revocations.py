"""Who may no longer listen: streams of ended sessions and changed standings, offered by the apps that own them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

LIMIT = 500  # read at once


class Head(Protocol):
    def __call__(self) -> int: ...


class After(Protocol):
    def __call__(self, *, after: int, limit: int) -> Sequence[tuple[int, str]]: ...


@dataclass(frozen=True, kw_only=True)
class Revocations:
    """One stream of revocations. `name` is also its bell; a reference names whom it is about.

    `final`: sockets with that reference are closed at once. Otherwise they look at their standing again.
    """

    name: str
    head: Head
    after: After
    final: bool


_streams: dict[str, Revocations] = {}


def register(stream: Revocations) -> None:
    """Offer a stream of revocations."""
    _streams[stream.name] = stream


def streams() -> dict[str, Revocations]:
    """All registered streams, by name."""
    return _streams


def heads() -> dict[str, int]:
    """Where each stream stands."""
    return {name: stream.head() for name, stream in _streams.items()}


def read(*, name: str, after: int) -> tuple[int, set[str]]:
    """The references after a sequence number, and the number to go on from."""
    refs: set[str] = set()
    while True:
        rows = _streams[name].after(after=after, limit=LIMIT)
        refs.update(ref for _, ref in rows)
        after = rows[-1][0] if rows else after
        if len(rows) < LIMIT:
            return after, refs
