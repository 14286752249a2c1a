"""What could point at somebody is taken out of a message before it leaves in a study file.

`[NAME_3]`, `[PHONE]` and the like stand in its place. Rules miss things: a person reads every message that leaves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from research.release import hints, names
from research.release.known import Known, Numbering
from research.release.packs import applied, packs
from research.release.reading import Reading
from research.release.spans import Span, merged
from research.release.tokens import PLACEHOLDER

__all__ = ["KINDS", "Found", "Known", "Numbering", "Scrubbed", "scrub"]

KINDS = frozenset(
    [
        "name",
        "email",
        "phone",
        "postcode",
        "address",
        "place",
        "organisation",
        "url",
        "handle",
        "date",
        "age",
        "id",
        "ip",
        "coordinates",
        "known",
    ]
)
MOST_TIMES = 6
DOTTED = re.compile(
    r"\.(?:(?<=\w\.)\w|dot)|[@\uff20]|\(dot|\[(?:dot|\.)"
)  # each begins with a sign: found at once
SIGNED = re.compile(r"[@_#/$]| \.")
DIGIT = re.compile(r"\d")
WITH_DIGITS = ("placed", "ids", "dates", "phones", "postcodes")


class Found(NamedTuple):
    """From `start` up to `end` of the original message stood something of one of KINDS."""

    kind: str
    start: int
    end: int


class Scrubbed(NamedTuple):
    """A message without what was found, and where that stood, in order and apart."""

    text: str
    found: list[Found]


def scrub(text: str, *, known: Known, numbers: Numbering) -> Scrubbed:
    """Take out what is found. `numbers` belongs to the person who wrote it and to one study.

    What it made is looked at again until nothing more is found, so that a second time changes nothing.
    """
    taken: list[tuple[Found, str]] = []
    made, had_digits = text, _has_digits(text)
    for _ in range(MOST_TIMES):
        spans = list(_around_placeholders(merged(_spans(made, known, had_digits=had_digits)), made))
        if not spans:
            break
        shift = _shifts(taken)
        for span in spans:
            by = shift(span.start)
            found = Found(span.kind, span.start - by, span.end - by)
            taken.append((found, _placeholder(span, numbers)))
        taken.sort(key=lambda one: one[0].start)
        made = _made(text, taken)
    return Scrubbed(made, [found for found, _ in taken])


def _spans(text: str, known: Known, *, had_digits: bool) -> Iterator[Span]:
    """What all rules find. What is listed first gives its kind to what overlaps. Packs that need a digit, a sign or a
    word are left out where there is none: most messages have none of them. `had_digits`: the message as it was written
    has a digit, and not only what stands in it for a name."""
    pack, hint = packs(), known.hints(text)
    has_any = _has_digits(text)
    has_digits = has_any and had_digits
    if hint & hints.MAIL or DOTTED.search(text):
        yield from applied(pack["web"], text)
    if hint & (hints.BEGINS | hints.ENDS):
        yield from known.found_in(text)
    if has_digits or hint & hints.SITES or SIGNED.search(text):
        yield from applied(pack["handles"], text)
    if has_any or hint & hints.STREETS:
        yield from applied(pack["addresses"], text)
    if hint & hints.SPOTS or "/" in text or "." in text:
        yield from applied(pack["worded_places"], text)
    asked = (
        (has_digits, WITH_DIGITS),
        ("[" in text, ("after",)),
        (hint & hints.BOOKED, ("lettered",)),
        (hint & (hints.DICTATED | hints.NUMBERS), ("spoken", "spoken_ids")),
        (hint & hints.ORDINALS, ("worded_dates",)),
        (has_digits or hint & (hints.NUMBERS | hints.ORDINALS), ("ages",)),
    )
    for name in (name for is_asked, among in asked if is_asked for name in among):
        yield from applied(pack[name], text)
    if hint & (hints.NAMED | hints.CUE):
        yield from names.spans(Reading(text))


def _has_digits(text: str) -> bool:
    return bool(DIGIT.search(text)) if text.isascii() else any(map(str.isdigit, text))


def _around_placeholders(spans: list[Span], text: str) -> Iterator[Span]:
    """The same without what stands for something that was taken out already."""
    kept = [hit.span() for hit in PLACEHOLDER.finditer(text)]
    for span in spans:
        start = span.start
        for first, after in [
            *(one for one in kept if one[0] < span.end and one[1] > span.start),
            (span.end, span.end),
        ]:
            if any(map(str.isalnum, text[start:first])):
                yield span._replace(start=start, end=first)
            start = max(start, after)


def _shifts(taken: list[tuple[Found, str]]) -> Callable[[int], int]:
    """By how much a place in the text as it is now lies further on than in the original."""
    places, shifts, by = [0], [0], 0
    for found, placeholder in taken:
        by += len(placeholder) - (found.end - found.start)
        places.append(found.end + by)
        shifts.append(by)
    return lambda place: shifts[bisect_right(places, place) - 1]


def _placeholder(span: Span, numbers: Numbering) -> str:
    if span.kind in {"name", "known"}:
        return f"[NAME_{numbers.number(span.who)}]"
    return f"[{span.kind.upper()}]"


def _made(text: str, taken: list[tuple[Found, str]]) -> str:
    parts, last = [], 0
    for found, placeholder in taken:
        parts += [text[last : found.start], placeholder]
        last = found.end
    return "".join([*parts, text[last:]])
