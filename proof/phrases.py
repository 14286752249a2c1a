"""Phrases that a group lists are found however they are hidden, and harmless words that hold them inside are not.

The ways of hiding are made of Unicode's names of characters and of habits that people have, not of the table that Kith
reads by. The harmless texts stand in tests/moderation/data, written by hand; the demo's and the documents join them.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from moderation.automatic import phrases as finding
from moderation.automatic import units
from moderation.automatic.phrases import Phrases
from proof.harness import Defence, Result, swapped

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests/moderation/data"
HIDDEN = {"small": 600, "full": 6_000}
HARMLESS = 5_000
FRAMES = (
    "We talked about {} today.",
    "{} again, and no sleep.",
    "is it {}?",
    "My aunt said “{}” twice",
    "{}",
)
Way = Callable[[random.Random, str], str]


def prove(size: str) -> Iterator[Result]:
    """Hide and look; then look where nothing is."""
    long, short = _lines("phrases.txt"), _lines("short_words.txt")
    listed = Phrases([*long, *short])
    yield from _hidden(listed, long + short, HIDDEN[size])
    yield _harmless(
        "harmless texts written by hand, and the demo's", listed, [*_lines("benign.txt"), *_demo()]
    )
    texts = [*_lines("benign.txt"), *_demo(), *_scunthorpe(), *_documents()]
    yield _harmless("harmless texts", listed, [*texts, *_made(HARMLESS - len(texts))][:HARMLESS])


def _hidden(listed: Phrases, sources: list[str], count: int) -> Iterator[Result]:
    chance, tried, found = random.Random(13), defaultdict(int), defaultdict(int)
    frames = [line for line in _lines("benign.txt") if not listed.find(line)]
    for number in range(count):
        name = list(WAYS)[number % len(WAYS)]
        phrase = chance.choice(sources)
        variant = WAYS[name](chance, phrase)
        before, after = chance.choice(frames), chance.choice(frames)
        text = f"{before} {variant} {after}"
        low, high = len(before), len(before) + len(variant) + 2
        tried[name] += 1
        found[name] += any(low <= one.start and one.end <= high for one in listed.find(text))
    hits, worst = sum(found.values()), sorted(WAYS, key=lambda way: found[way] / tried[way])
    yield Result(
        promise=f"a listed phrase is found and shown in its place, hidden in {len(WAYS)} ways",
        tried=count, found=f"{100 * hits / count:.1f} %", goal="≥ 95 %", holds=hits >= 0.95 * count, part="hidden",
    )  # fmt: skip
    least = "; ".join(f"{way}: {100 * found[way] / tried[way]:.0f} %" for way in worst[:5])
    yield Result(
        promise="what is found least",
        tried=count,
        found=least,
        goal="none",
        holds=None,
        part="hidden, the worst",
    )


def _harmless(promise: str, listed: Phrases, texts: list[str]) -> Result:
    wrong = sum(bool(listed.find(text)) for text in texts)
    return Result(
        promise=f"nothing is found in {promise}",
        tried=len(texts), found=f"{wrong} ({100 * wrong / len(texts):.2f} %)", goal="≤ 1 %",
        holds=wrong <= 0.01 * len(texts), part=promise,
    )  # fmt: skip


# --- the texts ----------------------------------------------------------------------------------------------------
def _lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def _scunthorpe() -> list[str]:
    return [frame.format(word) for word in _lines("scunthorpe.txt") for frame in FRAMES]


def _demo() -> list[str]:
    """Every text of some length in the demo's own files."""
    files = sorted((ROOT / "config/demo").rglob("*.toml"))
    quoted = [
        match[1]
        for file in files
        for match in re.finditer(r'"((?:[^"\\\n]|\\.){25,})"', file.read_text(encoding="utf-8"))
    ]
    return list(dict.fromkeys(quoted))


def _documents() -> list[str]:
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    every = [line.strip() for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(line for line in every if len(line) > 40))[:1_500]


def _made(count: int) -> list[str]:
    """Plain words in a row, none of which is listed."""
    chance = random.Random(7)
    words = [
        word for line in [*_lines("benign.txt"), *_documents()] for word in re.findall(r"[A-Za-z']+", line)
    ]
    return [" ".join(chance.choice(words) for _ in range(chance.randint(3, 20))) for _ in range(count)]


# --- the ways of hiding -------------------------------------------------------------------------------------------
@cache
def _namesakes(letter: str) -> list[str]:
    """Characters whose name says that they are this letter, with something to it or in another style."""
    upper = letter.upper()
    style = (
        r"(LATIN|FULLWIDTH LATIN|MATHEMATICAL [A-Z\- ]+|CIRCLED LATIN|NEGATIVE SQUARED LATIN|SQUARED LATIN)"
    )
    named = re.compile(
        rf"{style} (SMALL |CAPITAL |)(LETTER |){upper}( WITH (ACUTE|GRAVE|TILDE|OGONEK|CARON|STROKE))?"
    )
    found = [
        char for code in range(0x80, 0x1F200) if named.fullmatch(unicodedata.name(char := chr(code), ""))
    ]
    return found or [letter]


_ELSEWHERE = {
    "a": "\u0430\u03b1", "c": "\u0441\u03f2", "e": "\u0435\u03b5", "h": "\u04bb", "i": "\u0456\u03b9", "j": "\u0458",
    "k": "\u043a\u03ba", "n": "\u0578", "o": "\u043e\u03bf\u0585", "p": "\u0440\u03c1", "s": "\u0455", "t": "\u0442",
    "u": "\u03c5\u057d", "v": "\u03bd", "x": "\u0445\u03c7", "y": "\u0443\u04af",
}  # fmt: skip
_LEET = {
    "a": "4@",
    "b": "8",
    "e": "3€",
    "g": "9",
    "i": "1!",
    "l": "1|",
    "o": "0",
    "s": "5$",
    "t": "7+",
    "z": "2",
}
_HEAVY = {
    "a": ["/\\"],
    "h": ["|-|"],
    "k": ["|<"],
    "u": ["|_|"],
    "v": ["\\/"],
    "w": ["vv"],
    "f": ["ph"],
    "d": ["|)"],
}
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u200e\u200f"


