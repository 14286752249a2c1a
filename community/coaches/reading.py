"""A text as coaches look at it: words in order, with what stood around them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parents[1] / "data" / "coach_words.toml"
WORDS = {key: frozenset(text.split()) for key, text in tomllib.loads(_FILE.read_text()).items()}
_EDGES = " \t\n.,;:!?()[]{}\"'“”‘’«»…*_-–—"  # noqa: RUF001
_EDGES_OF_SPEECH = "\"'”)"
_ENDS = (".", "!", "?", "…", ":")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "mx", "prof"})
_NO_NAMES = WORDS["no_names"]


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word: as typed, and without what clings to its edges. `ends` says that a sentence stops here."""

    raw: str
    bare: str
    ends: bool

    @property
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


def words(text: str) -> list[Word]:
    """The words of a text, quoted lines left out: what somebody else wrote is not this writer's to change."""
    own = " \n ".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    found = [_word(raw) for raw in own.split()]
    return [word for word in found if word.bare]


def _word(raw: str) -> Word:
    bare = raw.strip(_EDGES)
    short = bare.lower() in TITLES | {"st"}
    return Word(raw=raw, bare=bare, ends=raw.rstrip(_EDGES_OF_SPEECH).endswith(_ENDS) and not short)


def said(found: Iterable[Word]) -> str:
    """Words as they were typed, to show their writer."""
    return " ".join(word.raw for word in found).strip(_EDGES)
