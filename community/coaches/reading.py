"""A text as coaches look at it: words in order, with what stood around them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_FILE = Path(__file__).parents[1] / "data" / "coach_words.toml"
WORDS = {key: frozenset(text.split()) for key, text in tomllib.loads(_FILE.read_text()).items()}
_EDGES = " \t\n.,;:!?()[]{}\"'“”‘’«»…*_-–—"  # noqa: RUF001
_EDGES_OF_SPEECH = "\"'”)"
_ENDS = (".", "!", "?", "…", ":")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "mx", "prof"})
_NO_NAMES, _NOBODY = WORDS["no_names"], WORDS["nobody"]


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word: as typed, and without what clings to its edges. `ends` says that a sentence stops here."""

    raw: str
    bare: str
    ends: bool

    @cached_property
    def low(self) -> str:
        """In small letters, with a straight apostrophe."""
        return self.bare.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")

    @property
    def is_capital(self) -> bool:
        """Whether it starts with a capital and is not all capitals: Tom, St, McKay; not NHS."""
        return self.bare[:1].isupper() and not (len(self.bare) > 1 and self.bare.isupper())

    @property
    def is_name(self) -> bool:
        """Whether it could be somebody's name, or part of a place's."""
        return self.is_capital and self.low not in _NO_NAMES


class Read(str):
    """A text that several look at: it is cut into words once."""

    @cached_property
    def words(self) -> list[Word]:
        """As `words` says."""
        return words(str(self))


def words(text: str) -> list[Word]:
    """The words of a text, quoted lines left out: what somebody else wrote is not this writer's to change."""
    if isinstance(text, Read):
        return text.words
    own = " \n ".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    found = [_word(raw) for raw in own.split()]
    return [word for word in found if word.bare]


def _word(raw: str) -> Word:
    bare = raw.strip(_EDGES)
    short = bare.lower() in TITLES | {"st"}
    return Word(raw=raw, bare=bare, ends=raw.rstrip(_EDGES_OF_SPEECH).endswith(_ENDS) and not short)


def titled(found: list[Word], at: int) -> list[Word]:
    """ "Dr Jane Smith", "Mrs Whitlock": the title and the names, if they stand here. MS is an illness, and whom one
    misses is no title."""
    title, last = found[at], at + 1
    if title.low not in TITLES or (title.low in {"ms", "miss"} and not title.is_capital):
        return []
    if title.low == "miss" and (at == 0 or found[at - 1].ends):
        return []
    while last < len(found) and last < at + 4 and found[last].is_name:
        last += 1
        if found[last - 1].raw[-1] in ",;)" or found[last - 1].ends:
            break
    is_somebody = last > at + 1 and found[at + 1].low not in _NOBODY
    return found[at:last] if is_somebody else []


def said(found: Iterable[Word]) -> str:
    """Words as they were typed, to show their writer."""
    return " ".join(word.raw for word in found).strip(_EDGES)
