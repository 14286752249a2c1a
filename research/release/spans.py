"""A stretch of a message and what it is. Shared by all rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """From `start` up to `end` stands something of one `kind`. `who` is the name as numbers are given to it, if it is a
    name."""

    start: int
    end: int
    kind: str
    who: str = ""


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order and apart: what overlaps becomes one stretch, of the kind that was listed first."""
    ranked = sorted(enumerate(spans), key=lambda one: (one[1].start, -one[1].end))
    found: list[tuple[int, Span]] = []
    for rank, span in ranked:
        if found and span.start < found[-1][1].end:
            first, last = found[-1]
            best = last if first <= rank else span
            found[-1] = (min(first, rank), best._replace(start=last.start, end=max(last.end, span.end)))
        else:
            found.append((rank, span))
    return [span for _, span in found]
