"""Standing: what a limit means for one owner tag, set and lifted, and told to open sockets."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from community.models import Group, Standing, StandingEvent, StandingStream
from community.selectors import standing as standings
from core import clock
from core.live import log

BELL = standings.NAME
CHANGED = "changed"
KEPT = 10_000  # events at most; a live process reads them within seconds


def announce(*, owner_tag: bytes) -> None:
    """Append to the stream of standings, inside the writer's transaction, so that open sockets look again."""
    stream, _ = StandingStream.objects.get_or_create(name=standings.NAME)
    seq = log.take_seq(stream=stream)
    log.append(
        events=StandingEvent, stream=stream, seq=seq, kind=CHANGED, ref=bytes(owner_tag).hex(), bell=BELL
    )


@transaction.atomic
def set_standing(
    *,
    group: Group,
    owner_tag: bytes,
    may_read: bool,
    may_post: bool,
    until: dt.datetime | None,
    site_wide: bool = False,
) -> None:
    """Say what somebody may do in a group from now on, in place of what was said before.

    Call it first in a transaction that also writes to a thread: the stream's lock is then always taken first.
    """
    announce(owner_tag=owner_tag)
    values = {"may_read": may_read, "may_post": may_post, "until": until, "site_wide": site_wide}
    Standing.objects.update_or_create(owner_tag=owner_tag, defaults={"group": group, **values})


@transaction.atomic
def lift_standing(*, owner_tag: bytes) -> None:
    """End every limit on this owner tag."""
    announce(owner_tag=owner_tag)
    Standing.objects.filter(owner_tag=owner_tag).delete()


def drop_ended() -> None:
    """Delete standings whose time is over: they bind nobody any more. Due work."""
    Standing.objects.filter(until__lte=clock.now()).delete()


class Pruning:
    """Due work: forget events that every socket has long read, so that no list of who changed when grows.

    Deleted is what was there at the run before, and whatever is beyond the last `KEPT`.
    """

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self) -> None:
        head = standings.head()
        StandingEvent.objects.filter(seq__lte=max(self.seen, head - KEPT)).delete()
        self.seen = head
