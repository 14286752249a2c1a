"""Finds listed phrases in a text, also where somebody hid them, and shows where they stand as typed.

A phrase is words, never a pattern. Only whole words match: nothing in Scunthorpe, nothing across the gap in "pen is".
A word may be spelled out ("k i l l", "k.i.l.l"); in a phrase of twelve letters or more it does not matter where the
gaps are. How much work a text can cause is bounded by its length and the longest phrase, whatever it says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from moderation.automatic.units import Reading, Units, is_stretch_of, plain, readings, shrunk

LONG = 12  # letters, from which on the gaps in a phrase do not matter
SPELLED = 5  # letters, from which on a spelled-out word may have two of them together


@dataclass(frozen=True, kw_only=True)
class Match:
    """A phrase, as it was listed, and where it stands in the text as typed."""

    phrase: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Listed:
    phrase: str
    gaps: frozenset[int]
    length: int


class _Step(NamedTuple):
    """Some pieces read as letters so far: where they were apart, by a space or by less, and how far that goes."""

    letters: str
    unit: int
    gaps: tuple[tuple[int, bool], ...] = ()
    is_loose: bool = False


class Phrases:
    """A list of phrases, ready to be looked for."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_letters: dict[str, list[_Listed]] = defaultdict(list)
        self._starts: set[str] = set()
        self._words: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._shrunk: dict[str, set[str]] = defaultdict(set)
        for phrase in phrases:
            self._add(phrase)

    def _add(self, phrase: str) -> None:
        words = plain(phrase)
        letters = "".join(words)
        if not letters:
            return
        ends = [sum(map(len, words[: n + 1])) for n in range(len(words))]
        listed = _Listed(phrase, frozenset(ends[:-1]), len(letters))
        self._by_letters[letters].append(listed)
        self._starts.update(letters[: n + 1] for n in range(len(letters)))
        for word in [*words, letters]:
            self._words[word[0], len(word)].add(word)
            self._shrunk[shrunk(word)].add(word)

    def find(self, text: str) -> list[Match]:
        """All phrases in a text, in the order in which they begin there; each place of a phrase once."""
        found: dict[tuple[int, str], Match] = {}
        for typed, places in readings(text):
            units = Units(typed)
            for at, reading in enumerate(units.readings):
                if reading.word and reading.word not in self._starts:  # nearly all places are ruled out here
                    continue
                if self._may_begin(units.readings, at):
                    for one in self._from(units, at):
                        match = replace(one, start=places[one.start], end=places[one.end]) if places else one
                        found.setdefault((match.start, match.phrase), match)
        return sorted(found.values(), key=lambda match: match.start)

    def _may_begin(self, pieces: list[Reading], at: int) -> bool:
        """Whether it is worth a closer look: what all others are ruled out by."""
        letters, starts, listed = "", self._starts, self._by_letters
        for place in range(at, len(pieces)):
            if not (word := pieces[place].word):
                return self._goes_on(letters, pieces[place])
            letters += word
            if letters in listed:
                return True
            if letters not in starts:
                return False
        return False

    def _goes_on(self, letters: str, reading: Reading) -> bool:
        _, words, loose, stretched, mask = reading
        return bool(mask or stretched) or any(letters + word in self._starts for word in (*words, *loose))

    def _from(self, units: Units, at: int) -> Iterator[Match]:
        seen: set[_Step] = set()
        steps = [_Step("", at)]
        while steps:
            step = steps.pop()
            for listed in self._by_letters.get(step.letters, ()):
                if _fits(listed, step):
                    start, end = units.places[at][0], units.places[step.unit - 1][1]
                    yield Match(phrase=listed.phrase, start=start, end=end)
            if step.unit < len(units.readings):
                following = [one for one in self._on(step, units) if one not in seen]
                seen.update(following)
                steps += following

    def _on(self, step: _Step, units: Units) -> Iterator[_Step]:
        """Every way to read one piece more that some phrase goes on with."""
        _, words, loose, stretched, mask = units.readings[step.unit]
        if mask or stretched:
            words = (*words, *self._behind(mask), *self._within(stretched))
        gaps = (*step.gaps, (len(step.letters), units.is_apart(step.unit))) if step.letters else ()
        for word in words:
            if (letters := step.letters + word) in self._starts:
                yield _Step(letters, step.unit + 1, gaps, step.is_loose)
        for word in loose:
            if (letters := step.letters + word) in self._starts:
                yield _Step(letters, step.unit + 1, gaps, True)

    def _behind(self, mask: str) -> list[str]:
        """The listed words that a piece with stars may be: st*r, s***. The first letter and the length are right."""
        if not mask or mask[0] == "*":
            return []
        shape = re.compile(re.escape(mask).replace(r"\*", "."))
        return [word for word in self._words.get((mask[0], len(mask)), ()) if shape.fullmatch(word)]

    def _within(self, stretched: tuple[str, ...]) -> list[str]:
        """The listed words that others are with letters that stand there longer."""
        return [
            word
            for typed in stretched
            for word in self._shrunk.get(shrunk(typed), ())
            if is_stretch_of(typed, word)
        ]


def _fits(listed: _Listed, step: _Step) -> bool:
    """Whether the gaps in what was typed are those of the phrase, or only those of spelling out."""
    if listed.length >= LONG:
        return True
    typed = {at for at, _ in step.gaps}
    if step.is_loose or not listed.gaps <= typed:
        return False
    apart = {at for at, is_apart in step.gaps if is_apart} - listed.gaps
    edges = [0, *sorted(listed.gaps), listed.length]
    return all(_is_spelled(low, high, typed, apart) for low, high in pairwise(edges))


def _is_spelled(low: int, high: int, typed: set[int], apart: set[int]) -> bool:
    """Whether a word from `low` to `high` stands in one piece, or letter by letter."""
    inside = sum(low < at < high for at in typed)
    if not any(low < at < high for at in apart):
        return True
    return inside + 1 >= (high - low if high - low < SPELLED else high - low - 1)
