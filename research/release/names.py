"""People, places and organisations of a message."""

from __future__ import annotations

from collections.abc import Iterator

from research.release import organisations, people, places
from research.release.hints import CUE, OPENS, hinting
from research.release.reading import Reading
from research.release.spans import Span


def spans(reading: Reading) -> Iterator[Span]:
    """Organisations, then people and places; a word that could be either is what stands before it says."""
    yield from organisations.organisations(reading)
    yield from people.initials(reading)
    after = 0
    for at in _openings(reading):
        if at < after:
            continue
        place, end = places.place(reading, at), None
        if not (place and places.is_announced(reading, at)):
            end = people.name(reading, at)
        if end:
            first = people.beginning(reading, at)
            yield reading.span(at, end, "name")._replace(start=reading.tokens[first].start)
        elif place:
            yield reading.span(at, place, "place")
        after = end or place or 0


def _openings(reading: Reading) -> list[int]:
    """The words with which a name or a place could begin: no other can, whatever stands beside it."""
    opens, cues, follows = hinting()[OPENS], hinting()[CUE], -1
    found = []
    for at, token in enumerate(reading.tokens):
        can_begin = token.is_capital or at <= follows or token.low in opens
        if can_begin and not token.is_dead and len(token.low) > 1:
            found.append(at)
        if token.low in cues:
            follows = at + 2
    return found
