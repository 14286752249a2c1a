"""Who may no longer listen: streams of ended sessions and changed standings, offered by the apps that own them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.models import Stream, StreamEvent

LIMIT = 500  # read at once
RECENT = 2_000  # references that a live process remembers, to look tickets over


class Head(Protocol):
    def __call__(self) -> int: ...


class After(Protocol):
    def __call__(self, *, after: int, limit: int) -> Sequence[tuple[int, str]]: ...


@dataclass(frozen=True, kw_only=True)
class Revocations:
    """One stream of revocations. `name` is also its bell; a reference names whom it is about.

    `final`: sockets with that reference are closed at once. Otherwise they look at their standing again. `for_all`:
    whom it is about is known to each socket alone, so all of them look again. `log` names this very log, 0 while it
    has no row: after a restore it may be another with the same numbers.
    """

    name: str
    log: Head
    head: Head
    after: After
    final: bool
    for_all: bool = False


def from_log(
    *, name: str, streams: type[Stream], events: type[StreamEvent], final: bool, for_all: bool = False
) -> Revocations:
    """The revocations of an event log whose one stream is the row called `name`."""

    def log() -> int:
        return streams._default_manager.filter(**{"name": name}).values_list("pk", flat=True).first() or 0

    def head() -> int:
        rows = streams._default_manager.filter(**{"name": name})
        return int(rows.values_list("last_seq", flat=True).first() or 0)

    def after(*, after: int, limit: int) -> Sequence[tuple[int, str]]:
        rows = events._default_manager.filter(**{"stream__name": name, "seq__gt": after})
        return list(rows.order_by("seq").values_list("seq", "ref")[:limit])

    return Revocations(name=name, log=log, head=head, after=after, final=final, for_all=for_all)


_streams: dict[str, Revocations] = {}


def register(stream: Revocations) -> None:
    """Offer a stream of revocations."""
    _streams[stream.name] = stream


def streams() -> dict[str, Revocations]:
    """All registered streams, by name."""
    return _streams


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far one stream of revocations was followed, and which log that was: a restored one is another."""

    log: int
    seq: int


class Recent:
    """Whom one stream named after `start`, in the memory of a live process: so it can tell of a ticket whether what it
    says is still so, or that it cannot tell. Bounded, and without times."""

    def __init__(self, *, stream: Revocations) -> None:
        """In a thread: with what the log itself still holds, as a process starts."""
        self.stream = stream
        self.log, head = stream.log(), stream.head()
        rows = stream.after(after=max(0, head - RECENT), limit=2 * RECENT)
        self.head = max([head, *(seq for seq, _ in rows)])
        self.last = rows[-1][1] if rows else ""  # whom it named at the head
        self.start = self.head - len(rows)
        self._seqs: dict[str, int] = {}
        if [seq for seq, _ in rows] != list(
            range(self.start + 1, self.head + 1)
        ):  # some are gone from between
            self.start, rows = self.head, []
        for seq, ref in rows:
            self._name(ref, seq)

    def add(self, news: News, *, log: int) -> None:
        """What was read since."""
        self.head, self.last, self.log = news.upto, news.last, log
        if not news.is_whole:  # of nobody can be said any more that they were not named
            self.start = news.upto
            self._seqs.clear()
        for ref in news.refs:
            self._name(ref, news.upto)

    def _name(self, ref: str, seq: int) -> None:
        self._seqs.pop(ref, None)
        self._seqs[ref] = seq
        if len(self._seqs) > RECENT:
            self.start = max(self.start, self._seqs.pop(next(iter(self._seqs))))

    def is_clear(self, *, since: Mark, ref: str) -> bool:
        """Whether for sure nothing of this reference came after a mark."""
        if since.log != self.log or not self.start <= since.seq <= self.head:
            return False
        return since.seq == self.head if self.stream.for_all else self._seqs.get(ref, 0) <= since.seq

    @property
    def is_known(self) -> bool:
        """Whether a mark in this log would not be taken for one in another. The log of ended sessions is in no backup:
        after a restore it is another, and where it is not there yet, a restore could not be told."""
        return bool(self.log) or not self.stream.final


def recall() -> dict[str, Recent]:
    """What each stream's log still holds, in a thread."""
    return {name: Recent(stream=stream) for name, stream in _streams.items()}


@dataclass(frozen=True, kw_only=True)
class News:
    """What a stream named, whom it named last, and the number to go on from. Not `is_whole`: some of it was forgotten
    before it was read, or the log went back, so that it could be anybody."""

    refs: set[str]
    last: str
    upto: int
    is_whole: bool


def read(*, name: str, after: int, last: str = "") -> News:
    """What a stream named after a sequence number, at which it named `last`. A log that went back may have been written
    on beyond that since; where what stood there is forgotten, or was not known, it cannot be told."""
    stream = _streams[name]
    head = stream.head()  # first: what comes after it is in the rows
    rows = list(stream.after(after=max(0, after - 1), limit=LIMIT))
    while rows and len(rows) % LIMIT == 0 and (more := stream.after(after=rows[-1][0], limit=LIMIT)):
        rows += more
    before = rows.pop(0)[1] if rows and rows[0][0] == after else ""
    is_same = last == before or not (last and before)
    upto = max(head, rows[-1][0] if rows else 0)
    is_whole = upto >= after and is_same and [seq for seq, _ in rows] == list(range(after + 1, upto + 1))
    return News(
        refs={ref for _, ref in rows},
        last=rows[-1][1] if rows else before or (last if upto == after else ""),
        upto=upto,
        is_whole=is_whole,
    )
