"""How hard a text is to read: the Flesch-Kincaid grade (Kincaid and others, 1975) with a small syllable count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
FEWEST = 4  # words: below that it is a button or a heading, not a sentence
SILENT = re.compile(  # home, role, names, rules, asked; but not table, free, places, wanted
    r"(?:(?:[^laeiouy]|[aeiouy]l)e|(?:[^laeiouyscgzxh]|[aeiouy]l)es|[^aeiouydt]ed)$"
)
VOWELS = re.compile(r"[aeiouy]+")
# Vowels that stand together and are two sounds.
APART = re.compile(r"(?<![ct])i[ao](?!n|us)|(?<![qg])ua|eo|ei(?=ng)|yi|ism$")
ODD = {
    "anyone": 3, "area": 3, "being": 2, "different": 2, "every": 2, "everyone": 3, "everything": 3, "hour": 1,
    "hours": 1, "idea": 3, "ideas": 3, "people": 2, "quiet": 2, "real": 1, "really": 2, "safely": 2, "safety": 2,
    "somebody": 3, "someone": 2, "something": 2, "sometimes": 2,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Of one page: how many words, how many to a sentence, and the school grade that reads it."""

    words: int
    per_sentence: float
    grade: float


def syllables(word: str) -> int:
    """About how many syllables an English word has."""
    plain = re.sub(r"['\u2019]\w*$", "", word.lower())
    if plain in ODD:
        return ODD[plain]
    stem = SILENT.sub(lambda found: found[0][0], plain)
    return max(1, len(VOWELS.findall(stem)) + len(APART.findall(plain)))


def sentences(blocks: Iterable[str]) -> list[list[str]]:
    """The words of each sentence with at least FEWEST of them."""
    parts = (part for block in blocks for part in re.split(r"(?<=[.!?:;…·])\s+", block))
    found = (WORD.findall(part) for part in parts)
    return [words for words in found if len(words) >= FEWEST]


def measure(blocks: Iterable[str]) -> Measure:
    """0.39 (words a sentence) + 11.8 (syllables a word) - 15.59, over the full sentences of a page."""
    found = sentences(blocks)
    words = [word for sentence in found for word in sentence]
    if not words:
        return Measure(words=0, per_sentence=0.0, grade=0.0)
    length = len(words) / len(found)
    weight = sum(map(syllables, words)) / len(words)
    return Measure(words=len(words), per_sentence=length, grade=0.39 * length + 11.8 * weight - 15.59)
