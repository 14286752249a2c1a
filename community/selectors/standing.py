"""The stream of changed standings, for live processes; and how a limit knows the one place that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.models import StandingEvent, StandingStream
from core import keyring, sealing

NAME, SITE = "standings", "site"
LIMIT = 1_000


@dataclass(frozen=True, kw_only=True)
class Change:
    """The standing or membership behind an owner tag changed."""

    seq: int
    owner_tag: bytes


def mark_of(*, place: str, owner_tag: bytes) -> str:
    """How a limit names the one thread or room that it is about, by its public id: 20 letters, another for each person.
    Without the key ring nobody tells by it who wrote under a one-thread name, or takes part in a study. Empty for the
    whole group. Raises RingAway."""
    if not place:
        return ""
    key = sealing.derive(key=keyring.lasting_key(), purpose="place of a limit")
    return sealing.tag(key=key, parts=(place, bytes(owner_tag).hex())).hex()[:20]


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
