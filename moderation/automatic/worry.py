"""Where words of worry are recognised: signs in a text, in their context. It raises; people decide.

A sign is words in an order, with room for a few between them (signs.txt). All signs are looked for in one pass, word by
word: how much work a text can cause is bounded by its length. What is said of the past, of a film or as a figure of
speech takes signs away again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from pathlib import Path

from core import memory
from moderation.automatic import weights
from moderation.automatic.units import words_of

MORE = ".."
BETWEEN = 4  # words that MORE leaves room for
_FILE = Path(__file__).parent / "signs.txt"
_PART = re.compile(r"\([^)]*\)\??|\S+")
_TOKEN = re.compile(r"[\w@$*'\u2018\u2019]+|[.!?\n;\u2026]")
_STRETCHED = re.compile(r"(.)\1\1")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDS = ".!?\n;\u2026"
_QUOTES = str.maketrans("", "", "'\u2018\u2019")


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
    """How worrying a text is. It is asked three times while one is sent."""
    return _found_last(text.replace("\r", "").strip())


@memory.of_the_day(maxsize=8)
def _found_last(text: str) -> Level:
    return look(text)


def look(text: str) -> Level:
    """The same, whatever was found before."""
    said: list[weights.Weight] = []
    level = Level.NONE
    for sentence in _sentences(text):
        kinds = _signs_in(sentence)
        if "danger" in kinds:
            return Level.IN_DANGER
        if "worried" in kinds:
            level = Level.WORRIED
        said += weights.of_sentence(sentence, kinds)
    to_worry, to_danger = weights.of_text(said)
    if to_worry > 0:
        level = Level.WORRIED
    return Level.IN_DANGER if level and to_danger > 0 else level


def _sentences(text: str) -> Iterator[list[tuple[str, ...]]]:
    """The words of each sentence; of a word that somebody hid, all that it may be."""
    words: list[tuple[str, ...]] = []
    read: dict[str, tuple[str, ...]] = {}  # people say the same words again
    for token in _TOKEN.findall(text.lower()):
        if token in _ENDS:
            if words:
                yield words
            words = []
        elif token in read:
            words.append(read[token])
        elif word := token.translate(_QUOTES):
            read[token] = _read(word)
            words.append(read[token])
    if words:
        yield words


def _read(word: str) -> tuple[str, ...]:
    if word in _signs().known or (word.isascii() and word.isalpha() and not _STRETCHED.search(word)):
        return (word,)
    if word.isdecimal():
        return (word, "yyyy") if _YEAR.fullmatch(word) else (word,)
    return tuple(dict.fromkeys((word, *words_of(word))))


def _signs_in(sentence: list[tuple[str, ...]]) -> list[str]:
    """The kinds of signs that hold in a sentence, each sign once, and of what takes signs away: that weighs, too."""
    found = list(_find(sentence))
    taken, is_past, is_light = _taken_away(found)
    aside = [one.kind for one in found if one.kind in ("fine", "past", "light")]
    if is_past:
        return aside
    held = {
        one.sign: one.kind
        for one in found
        if one.kind in ("danger", "worried", "hint")
        and not (is_light and one.kind != "danger")
        and not any(start < one.end and one.start < end for start, end in taken)
    }
    return [*held.values(), *aside]


def _taken_away(found: list[_Found]) -> tuple[list[tuple[int, int]], bool, bool]:
    """What does not count in a sentence: figures of speech, by where they stand; whether it is all of the past; and
    whether only danger counts."""
    kinds = {one.kind for one in found}
    is_now = "now" in kinds
    taken = [(one.start, one.end) for one in found if one.kind == "fine"]
    return taken, "past" in kinds and not is_now, "light" in kinds and not is_now


def _find(sentence: list[tuple[str, ...]]) -> Iterator[_Found]:
    """Every sign in a sentence. Of one that began twice, the later beginning goes on: so there is never more to go on
    with than there are places in signs."""
    signs = _signs()
    leads_on, begin = signs.leads_on, signs.begin
    on: dict[_Node, int] = {}  # a place -> where its sign began
    room: dict[_Node, int] = {}  # of those where words may stand between: the last word that may be next
    for at, words in enumerate(sentence):
        on[begin] = at
        following: dict[_Node, int] = {}
        if room:
            following = {node: on[node] for node, last in room.items() if last > at}
            if len(following) < len(room):
                room = {node: room[node] for node in following}
        for word in words:
            if (leads := leads_on.get(word)) is None:
                continue
            for node in filter(leads.__contains__, on):
                start = on[node]
                for then, kind, goes_on, between in leads[node]:
                    if kind:
                        yield _Found(kind, start, at + 1, id(then))
                    if goes_on:
                        following[then] = start
                        if between:
                            room[then] = at + 1 + between
        on = following


@cache
def _signs() -> _Signs:
    signs = _Signs()
    kind = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            kind = line[1:-1].replace(" ", "")
        elif kind == "classes" and " = " in line:
            name, _, words = line.partition(" = ")
            signs.classes[name] = set(words.split("/"))
        elif line and not line.startswith("#"):
            signs.add(_PART.findall(line), kind)
    signs.turn_round()
    return signs


class _Signs:
    """All signs as ways from one beginning; those that begin alike go the same way so far. `known`: their words.
    `leads_on`: of each word, from which places it goes on, and to which, with what there is to know of those."""

    def __init__(self) -> None:
        self.begin, self.known = _Node(), set[str]()
        self.leads_on: dict[str, dict[_Node, list[tuple[_Node, str, bool, int]]]] = {}
        self.classes: dict[str, set[str]] = {}
        self._made: dict[tuple[str, ...], list[_Node]] = {}

    def add(self, parts: list[str], kind: str) -> None:
        at = [self.begin]
        for number, part in enumerate(parts):
            if part == MORE:
                continue
            then = [one for one in parts[number + 1 : number + 3] if not one.endswith("?")]
            between = BETWEEN if then[:1] == [MORE] else 0
            so_far = (*parts[: number + 1], str(between))
            if so_far not in self._made:
                self._made[so_far] = self._on(at, part, between)
            at = self._made[so_far]
        for node in at:
            node.kind = kind

    def turn_round(self) -> None:
        """Make ready what leads on with each word, once all signs are there."""
        nodes = [self.begin]
        seen = {self.begin}
        for node in nodes:  # grows as it goes
            for word, to in node.following.items():
                leads = [(one, one.kind, bool(one.following), one.between) for one in to]
                self.leads_on.setdefault(word, {})[node] = leads
                nodes += [one for one in to if one not in seen]
                seen.update(to)

    def _on(self, at: list[_Node], part: str, between: int) -> list[_Node]:
        """The nodes that one part of a sign leads to."""
        bare, then = part.removesuffix("?"), _Node(between=between)
        for choice in bare[1:-1].split("|") if bare.startswith("(") else [bare]:
            self._lead(at, [self._words(one) for one in choice.split()], then)
        return [*at, then] if part.endswith("?") else [then]

    def _lead(self, at: list[_Node], steps: list[set[str]], then: _Node) -> None:
        """A way from these nodes over these words to another."""
        for step, words in enumerate(steps):
            to = then if step == len(steps) - 1 else _Node()
            self.known |= words
            for node in at:
                for word in words:
                    node.following.setdefault(word, []).append(to)
            at = [to]

    def _words(self, choice: str) -> set[str]:
        names = [one[1:-1] if one.startswith("{") else "" for one in choice.split("/")]
        plain = {one for one in choice.split("/") if not one.startswith("{")}
        return plain.union(*(self.classes[name] for name in names if name))
