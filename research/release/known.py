"""Names that a study knows: of its groups, of personas and one-thread names, of colleagues. They are found however they
are written: in any case, apart or together, with an ending, with one letter wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import pairwise
from operator import or_

from research.release.hints import BEGINS, ENDS, hints_of
from research.release.lists import folded, lists
from research.release.spans import Span
from research.release.tokens import is_shouted

PART = re.compile(r"(?:[^\W_]+|[\u0300-\u036f]+)+")
LONG = 6  # letters from which on one may be wrong
LONGER = 9  # … so that at one of both ends four letters are right
MOST_PARTS = 6
MOST_HINTS = 50_000
OPENERS = '.!?:\n*"\u201c('
GAP = re.compile(r"[ \t\n_.\-'\u2019&,+/]{0,3}")


class Known:
    """Identifiers known to the study. Build it once for a release and use it for every message."""

    def __init__(self, names: Iterable[str], titles: Iterable[str] = ()) -> None:
        """Any number of names; each may have several words. What has no letter and no digit is passed over. Of a title,
        such as a group's, no part is looked for alone: "Living with Lupus" would take out every illness."""
        titles = set(titles)
        self._whole: dict[str, str] = {}  # written together -> the name that numbers are given to
        self._parts: dict[str, str] = {}
        self._heads: set[str] = set()  # how names begin, and how those end in which a letter may be wrong
        self._tails: set[str] = set()
        self._without: dict[str, list[str]] = {}  # a long name, also without a letter -> such names
        self._rank: dict[str, int] = {}
        self._size: dict[str, int] = {}
        self._longest, self._most = 3, 0  # parts of a name; letters of one, with one too many
        common = lists().common | lists().cues["stay"]
        for name in sorted({*names, *titles}):
            parts = [folded(part) for part in PART.findall(name)]
            whole = "".join(parts)
            if not whole:
                continue
            self._longest = max(self._longest, min(len(parts), MOST_PARTS))
            who = self._whole.setdefault(whole, " ".join(parts))
            bare = whole.rstrip("0123456789")
            if len(bare) >= LONG and bare not in common:
                self._whole.setdefault(bare, who)
            self._size[whole] = len(parts)
            if len(whole) >= LONG and whole not in self._rank:
                self._rank[whole], self._most = len(self._rank), max(self._most, len(whole) + 1)
                self._tails.add(whole[-4:] if len(whole) >= LONGER else whole[-3:])
                for form in _one_less(whole):
                    self._without.setdefault(form, []).append(whole)
            if len(parts) > 1 and name not in titles:
                for part in parts:
                    if len(part) > 2 and not part.isdigit():
                        self._parts.setdefault(part, who)
        self._common = common
        self._heads = {
            one[:2] if len(one) < 4 or LONG <= len(one) < LONGER else one[:4] for one in self._whole
        }
        self._in_head = {one[:size] for one in self._heads for size in range(4)}  # words that are shorter
        self._in_tail = {one[size:] for one in self._tails for size in range(1, len(one) + 1)}
        self._hints = _Hints(self)

    def hints(self, text: str) -> int:
        """What the words of a text hint at, all together: here BEGINS and ENDS are those of these names."""
        return reduce(or_, map(self._hints.__getitem__, text.split()), 0)

    def found_in(self, text: str) -> Iterator[Span]:
        """Where they stand, longest first; overlaps are left to the caller."""
        hits = list(PART.finditer(text)) if self._whole else []
        firsts = set[int]()
        for at, hit in enumerate(hits):
            hint = self._hints[hit[0]]
            if hint & BEGINS:
                firsts.add(at)
            if hint & ENDS:
                firsts.update(range(max(at - self._longest, 0), at))
        if not firsts:
            return
        parts = [(hit.start(), hit.end(), folded(hit[0])) for hit in hits]
        joins = [
            text[one[1] : two[0]] == " " or GAP.fullmatch(text, one[1], two[0]) is not None
            for one, two in pairwise(parts)
        ]
        is_loud = is_shouted(text)
        for first in sorted(firsts):
            yield from self._from(first, parts, joins, text, is_loud)

    def hint(self, piece: str) -> int:
        """What one word hints at, or several without a space. For whatever is neither BEGINS, nor followed by ENDS, no
        name is looked for."""
        found = hints_of(piece)
        for low in map(folded, PART.findall(piece)):
            of_parts = {low, low.removesuffix("s")} & self._parts.keys()
            if of_parts or low in self._in_head or self._is_head(low) or self._who(low, 1):
                found |= BEGINS
            if low in self._in_tail or self._is_tail(low):
                found |= ENDS
        return found

    def _is_head(self, low: str) -> bool:
        return low[:4] in self._heads or low[:2] in self._heads

    def _is_tail(self, low: str) -> bool:
        return low[-4:] in self._tails or low[-3:] in self._tails

    def _from(
        self, first: int, parts: list[tuple[int, int, str]], joins: list[bool], text: str, is_loud: bool
    ) -> Iterator[Span]:
        """What begins with one word."""
        start, whole = parts[first][0], ""
        for last in range(first, min(first + self._longest + 1, len(parts))):
            if last > first and not joins[last - 1]:
                break
            low = parts[last][2]
            if last > first and low == "s" and text[parts[last][0] - 1] in "'\u2019":
                break
            whole += low
            who = self._who(whole, last - first + 1)
            if who and (last > first or self._is_meant(first, parts, text, is_loud)):
                yield Span(start, parts[last][1], "known", who)
        low = parts[first][2]
        part = self._parts.get(low) or (self._parts.get(low[:-1]) if low.endswith("s") else None)
        if part and (low not in self._common or self._is_meant(first, parts, text, is_loud)):
            yield Span(start, parts[first][1], "known", part)

    def _who(self, whole: str, size: int) -> str | None:
        """The name that this is, written together: itself, with an ending or a number, or with one letter wrong."""
        if not whole or whole in self._whole:  # nothing: a mark that stands over no letter
            return self._whole.get(whole)
        if not whole[-1].isalpha() or whole[-1] == "s":
            for form in (whole.rstrip("0123456789"), whole.removesuffix("s"), whole.removesuffix("es")):
                if form in self._whole:
                    return self._whole[form]
        if len(whole) < LONG - 1 or (size == 1 and whole in self._common):
            return None
        may_be_near = len(whole) <= self._most and (self._is_head(whole) or self._is_tail(whole))
        if may_be_near and (near := self._nearest(whole, size)):
            return self._whole[near]
        for cut in range(LONG, min(len(whole), 40)) if size == 1 else ():
            for part in (whole[:cut], whole[-cut:]):
                if part in self._whole:
                    return self._whole[part]
        return None

    def _nearest(self, whole: str, size: int) -> str | None:
        """The name with one letter wrong that this is: one that begins as it does before one that ends so."""
        found = {near for form in _one_less(whole) for near in self._without.get(form, ())}
        fitting = [
            (near[:2] != whole[:2], len(near), self._rank[near], near) for near in found
            if (near[:2] == whole[:2] or near[-3:] == whole[-3:]) and size <= self._size[near] and is_near(near, whole)
        ]  # fmt: skip
        return min(fitting)[-1] if fitting else None

    def _is_meant(self, at: int, parts: list[tuple[int, int, str]], text: str, is_loud: bool) -> bool:
        """An ordinary word is a name where it has a capital that no first word needs, or somebody is spoken to."""
        start, end, low = parts[at]
        cues = lists().cues
        if low not in self._common:
            return True
        if self._is_addressed(at, parts, text):
            return True
        before, tail = text[max(start - 3, 0) : start], text[end : end + 2]
        two, one = ["", "", *(part[2] for part in parts[max(at - 2, 0) : at])][-2:]
        is_spoken_to = one in cues["greet"] or (two, one) == ("thank", "you")
        if before.endswith("@") or (is_spoken_to and before[-1:] == " " and before[-2:-1].isalpha()):
            return True
        speaks = at + 1 < len(parts) and parts[at + 1][2] in cues["said"] - cues["weak"] and tail[:1] == " "
        if low in cues["stay"] or is_loud:
            return False
        if speaks:
            return True
        opens = not before.strip() or before.rstrip()[-1] in OPENERS
        return text[start].isupper() and (
            not opens or text[end : end + 1] == "," or text[end : end + 2] in {"'s", "\u2019s"}
        )

    def _is_addressed(self, at: int, parts: list[tuple[int, int, str]], text: str) -> bool:
        """ "bell, are you ok?", "juniper was saying", "I'm with otter on this"."""
        cues, (start, end, low) = lists().cues, parts[at]
        before, after = text[:start].rstrip(" "), [part[2] for part in parts[at + 1 : at + 3]] + ["", ""]
        one, gap = parts[at - 1][2] if at else "", text[end : parts[at + 1][0]] if after[0] else text[end:]
        opens = not before or before[-1] in OPENERS
        if opens and gap[:1] in {",", ":"} and after[0] in cues["to_you"]:
            return True
        if gap == " " and after[0] in cues["was"] and after[1] in cues["saying"]:
            return True
        if after[0] == "s" and gap in {"'", "\u2019"} and after[1] in cues["posts"]:
            return True
        is_head = self._parts.get(low, "").rstrip("0123456789 ").endswith(low)
        ends = (not gap.strip(" ") and after[0] in cues["goes_on"]) or gap.strip()[:1] in set(".,?!:)")
        return (
            is_head and one in cues["of_people"] and before == text[:start][:-1] and (ends or not gap.strip())
        )


class _Hints(dict[str, int]):
    """What each word hints at, with the signs about it, once it was met: most come again."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def __missing__(self, piece: str) -> int:
        if len(self) >= MOST_HINTS:
            self.clear()
        self[piece] = found = self._known.hint(piece)
        return found


def _one_less(word: str) -> set[str]:
    """A word, and the same without each of its letters: two that are one letter apart have one of these in common."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def is_near(one: str, other: str) -> bool:
    """Whether one letter was left out, added or taken for another, or two changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next(
        (place for place, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short)
    )
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return True
    return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]


class Numbering:
    """The numbers of names within what one person wrote in one study: the first name that is met is 1, and a name
    keeps its number. Give it the person's messages in the same order, and the numbers are the same."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._full: dict[int, str] = {}

    def number(self, name: str) -> int:
        """The number of a name in small letters. A first name alone is the first whole name that began with it."""
        if name in self._numbers:
            return self._numbers[name]
        first = name.split(" ", 1)[0]
        number = self._numbers.get(first)
        if number is None or self._full.get(number, name) != name:
            number = max(self._numbers.values(), default=0) + 1
        if first != name:
            self._full[number] = name
        self._numbers.setdefault(first, number)
        self._numbers[name] = number
        return number
