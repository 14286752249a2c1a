"""What an app gives the live engine to serve its streams: the engine itself imports no app."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of a stream, as read from its log. `row` is the key of its row, drawn by chance: it tells two logs with
    the same numbers apart."""

    seq: int
    kind: str
    ref: str
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """What a reference looks like now: viewer-independent HTML, and who signed it: compared with
    `Viewer.hidden`, and never sent."""

    author: str
    html: str


class Source(Protocol):
    """Reads and renders the streams of one kind. Every method is called in a thread of its own."""

    prefix: str  # a stream's bell is f"{prefix}:{key}"

    def heads(self, *, keys: Collection[int]) -> Mapping[int, tuple[int, int]]:
        """The last sequence number of each stream, and the key of that event's row, 0 where there is none; in one
        query. A stream that is missing is gone."""

    def read_after(self, *, key: int, after: int, limit: int) -> Sequence[Event]:
        """At most `limit` events with seq > `after`, oldest first."""

    def render(self, *, key: int, refs: Collection[str], language: str) -> Mapping[str, Fragment]:
        """Each reference of a stream as it is now. One that is missing has nothing left to show."""
