"""People, places and organisations of a message."""

from __future__ import annotations

from collections.abc import Iterator

from research.release import organisations, people, places
from research.release.reading import Reading
from research.release.spans import Span


def spans(reading: Reading) -> Iterator[Span]:
    """Organisations, then people and places; a word that could be either is what stands before it says."""
    yield from organisations.organisations(reading)
    yield from people.initials(reading)
    at = 0
    while at < len(reading.tokens):
        token = reading.tokens[at]
        end = None
        if not token.is_dead and len(token.low) > 1:
            place = places.place(reading, at)
            if not (place and places.is_announced(reading, at)):
                end = people.name(reading, at)
            if end:
                first = people.beginning(reading, at)
                yield reading.span(at, end, "name")._replace(start=reading.tokens[first].start)
            elif place:
                end = place
                yield reading.span(at, place, "place")
        at = end or at + 1
