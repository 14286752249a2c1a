"""Rules for schools, hospitals, churches, firms: the word that closes a name, and "I work at …"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from research.release.reading import Reading
from research.release.spans import Span

CLOSERS = "hospital|school|academy|primary|church|college|hospice|surgery|nursery|clinic|ward|secondary|high"
ALONE = [  # what one of stands in all of them, which is looked for first; and the whole
    (("St ", "St. "), re.compile(r"\bSt\.? [A-Z]\w+(?:['\u2019]s|s['\u2019])?(?: and St\.? [A-Z]\w+(?:['\u2019]s)?)?")),
    (("st ", "st. "), re.compile(rf"\bst\.? [a-z]{{3,12}}['\u2019]?s?['\u2019]? (?:{CLOSERS})\b")),
    (("Royal ",), re.compile(
        r"\bRoyal [A-Z][a-z]{3,20}\b(?<!Mail)(?<!Family)(?<!Navy)(?<!Marines)(?<!Wedding)")),
    (("HM", "YOI", "RAF"), re.compile(r"\b(?:HMP|HMYOI|YOI|RAF|HMS)(?: & ?YOI)? [A-Z]\w+(?: [A-Z]\w+)?")),
    (("ard ",), re.compile(r"\b[Ww]ard (?:\d{1,3}[A-Z]?|[A-Z]\d{0,3})\b")),
]  # fmt: skip
SMALL = frozenset(("st", "ward"))  # what one of these can begin with in small letters
PUBLIC = frozenset(
    ("accident", "emergency", "safety", "anxiety", "depression", "diversity", "inclusion", "drug", "alcohol")
)
INSIDE = frozenset((" ", "-", "'", "\u2019", " & ", "\u2019 ", "' "))
OF = frozenset(
    ("university", "bank", "church", "city", "borough", "brethren", "order", "house", "temple", "school", "assembly",
     "institute", "ministry", "college", "hospital", "sisters", "society", "fellowship", "friends", "league")
)  # fmt: skip
PAIR = re.compile(r"\b[A-Z][\w'\u2019]{2,20} (?:&|and) [A-Z]\w{2,20}(?: [A-Z]\w{2,20}){0,2}")


def organisations(reading: Reading) -> Iterator[Span]:
    """Every organisation of a message; they may overlap."""
    text = reading.text
    for signs, pattern in ALONE:
        for hit in pattern.finditer(text) if any(sign in text for sign in signs) else ():
            yield Span(*hit.span(), "organisation")
    for hit in PAIR.finditer(reading.text) if "&" in reading.text and not reading.is_loud else ():
        if (
            "&" in hit[0]
            and not set(hit[0].lower().split()) - {"&"} <= reading.known.cues["generic"] | PUBLIC
        ):
            yield Span(*hit.span(), "organisation")
    closers = reading.known.cues["organisations"]
    for at, token in enumerate(reading.tokens):
        if token.is_dead or not (token.is_capital or token.low in closers):
            continue
        if token.low in closers:
            first = _head(reading, at)
            if first is not None:
                yield reading.span(first, _tail(reading, at), "organisation")
        if token.is_capital and token.low in OF and reading.after(at + 1) in {"of", "for"}:
            named = at + 2 + (reading.after(at + 2) == "the")
            which = reading.after(named)
            if which and which not in reading.known.cues["generic"] and reading.tokens[named].is_capital:
                yield reading.span(at, reading.capitals(named), "organisation")
        if token.is_capital and _is_workplace(reading, at):
            yield reading.span(at, reading.capitals(at), "organisation")


def _head(reading: Reading, at: int) -> int | None:
    """Where the name begins that this word closes: with words that have capitals, one of which says which."""
    cues, token = reading.known.cues, reading.tokens[at]
    if not token.is_capital and token.low not in cues["small"]:
        return None
    first, distinct, small = at, None, 0
    while first > 0 and at - first < 6 and reading.tokens[first].gap in INSIDE:
        one = reading.tokens[first - 1]
        if not one.is_capital or reading.is_loud:
            small += 1
            if one.low not in cues["fillers"] or small > 3:
                break
        elif distinct is not None and one.low in cues["openers"]:
            break
        elif distinct is not None or one.low not in cues["generic"]:
            if distinct is None and one.opens and one.low in reading.known.common:
                break
            distinct = first - 1
        elif one.low in cues["openers"]:
            break
        first -= 1
    return distinct


def _tail(reading: Reading, at: int) -> int:
    """After the words with capitals that go on with it: "… Hospital NHS Trust"."""
    more = reading.known.cues["organisations"] | {"nhs", "school", "general"}
    end = at + 1
    while (
        end < min(at + 4, len(reading.tokens))
        and reading.after(end) in more
        and reading.tokens[end].is_capital
    ):
        end += 1
    return end


def _is_workplace(reading: Reading, at: int) -> bool:
    """ "I work at …": whatever has a capital there is an employer."""
    low, cues = reading.tokens[at].low, reading.known.cues
    if (
        reading.is_loud
        or reading.before(at) not in {"at", "for"}
        or cues["work"].isdisjoint(reading.before(at, back) for back in (2, 3, 4))
    ):
        return False
    return low not in cues["no_employers"] and (low not in reading.known.common or low in cues["employers"])
