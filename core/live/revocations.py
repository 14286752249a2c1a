"""Who may no longer listen: streams of ended sessions and changed standings, offered by the apps that own them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.models import Stream, StreamEvent

LIMIT = 500  # read at once


class Head(Protocol):
    def __call__(self) -> int: ...


class After(Protocol):
    def __call__(self, *, after: int, limit: int) -> Sequence[tuple[int, str]]: ...


@dataclass(frozen=True, kw_only=True)
class Revocations:
    """One stream of revocations. `name` is also its bell; a reference names whom it is about.

    `final`: sockets with that reference are closed at once. Otherwise they look at their standing again. `for_all`:
    whom it is about is known to each socket alone, so all of them look again.
    """

    name: str
    head: Head
    after: After
    final: bool
    for_all: bool = False


def from_log(
    *, name: str, streams: type[Stream], events: type[StreamEvent], final: bool, for_all: bool = False
) -> Revocations:
    """The revocations of an event log whose one stream is the row called `name`."""

    def head() -> int:
        rows = streams._default_manager.filter(**{"name": name})
        return int(rows.values_list("last_seq", flat=True).first() or 0)

    def after(*, after: int, limit: int) -> Sequence[tuple[int, str]]:
        rows = events._default_manager.filter(**{"stream__name": name, "seq__gt": after})
        return list(rows.order_by("seq").values_list("seq", "ref")[:limit])

    return Revocations(name=name, head=head, after=after, final=final, for_all=for_all)


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
