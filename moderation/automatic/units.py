"""A text as phrases are looked for in it: pieces between gaps, each with the words that it may stand for.

Somebody who hides a word writes other letters that look alike, digits and signs for letters, marks nobody sees, stars,
or a letter many times. A piece is one run of all of these, and keeps its place in the text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import accumulate, islice, product
from pathlib import Path
from typing import NamedTuple

# From Unicode's table of confusable characters: those that one letter of a to z is taken for.
_LINES = (Path(__file__).parent / "look_alikes.txt").read_text(encoding="utf-8").splitlines()
_LOOKS = {char: line[0] for line in _LINES for char in line[2:]}
_EITHER = frozenset(char for line in _LINES if line[0] == "l" for char in line[2:])  # an l or a capital i
_SIGNS = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "li", "+": "t", "€": "e", "£": "l", "¢": "c", "¥": "y", "§": "s",
    "¡": "i", "(": "c", "<": "c", "¦": "il",
}  # fmt: skip
_MASK = "*"
_EDGES = "".join(sign for sign in [*_SIGNS, _MASK] if not sign.isdigit()) + "_"
_MOST = 16  # words that one piece may stand for
# What lies between pieces: spaces, signs that stand for no letter, and pictures.
_GAPS = (
    r"\s\x00-\x1f\"#%&'),\-./:;=>?\[\\\]^_`{}~\x7f-\xa0\xa8\xa9\xab\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7\u2010-\u2029"
    r"\u2030-\u205f\u2190-\u2378\u237b-\u245f\u2500-\u2bff\u3000-\u3006\u3008-\u3020\ufe30-\ufe6f\U0001f000-\U0001f0ff"
    r"\U0001f200-\U0001faff"
)
_PIECE = re.compile(f"([^{_GAPS}]+)([{_GAPS}]*)")
_FIRST = re.compile(f"[{_GAPS}]*")
_STRETCHED = re.compile(r"(.)\1+")
_MORE_THAN_ONE = re.compile(r"(.)\1\1|(.)\2.*(.)\3")
_BRACKETS = re.compile(r"\(([a-z])\)")  # what the one character for (a) comes apart to
_LATIN = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])(?: WITH .*)?")


# Letters that are drawn with several signs; and a plus that stands for a space.
_DRAWINGS = {"|_|": "u", "|-|": "h", "|<": "k", "|)": "d", "\\/": "v", "/\\": "a", "+": " "}
_DRAWN = re.compile("|".join(map(re.escape, _DRAWINGS)))


class Reading(NamedTuple):
    """The words that a piece may stand for. `word` is all there is to it, if there is no more. `loose` ones are so far
    from what was typed that only a long phrase may use them. `stretched` ones have letters too often. A `mask` has
    stars where letters were."""

    word: str
    words: tuple[str, ...]
    loose: tuple[str, ...] = ()
    stretched: tuple[str, ...] = ()
    mask: str = ""


_NOTHING = Reading("", ())


class Units:
    """The pieces of a text, in order: how each can be read, where it stands, and whether a space is before it."""

    def __init__(self, text: str) -> None:
        lead = _FIRST.match(text)
        self._lead = lead.end() if lead else 0
        self._pieces = _PIECE.findall(text)  # a piece, and the gap after it
        known = {raw: _read(raw) for raw in {raw for raw, _ in self._pieces}}
        every = [known[raw] for raw, _ in self._pieces]
        self._numbers = [number for number, reading in enumerate(every) if reading is not _NOTHING]
        self.readings = [every[number] for number in self._numbers]

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Where each begins and ends in the text."""
        lengths = (len(raw) + len(gap) for raw, gap in self._pieces)
        begins = list(accumulate(lengths, initial=self._lead))
        return [(begins[number], begins[number] + len(self._pieces[number][0])) for number in self._numbers]

    def is_apart(self, at: int) -> bool:
        """Whether more lies before a piece than signs inside a word: k.i.l.l"""
        last, number = self._numbers[at - 1], self._numbers[at]
        return any(char.isspace() for _, gap in self._pieces[last:number] for char in gap)


def readings(text: str) -> Iterator[tuple[str, list[int]]]:
    """A text as typed; and once more with letters for the signs that draw them, if there are any, with where each place
    of it is in the text as typed."""
    yield text, []
    if _DRAWN.search(text):
        said, places, before = "", list[int](), 0
        for drawn in _DRAWN.finditer(text):
            said += text[before : drawn.start()] + _DRAWINGS[drawn[0]]
            places += range(before, drawn.start() + 1)
            before = drawn.end()
        yield said + text[before:], [*places, *range(before, len(text) + 1)]


