"""The stream of changed standings, for live processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.models import StandingEvent, StandingStream

NAME, SITE = "standings", "site"
LIMIT = 1_000


@dataclass(frozen=True, kw_only=True)
class Change:
    """The standing or membership behind an owner tag changed."""

    seq: int
    owner_tag: bytes


def head(name: str = NAME) -> int:
    """The newest sequence number, 0 before the first."""
    found = StandingStream.objects.filter(name=name).values_list("last_seq", flat=True).first()
    return found or 0


def changed_after(*, seq: int) -> Sequence[Change] | None:
    """What changed after `seq`, oldest first, at most `LIMIT`.

    None: events in between are pruned, so look at everybody again and go on from `head()`.
    """
    events = StandingEvent.objects.filter(stream__name=NAME, seq__gt=seq).order_by("seq")[:LIMIT]
    changes = [Change(seq=event.seq, owner_tag=bytes.fromhex(event.ref)) for event in events]
    whole = changes[0].seq == seq + 1 if changes else head() <= seq
    return changes if whole else None
