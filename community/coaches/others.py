"""Details of somebody else, who is not here to choose: a relation with a name, a school of theirs, a day of birth.

"my son Tom" · "my boss, Mr Hargreaves" · "my sister is called Hannah" · "Tom is my eldest" ·
"Dr Jane Smith" · "his school, St Mary's" · "she goes to Park View Primary" · "my daughter was born on 3 May 2014"
"""

from __future__ import annotations

from community.coaches.names import is_oneself
from community.coaches.reading import TITLES, WORDS, Word, said, titled, words

_WHOSE = frozenset(["my", "our", "his", "her", "their"])
_KIN = WORDS["kin"]
_NEAR = _KIN | WORDS["near"]
_BETWEEN = WORDS["between"]
_THEIRS = WORDS["theirs"]
_NOT_CALLED = WORDS["not_called"]


def find(text: str) -> list[str]:
    """What in a text says who somebody else is, as it was typed."""
    found = words(text)
    pieces = [
        piece
        for at in range(len(found))
        for piece in (
            _named(found, at), _is_mine(found, at), _goes_to(found, at), _born(found, at), _titled(found, at)
        )
        if piece
    ]  # fmt: skip
    return [one for one in pieces if not any(one != other and one in other for other in pieces)]


def _titled(found: list[Word], at: int) -> str:
    """ "Dr Jane Smith" """
    return "" if is_oneself(found, at) else said(titled(found, at))


def _relation(found: list[Word], at: int) -> int | None:
    """Where the relation stands in "my little sister", which starts at `at`."""
    for place in (at + 1, at + 2):
        if place < len(found) and found[at].low in _WHOSE and not found[place - 1].ends:
            if found[place].low.removesuffix("'s") in _NEAR | _THEIRS:
                return place
            if found[place].low not in _BETWEEN:
                return None
    return None


def _named(found: list[Word], at: int) -> str:
    """ "my son Tom", "my boss, Mr Hargreaves", "my mum's name is Patricia", "her nursery is Little Acorns" """
    place = _relation(found, at)
    if place is None or found[place].ends:
        return ""
    rest = found[place + 1 : place + 5]
    low = [word.low for word in rest]
    skip = next((n for n, _ in enumerate(low) if low[:n] in _CALLED), 0)
    if low[:1] == ["is"] and found[place].low in _THEIRS:
        skip = 1
    if not rest[skip:] or any(word.ends for word in rest[:skip]):
        return ""
    name = rest[skip]
    called = skip > 0 and low[:skip] != ["is"] and name.low not in _NOT_CALLED
    if not (called or name.is_name or name.low in TITLES):
        return ""
    return said(found[at : place + 1 + skip + (2 if name.low in TITLES else 1)])


_CALLED = (["name", "is"], ["is", "called"], ["is", "named"], ["called"], ["named"])


def _is_mine(found: list[Word], at: int) -> str:
    """ "Tom is my eldest" """
    low = [word.low for word in found[at : at + 5]]
    named = found[at].is_name and not found[at].ends
    if named and low[1:2] in (["is"], ["was"]) and low[2:3] in (["my"], ["our"]):
        kin = next((n for n in (3, 4) if low[n : n + 1] and low[n] in _KIN), 0)
        return said(found[at : at + kin + 1]) if kin else ""
    return ""


def _goes_to(found: list[Word], at: int) -> str:
    """ "she goes to Park View Primary" """
    low = [word.low for word in found[at : at + 2]]
    if low == ["goes", "to"] and at + 2 < len(found) and found[at + 2].is_name:
        return said(found[at : at + 4])
    return ""


def _born(found: list[Word], at: int) -> str:
    """ "my daughter was born on 3 May 2014" """
    place = _relation(found, at)
    if place is None:
        return ""
    rest = found[place + 1 : place + 7]
    last = next((n for n, word in enumerate(rest) if word.ends), len(rest))
    low = [word.low for word in rest[: last + 1]]
    if "born" in low and any(word[:1].isdigit() for word in low[low.index("born") :]):
        return said(found[at : place + 2 + last])
    return ""
