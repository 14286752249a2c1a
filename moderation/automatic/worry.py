"""Where words of worry are recognised: signs in a text, in their context. It raises; people decide.

A sign is words in an order, with room for a few between them (signs.txt). All signs are looked for in one pass, word by
word: how much work a text can cause is bounded by its length. What is said of the past, of a film or as a figure of
speech takes signs away again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from pathlib import Path

from moderation.automatic.units import words_of

BETWEEN = 4  # words that ".." leaves room for
ENOUGH = 5  # points of weak signs that are a worry together
NEAR = 3  # sentences that weak signs add up in
_FILE = Path(__file__).parent / "signs.txt"
_PART = re.compile(r"\([^)]*\)\??|\S+")
_TOKEN = re.compile(r"[\w@$*'’‘]+|[.!?\n;…]")
_PLAIN = re.compile(r"[a-z]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUOTES = str.maketrans("", "", "'’‘")


class Level(IntEnum):
    """How worried somebody who reads this should be."""

    NONE = 0
    WORRIED = 1
    IN_DANGER = 2


@dataclass(slots=True, eq=False)
class _Node:
    """A place in some sign: what may come next, how many words may stand between, and what ends here."""

    following: dict[str, list[_Node]] = field(default_factory=dict)
    between: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    start: int
    end: int
    sign: int


def worried(text: str) -> Level:
    """How worrying a text is."""
    points: list[int] = []
    level = Level.NONE
    for sentence in _sentences(text):
        kinds = _signs_in(sentence)
        if "danger" in kinds:
            return Level.IN_DANGER
        if "worried" in kinds:
            level = Level.WORRIED
        points.append(sum(int(kind[-1]) for kind in kinds if kind.startswith("weak")))
    if any(sum(points[at : at + NEAR]) >= ENOUGH for at in range(len(points))):
        level = max(level, Level.WORRIED)
    return level


def _sentences(text: str) -> Iterator[list[tuple[str, ...]]]:
    """The words of each sentence; of a word that somebody hid, all that it may be."""
    words: list[tuple[str, ...]] = []
    for token in _TOKEN.findall(text.lower()):
        if token in ".!?\n;…":
            if words:
                yield words
            words = []
        elif word := token.translate(_QUOTES):
            words.append(_read(word))
    if words:
        yield words


def _read(word: str) -> tuple[str, ...]:
    if _PLAIN.fullmatch(word) and not re.search(r"(.)\1\1", word):
        return (word,)
    if word.isdecimal():
        return (word, "yyyy") if _YEAR.fullmatch(word) else (word,)
    return tuple(dict.fromkeys((word, *words_of(word))))


def _signs_in(sentence: list[tuple[str, ...]]) -> list[str]:
    """The kinds of signs that hold in a sentence, each sign once."""
    found = list(_find(sentence))
    kinds = {one.kind for one in found}
    if "past" in kinds and "now" not in kinds:
        return []
    taken = [(one.start, one.end) for one in found if one.kind == "fine"]
    held = {
        one.sign: one.kind
        for one in found
        if not any(start < one.end and one.start < end for start, end in taken)
    }
    return list(held.values())


def _find(sentence: list[tuple[str, ...]]) -> Iterator[_Found]:
    begin = _signs()
    on: list[
        tuple[_Node, int, int]
    ] = []  # where in a sign, where it began, how many words may still stand between
    for at, words in enumerate(sentence):
        following = [(node, start, left - 1) for node, start, left in on if left]
        reached = set[tuple[int, int]]()
        for word in words:
            for node, start, _ in [*on, (begin, at, 0)]:
                for then in node.following.get(word, ()):
                    if (id(then), start) in reached:
                        continue
                    reached.add((id(then), start))
                    if then.kind:
                        yield _Found(then.kind, start, at + 1, id(then))
                    if then.following:
                        following.append((then, start, then.between))
        on = following


@cache
def _signs() -> _Node:
    """Where all signs begin."""
    begin, classes, kind = _Node(), dict[str, set[str]](), ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            kind = line[1:-1].replace(" ", "")
        elif kind == "classes" and " = " in line:
            name, _, words = line.partition(" = ")
            classes[name] = set(words.split("/"))
        elif line and not line.startswith("#"):
            _add(begin, line, kind, classes)
    return begin


def _add(begin: _Node, line: str, kind: str, classes: dict[str, set[str]]) -> None:
    """One sign, as a way through nodes of its own."""
    at = [begin]
    for part in _PART.findall(line):
        if part == "..":
            for node in at:
                node.between = BETWEEN
            continue
        is_optional, part = part.endswith("?"), part.removesuffix("?")
        then = _Node()
        for choice in part[1:-1].split("|") if part.startswith("(") else [part]:
            _lead(at, [_words(one, classes) for one in choice.split()], then)
        at = [*at, then] if is_optional else [then]
    for node in at:
        node.kind = kind


def _lead(at: Iterable[_Node], steps: list[set[str]], then: _Node) -> None:
    """A way from these nodes over these words to another."""
    for step, words in enumerate(steps):
        to = then if step == len(steps) - 1 else _Node()
        for node in at:
            for word in words:
                node.following.setdefault(word, []).append(to)
        at = [to]


def _words(choice: str, classes: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    for one in choice.split("/"):
        found |= classes[one[1:-1]] if one.startswith("{") else {one}
    return found
