"""Exact places: a postcode, a street, where somebody lives, the school or clinic they go to.

"LS6 2AB" · "zip code 90210" · "14 Elm Road" · "i live on cardigan lane" · "Hauptstraße 12" · "I live in Otley" ·
"at Leeds General Infirmary" · "at st thomas hospital"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.coaches.reading import WORDS, Word, said, words

_OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?", re.IGNORECASE)
_INWARD = re.compile(r"\d(?!st|nd|rd|th|hr)[ABD-HJLNP-UW-Z]{2}", re.IGNORECASE)
_CODES = frozenset({"postcode", "zip", "zipcode", "plz"})
_STREETS = WORDS["streets"]
_GERMAN_STREETS = ("straße", "strasse", "gasse", "platz", "weg")
_KNOWN_TO_ALL = WORDS["famous_streets"]
_INSTITUTIONS = WORDS["institutions"]
_OF_ANY = WORDS["of_any_institution"]
_NO_SAINTS, _NO_PLACES = WORDS["no_saints"], WORDS["no_places"]
_LIVING = WORDS["living"]
_IN = WORDS["in"]
BROAD = WORDS["broad_places"]


def find(text: str) -> list[str]:
    """What in a text is an exact place, as it was typed."""
    found = words(text)
    return [*_codes(found), *_streets(found), *_homes(found), *_institutions(found), *_in_small(found)]


def _codes(found: list[Word]) -> Iterator[str]:
    for at, word in enumerate(found):
        both = found[at : at + 2]
        if len(both) == 2 and _OUTWARD.fullmatch(word.bare) and _INWARD.fullmatch(both[1].bare):
            yield said(both)
        if word.low in _CODES:
            near = [one for one in found[at + 1 : at + 4] if len(one.bare) >= 4 and one.bare[:4].isdigit()]
            yield from (said([word, one]) for one in near[:1])


def _streets(found: list[Word]) -> Iterator[str]:
    for at, word in enumerate(found):
        before = found[max(0, at - 1) : at]
        name = before[0] if before and not before[0].ends else None
        if word.low in _STREETS and name is not None:
            lived = {"live", "lives", "living"} & {one.low for one in found[max(0, at - 3) : at - 1]}
            known = name.low in _KNOWN_TO_ALL or name.low in {"a", "the", "my", "our", "this", "main"}
            if not known and (
                (word.is_capital and name.is_name) or (lived and found[at - 2].low in {"on", "in"})
            ):
                yield said(found[at - 2 if at > 1 and found[at - 2].bare[:1].isdigit() else at - 1 : at + 1])
        number = found[at + 1].bare if at + 1 < len(found) else ""
        if word.low.endswith(_GERMAN_STREETS) and word.is_capital and number[:1].isdigit():
            yield said(found[at : at + 2])


def _homes(found: list[Word]) -> Iterator[str]:
    for at, word in enumerate(found[:-2]):
        where = found[at + 2]
        if word.low in _LIVING and found[at + 1].low in _IN and where.is_name and where.low not in BROAD:
            yield said(found[at : at + 3])


def _institutions(found: list[Word]) -> Iterator[str]:
    for at, word in enumerate(found):
        next_is_of = at + 1 < len(found) and found[at + 1].low == "of"
        if word.low not in _INSTITUTIONS or not word.is_capital or next_is_of:
            continue
        first = at
        while first > 0 and found[first - 1].is_capital and not found[first - 1].ends and at - first < 5:
            first -= 1
        goes_on = at + 1 < len(found) and not word.ends and found[at + 1].low in _INSTITUTIONS
        if not goes_on and any(
            one.is_name and one.low not in _OF_ANY | _INSTITUTIONS for one in found[first:at]
        ):
            yield said(found[first : at + 1])


def _in_small(found: list[Word]) -> Iterator[str]:
    """ "st thomas hospital", "leeds general infirmary": small letters say little, so only these two kinds."""
    for at, word in enumerate(found):
        if word.low not in _INSTITUTIONS or word.is_capital:
            continue
        name = at - 1
        while name > max(0, at - 4) and found[name].low in _OF_ANY | _INSTITUTIONS and not found[name].ends:
            name -= 1
        if name < 0 or found[name].ends:
            continue
        low, before = found[name].low, found[name - 1].low if name else ""
        kind = {one.low for one in found[name + 1 : at]} & {"general", "royal"}
        if before in {"st", "saint"} and low not in _NO_SAINTS:
            yield said(found[name - 1 : at + 1])
        elif (
            kind
            and word.low in {"hospital", "infirmary"}
            and len(low) > 3
            and low not in _NO_PLACES | _OF_ANY
        ):
            yield said(found[name : at + 1])
