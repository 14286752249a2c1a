"""One's own name, said outright.

"My name is Sarah Whitcombe" · "my full name's Jo Marsh" · "I'm Dr Jane Smith" · "I am Sarah Henderson"
"""

from __future__ import annotations

from community.coaches.reading import TITLES, Word, said, titled, words

_OF_A_PLACE = ("ish", "ese", "ian", "can", "'s")  # British, Japanese, Italian, African, Crohn's
_NO_FIRST_NAMES = frozenset({"type", "team", "generation", "north", "south", "east", "west"})
_KINDS = frozenset({"full", "real", "own", "first", "last"})


def find(text: str) -> list[str]:
    """What in a text says the writer's name, as it was typed."""
    found = words(text)
    return [
        piece
        for at in range(len(found))
        if (piece := _mine(found, at) or _titled(found, at) or _outright(found, at))
    ]


def is_oneself(found: list[Word], at: int) -> bool:
    """Whether what stands here is whom somebody says that they are."""
    return at > 0 and found[at - 1].low in {"i'm", "im", "am"}


def _titled(found: list[Word], at: int) -> str:
    """ "I'm Dr Jane Smith", not "I'm Mr Grumpy" """
    name = titled(found, at) if is_oneself(found, at) else []
    return said(name) if len(name) > 2 else ""


def _outright(found: list[Word], at: int) -> str:
    """ "I am Sarah Henderson", not "I am Sarah", which many are, nor "I am British Asian" """
    name = found[at : at + 2]
    if not is_oneself(found, at) or len(name) < 2 or not all(word.is_name for word in name):
        return ""
    if name[0].low in _NO_FIRST_NAMES | TITLES:  # a title is looked at by itself
        return ""
    is_one = not name[0].ends and name[0].raw[-1] not in ",;)" and not name[0].low.endswith(_OF_A_PLACE)
    return said(name) if is_one and found[at - 1].raw[-1] not in ",;:" else ""


def _mine(found: list[Word], at: int) -> str:
    low = [word.low for word in found[at : at + 5]]
    skip = 2 if low[1:2] and low[1] in _KINDS else 1
    if low[:1] != ["my"]:
        return ""
    if low[skip : skip + 2] == ["name", "is"]:
        first = at + skip + 2
    elif low[skip : skip + 1] == ["name's"]:
        first = at + skip + 1
    else:
        return ""
    last = first
    while last < len(found) and found[last].is_name and last - first < 3:
        last += 1
        if found[last - 1].ends:
            break
    return said(found[at:last]) if last > first else ""