def plain(phrase: str) -> list[str]:
    """The words of a phrase as somebody listed it: nothing in it is taken for a disguise."""
    found = (_folded(raw).strip(_EDGES) for raw, _ in _PIECE.findall(phrase))
    return [word for word in found if word]


def words_of(raw: str) -> tuple[str, ...]:
    """Every word that one piece may stand for."""
    reading = _read(raw)
    return (*reading.words, *reading.loose)


def _read(raw: str) -> Reading:
    if raw.isascii() and raw.isalpha():
        word = raw.lower()
        if not _STRETCHED.search(word):
            return Reading(word, (word,))
        if not _MORE_THAN_ONE.search(word):
            return Reading("", (word,), (shrunk(word),))
    folded = _folded(raw)
    shapes = [folded]
    if not raw.isascii():
        shapes += [_folded(raw, looks_first=True), _BRACKETS.sub(r"\1", folded)]
    shapes = list(dict.fromkeys([*shapes, *(shape.strip(_EDGES) for shape in shapes)]))
    hidden = dict.fromkeys(one for shape in shapes for one in _deciphered(shape))
    read, loose = dict.fromkeys(one for one in shapes if one.strip(_EDGES) == one), dict[str, None]()
    if 0 < sum(char in _SIGNS for char in folded) < len(folded) or any(char in "@$" for char in folded):
        read |= hidden
    else:  # a number, or signs alone
        loose |= hidden
    read |= dict.fromkeys(word.replace(_MASK, "") for word in list(read) if _MASK in word)
    read.pop("", None)
    stretched = [word for word in read if _MORE_THAN_ONE.search(word)]
    loose |= dict.fromkeys(shrunk(word) for word in read if word not in stretched)
    mask = _without_pairs(folded.strip("_"))
    mask = mask if _MASK in mask and mask.strip(_MASK) else ""
    rest = tuple(word for word in loose if word and word not in read)
    is_plain = len(read) == 1 and not rest and not stretched and not mask
    if not read and not rest and not mask:
        return _NOTHING
    return Reading(next(iter(read)) if is_plain else "", tuple(read), rest, tuple(stretched), mask)


def shrunk(word: str) -> str:
    """A word with every letter once where it stands many times in a row."""
    return _STRETCHED.sub(r"\1", word)


def is_stretch_of(typed: str, word: str) -> bool:
    """Whether a word is another with letters that stand there longer."""
    runs = zip(re.finditer(r"(.)\1*", typed), re.finditer(r"(.)\1*", word), strict=True)
    return all(len(one[0]) >= len(other[0]) for one, other in runs)


def _without_pairs(word: str) -> str:
    """Without stars that make it bold: **so**."""
    while word[:1] == word[-1:] == _MASK:
        word = word[1:-1]
    return word


def _folded(raw: str, *, looks_first: bool = False) -> str:
    """Without capitals, accents and marks nobody sees; letters that look alike are one."""
    if raw.isascii():
        return raw.lower()
    look = _looks_like_as_capital if looks_first else _looks_like
    typed = _bare("".join(map(look, raw if looks_first else raw.lower())))
    return _bare("".join(map(look, typed.casefold())))


def _bare(typed: str) -> str:
    """Without accents, styles and marks nobody sees."""
    if typed.isascii():
        return typed
    apart = unicodedata.normalize("NFKD", typed)
    return "".join(char for char in apart if unicodedata.category(char) not in ("Mn", "Me", "Cf"))


@lru_cache(maxsize=4096)  # of single letters: no word that somebody wrote is kept
def _looks_like(char: str) -> str:
    if char.isascii():
        return char
    if char in _EITHER:
        return "|"
    named = _LATIN.fullmatch(unicodedata.name(char, ""))
    return named[1].lower() if named else _LOOKS.get(char, char)


@lru_cache(maxsize=4096)
def _looks_like_as_capital(char: str) -> str:
    """In other scripts a small letter may look like none of ours where its capital does."""
    found = _looks_like(char)
    return (
        _looks_like(char.upper())
        if found == char and len(char.upper()) == 1 and not char.isascii()
        else found
    )


def _deciphered(word: str) -> Iterable[str]:
    """What digits and signs in a word may stand for."""
    if _SIGNS.keys().isdisjoint(word):
        return [word]
    return islice(map("".join, product(*(_SIGNS.get(char, char) for char in word))), _MOST)
