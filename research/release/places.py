"""Rules for places: a list of towns and counties, what towns end in, and "I live in …"."""

from __future__ import annotations

from research.release.people import MEDICINE
from research.release.reading import Reading
from research.release.tokens import CLOSED

INSIDE = CLOSED | {". "}


def place(reading: Reading, at: int) -> int | None:
    """After the last word of a place that begins here, or None."""
    token, known = reading.tokens[at], reading.known
    low = token.low
    for parts, is_big in known.places.get(low, ()):
        among = reading.tokens[at : at + len(parts)]
        is_whole = tuple(one.low for one in among) == parts and all(one.gap in INSIDE for one in among[1:])
        if is_whole and _is_meant(reading, at, len(parts), is_big):
            return _with_tail(reading, at + len(parts))
    if low in known.cues["stay"] or not reading.is_mid(at) or reading.is_letters(at):
        return None
    if at + 1 < len(reading.tokens) and reading.is_mid(at + 1):
        after = reading.after(at + 1)
        if (
            low in known.cues["heads"]
            and after
            and after not in known.common
            and after not in known.cues["stay"]
        ):
            return at + 2
        if after in known.cues["tails"] and low not in known.common:
            return at + 2
    if is_lived_in(reading, at) and not MEDICINE.match(low):
        return reading.capitals(at)
    is_word = low in known.common or low in known.first or low in known.surnames
    return at + 1 if not is_word and len(low) > 5 and low.endswith(tuple(known.cues["towns"])) else None


def _with_tail(reading: Reading, end: int) -> int:
    """With what may close a place: "Leigh Park"."""
    if (
        end < len(reading.tokens)
        and reading.after(end) in reading.known.cues["tails"]
        and reading.is_mid(end)
    ):
        return end + 1
    return end


def _is_meant(reading: Reading, at: int, size: int, is_big: bool) -> bool:
    """Whether a listed place is meant, and not a word or a person."""
    known, token = reading.known, reading.tokens[at]
    last = reading.tokens[at + size - 1]
    is_word = all(one.low in known.common for one in reading.tokens[at : at + size])
    if not token.is_capital or reading.is_loud:
        is_name = token.low in known.first or (token.low in known.surnames and not is_announced(reading, at))
        return is_big and not is_word and (size > 1 or (not is_name and token.low not in known.cues["stay"]))
    if size > 1:
        return not is_word or last.is_capital
    if token.low in known.cues["stay"]:
        return False
    if token.low in known.cues["no_places"]:
        return reading.is_mid(at) and is_announced(reading, at)
    if not is_word:
        return True
    before = reading.tokens[at - 1]
    return reading.is_mid(at) and reading.before(at) != "" and (before.opens or not before.is_capital)


def is_announced(reading: Reading, at: int) -> bool:
    """Whether what stands before a word that is a place and a name says that it is the place."""
    return reading.before(at) in reading.known.cues["in"] or is_lived_in(reading, at)


def is_lived_in(reading: Reading, at: int) -> bool:
    """ "live in", "moved to", "grew up in", "a village called": what follows is a place, whatever it is."""
    cues, back = reading.known.cues, 1
    if reading.before(at) not in cues["towards"]:
        return False
    while back < 5 and reading.before(at, back) in cues["between"] | {"called", "of"}:
        back += 1
    return reading.before(at, back) in cues["live"] | cues["sorts"]
