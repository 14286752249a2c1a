"""Standing: what a limit means for one owner tag, set and lifted, and told to open sockets."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction

from community.models import Group, Standing, StandingEvent, StandingStream
from community.selectors import standing as standings
from core import clock
from core.live import log

CHANGED = "changed"
KEPT = 10_000  # events at most; a live process reads them within seconds


def announce(*, owner_tag: bytes) -> None:
    """Append to the stream of standings, inside the writer's transaction, so that open sockets look again."""
    _append(name=standings.NAME, ref=bytes(owner_tag).hex())


def _append(*, name: str, ref: str) -> None:
    stream, _ = StandingStream.objects.get_or_create(name=name)
    seq = log.take_seq(stream=stream)
    log.append(events=StandingEvent, stream=stream, seq=seq, kind=CHANGED, ref=ref, bell=name)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a limit does, until when. `place` is the public id of one thread or room, or empty for the whole
    group."""

    may_read: bool = True
    may_post: bool = True
    is_checked_first: bool = False
    minutes_between: int = 0
    place: str = ""
    until: dt.datetime | None = None
    site_wide: bool = False


@transaction.atomic
def limit(*, group: Group, owner_tag: bytes, effect: Effect) -> Standing:
    """Limit somebody in a group from now on, beside whatever holds already.

    Call it first in a transaction that also writes to a thread: the stream's lock is then always taken first.
    """
    announce(owner_tag=owner_tag)
    if effect.site_wide:
        _append(name=standings.SITE, ref=standings.SITE)
    mark = standings.mark_of(place=effect.place, owner_tag=owner_tag)
    return Standing.objects.create(group=group, owner_tag=owner_tag, **asdict(effect) | {"place": mark})


@transaction.atomic
def lift(*, owner_tag: bytes, pk: int | None = None) -> None:
    """End every limit on this owner tag, or one of them."""
    announce(owner_tag=owner_tag)
    rows = Standing.objects.filter(owner_tag=owner_tag)
    (rows if pk is None else rows.filter(pk=pk)).delete()


def end_of(*, pk: int) -> dt.datetime | None:
    """When a limit ends, or None: it has no end, or is gone."""
    return Standing.objects.filter(pk=pk).values_list("until", flat=True).first()


def drop_ended() -> None:
    """Delete standings whose time is over: they bind nobody any more. Due work."""
    Standing.objects.filter(until__lte=clock.now()).delete()


class Pruning:
    """Due work: forget events that every socket has long read, so that no list of who changed when grows.

    Deleted is what was there at the run before, and whatever is beyond the last `KEPT`.
    """

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def __call__(self) -> None:
        for name in (standings.NAME, standings.SITE):
            head = standings.head(name)
            rows = StandingEvent.objects.filter(stream__name=name)
            rows.filter(seq__lte=max(self.seen.get(name, 0), head - KEPT)).delete()
            self.seen[name] = head
