"""What words weigh: learned from sentences with a label (`proof/worry_weights.py`), and kept in weights.txt.

A line there is what something weighs towards worry, what towards danger, in thousandths, and what it is: a word, two
words one after another, how a longer word begins (over*), or [hint] for a sign of that kind. A text weighs what all of
these weigh together, less the longer it is. Above nothing, it is raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

FILE = Path(__file__).parent / "weights.txt"
ALWAYS = "[always]"  # what a text weighs before its first word
BEGIN, END = "<", ">"  # of a sentence
BEGINNING = 4  # letters
USUAL = 20  # words in a message
FEW = 12  # words: in a shorter one each weighs no more
LONG = 80  # words that are weighed together; of a longer text, each so many, and again from half-way

_NOT = ("do", "does", "did", "is", "was", "are", "were", "would", "could", "should", "have", "has", "had")
_BE = {"i": "am", "he": "is", "she": "is", "it": "is", "that": "is", "you": "are", "they": "are"}
# Who writes "I am" in full weighs no more than who writes "I'm".
SHORT = {
    "can not": "cant",
    "will not": "wont",
    "i have": "ive",
    **{f"{one} not": f"{one}nt" for one in _NOT},
    **{f"{who} {be}": f"{who}{be[1:]}" for who, be in _BE.items()},
}
_SECOND = {pair.split()[1] for pair in SHORT}
T = TypeVar("T")
Weight = tuple[float, float]  # towards worry, and towards danger


def shortened(words: Iterable[str]) -> list[str]:
    """Words, where two that are mostly drawn together are one."""
    found: list[str] = []
    for word in words:
        if word in _SECOND and found and (short := SHORT.get(f"{found[-1]} {word}")):
            found[-1] = short
        else:
            found.append(word)
    return found


def pieces_of(before: str, word: str) -> tuple[str, ...]:
    """What may weigh something in a word that stands after another."""
    if len(word) > BEGINNING:
        return word, f"{before} {word}", f"{word[:BEGINNING]}*"
    return word, f"{before} {word}"


def pieces_at_end(last: str, kinds: list[str]) -> list[str]:
    """What may weigh something in a sentence beside its words. `kinds` are those of its signs."""
    return [f"{last} {END}", *(f"[{kind}]" for kind in dict.fromkeys(kinds))]


def scale(words: int) -> float:
    """What the sum of so many words and ends of sentences is divided by."""
    return float((max(words, FEW) / USUAL) ** 0.5)


def of_sentence(words: list[tuple[str, ...]], kinds: list[str]) -> list[Weight]:
    """What each word of a sentence adds. Of a word that somebody hid, the first that it may be and that is known."""
    known = learned()
    plain = (
        each[0] if len(each) == 1 else next((one for one in each if one in known), each[0]) for each in words
    )
    found = []
    before = BEGIN
    for word in shortened(plain):
        found.append(_sum(pieces_of(before, word), known))
        before = word
    found.append(_sum(pieces_at_end(before, kinds), known))
    return found


def _sum(pieces: Iterable[str], known: dict[str, Weight]) -> Weight:
    worry = danger = 0.0
    for weight in filter(None, map(known.get, pieces)):
        worry += weight[0]
        danger += weight[1]
    return worry, danger


def parts(said: list[T]) -> Iterator[list[T]]:
    """What of a text is weighed together."""
    half = LONG // 2
    for start in range(0, max(1, len(said) - LONG + half), half):
        yield said[start : start + LONG]


def of_text(said: list[Weight]) -> Weight:
    """What a text weighs where it weighs most, from what each of its words and ends of sentences adds."""
    always = learned()[ALWAYS]
    worry, danger = (
        max(base, *(base + sum(part) / scale(len(part)) for part in parts([one[at] for one in said])))
        for at, base in enumerate(always)
    )
    return worry, danger


@cache
def learned() -> dict[str, Weight]:
    """Every weight."""
    found = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            worry, danger, piece = line.split(" ", 2)
            found[piece] = int(worry) / 1000, int(danger) / 1000
    return found
