"""The stream of changed standings, for live processes; and how a limit knows the one place that it is about."""

from __future__ import annotations

from community.models import StandingStream
from core import keyring, sealing

NAME, SITE = "standings", "site"


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