def _some(chance: random.Random, phrase: str, change: Callable[[str], str], share: float = 0.5) -> str:
    """Change some letters, and at least one that can be changed."""
    can = [at for at, char in enumerate(phrase) if char.isalpha() and change(char.lower()) != char.lower()]
    at_all = [at for at in can if chance.random() < share] or can[:1]
    return "".join(change(char.lower()) if at in at_all else char for at, char in enumerate(phrase))


def _from(table: Mapping[str, Sequence[str]], share: float = 0.6) -> Way:
    return lambda chance, phrase: _some(
        chance, phrase, lambda char: chance.choice(table.get(char, char)), share
    )


def _each_word(phrase: str, change: Callable[[str], str], *, every: bool) -> str:
    words = phrase.split()
    longest = max(range(len(words)), key=lambda at: len(words[at]))
    return " ".join(change(word) if every or at == longest else word for at, word in enumerate(words))


def _between(signs: list[str], *, every: bool) -> Way:
    def way(chance: random.Random, phrase: str) -> str:
        sign = chance.choice(signs)
        apart = "   " if every and sign == " " else " "
        return _each_word(phrase, lambda word: sign.join(re.sub(r"\W", "", word)), every=every).replace(
            " " if sign != " " else "\0", apart
        )

    return way


def _stretched(least: int, most: int, share: float) -> Way:
    return lambda chance, phrase: _some(
        chance, phrase, lambda char: char * chance.randint(least, most), share
    )


def _starred(_: random.Random, phrase: str) -> str:
    return " ".join(word[:1] + re.sub("[aeiou]", "*", word[1:]) for word in phrase.split())


def _joined(sign: str) -> Way:
    return lambda _, phrase: sign.join(phrase.split())


def _wild_capitals(chance: random.Random, phrase: str) -> str:
    return "".join(chance.choice((char.upper(), char.lower())) for char in phrase)


def _marked(chance: random.Random, phrase: str) -> str:
    return "".join(
        char + "".join(chr(chance.randint(0x300, 0x36F)) for _ in range(chance.randint(0, 3)))
        for char in phrase
    )


def _turned(_: random.Random, phrase: str) -> str:
    return "\u202a" + "\u202c \u202a".join(phrase.split()) + "\u202c"


def _two_at_once(chance: random.Random, phrase: str) -> str:
    first, second = chance.sample(
        ["other scripts", "leet", "unseen marks", "accents and styles", "one letter stretched"], 2
    )
    return WAYS[second](chance, WAYS[first](chance, phrase))


WAYS: dict[str, Way] = {
    "capitals": _wild_capitals,
    "accents and styles": lambda chance, phrase: _some(
        chance, phrase, lambda char: chance.choice(_namesakes(char)) if char.isascii() else char
    ),
    "heaps of marks": _marked,
    "other scripts": _from(_ELSEWHERE),
    "leet": _from(_LEET),
    "leet of several signs": _from(_HEAVY, 0.3),
    "unseen marks": lambda chance, phrase: _some(chance, phrase, lambda char: char + chance.choice(_UNSEEN)),
    "turned": _turned,
    "one word spaced": _between([" "], every=False),
    "all words spaced": _between([" ", "  "], every=True),
    "one word dotted": _between([".", "-", "_", "·", "/", ",", "~"], every=False),
    "all words dotted": _between([".", "-", "_", "*", "•", "'"], every=True),
    "pictures between": _between(["🔥", "💀", "❤️", "👏"], every=True),
    "one letter stretched": _stretched(3, 6, 0.1),
    "all letters stretched": _stretched(2, 4, 1.0),
    "stars for vowels": _starred,
    "joined by signs": lambda chance, phrase: _joined(chance.choice("-_./+"))(chance, phrase),
    "over lines": lambda chance, phrase: _joined(chance.choice(["\n", "\t", "\u00a0", " \n> ", "\u3000"]))(
        chance, phrase
    ),
    "set in bold": lambda _, phrase: f"**{phrase}**",
    "two of these": _two_at_once,
}


# --- the defences -------------------------------------------------------------------------------------------------
class _LetterByLetter(units.Units):
    """Every letter a piece of its own, as if gaps between words meant nothing."""

    def __init__(self, text: str) -> None:
        self.readings = [units.Reading(char, (char,)) for char in text.lower() if char.isalpha()]
        self.places = [(at, at + 1) for at, char in enumerate(text) if char.isalpha()]

    def is_apart(self, at: int) -> bool:
        return False


def _in_one_piece(low: int, high: int, typed: set[int], _: set[int]) -> bool:
    return not any(low < at < high for at in typed)


DEFENCES = [
    Defence(
        name="letters that look alike are one", off=swapped(units, "_folded", lambda raw, **_: raw.lower())
    ),
    Defence(name="signs stand for letters", off=swapped(units, "_deciphered", lambda _: ())),
    Defence(name="stretched letters are shortened", off=swapped(finding, "is_stretch_of", lambda *_: False)),
    Defence(name="words that are spelled out are read", off=swapped(finding, "_is_spelled", _in_one_piece)),
    Defence(name="only whole words", off=swapped(finding, "Units", _LetterByLetter)),
]
