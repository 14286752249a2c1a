"""Changed standings and memberships, told to open sockets."""

from __future__ import annotations

from community.models import StandingEvent, StandingStream
from core.live import log

BELL = "standings"
CHANGED = "changed"


def announce(*, owner_tag: bytes) -> None:
    """Append to the stream of standings, inside the writer's transaction, so that open sockets look again."""
    stream, _ = StandingStream.objects.get_or_create(name="standings")
    seq = log.take_seq(stream=stream)
    log.append(
        events=StandingEvent, stream=stream, seq=seq, kind=CHANGED, ref=bytes(owner_tag).hex(), bell=BELL
    )
