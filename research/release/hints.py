"""What a word could be part of, whatever stands beside it: a rule is not asked where it can find nothing."""

from __future__ import annotations

from functools import cache

from research.release.lists import folded, lists
from research.release.organisations import SMALL
from research.release.tokens import WORD

NAMED, OPENS, CUE, MAIL, SITES, STREETS, SPOTS, DICTATED, NUMBERS, ORDINALS, BOOKED, BEGINS, ENDS = (
    1 << nth for nth in range(13)
)


@cache
def hinting() -> dict[int, frozenset[str]]:
    """The words in small letters that hint at each. OPENS: of all words in small letters these alone can begin a name
    or a place, but for those that follow a CUE. NAMED: without one of these in small letters there is neither, nor an
    organisation. What is known to a study (BEGINS, ENDS) is its own."""
    places, first, cues = lists().places, lists().first, lists().cues
    large = [parts for among in places.values() for parts, is_big in among if is_big]
    people = cues["gentle"] | cues["shy"] | {low for low, is_small in first.items() if is_small}
    return {
        NAMED: people | SMALL | {max(parts, key=len) for parts in large},
        OPENS: people | {parts[0] for parts in large},
        CUE: cues["titles"] | cues["plain_titles"] | cues["called"] | {"name", "names"},
        MAIL: cues["mail"], SITES: cues["sites"], STREETS: cues["streets"], SPOTS: frozenset(("w", "word", "words")),
        DICTATED: cues["dictated"], NUMBERS: cues["numbers"], ORDINALS: cues["ordinals"],
        BOOKED: cues["booked"],
    }  # fmt: skip


def hints_of(text: str) -> int:
    """Everything that the words of a text hint at, as they are written."""
    found = 0
    for word in WORD.findall(text):
        low = folded(word)
        found |= sum(hint for hint, words in hinting().items() if low in words)
        if not word.isascii() or not word.islower():
            found |= NAMED
    return found
