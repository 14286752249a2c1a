"""The eight words that let somebody back in, from the 6,653 kind ones of a list of 7,776: 101 bits."""

from __future__ import annotations

import functools
import re
import secrets
from importlib import resources
from pathlib import Path

HOW_MANY = 8
ASKED_BACK = (3, 7)  # which words are typed back, counted from 1
_UNKIND = Path(__file__).parent / "data" / "unkind_words.txt"


@functools.cache
def word_list() -> tuple[str, ...]:
    """The long word list of the Electronic Frontier Foundation, as the package xkcdpass ships it."""
    return tuple((resources.files("xkcdpass") / "static" / "eff-long").read_text().split())


@functools.cache
def kind_words() -> tuple[str, ...]:
    """The list without what could hurt somebody who is low. Words that were handed out before go on working: what is
    typed is held against a lock, and never against a list."""
    unkind = frozenset(_UNKIND.read_text().split())
    return tuple(word for word in word_list() if word not in unkind)


def draw() -> list[str]:
    """Eight fresh words."""
    return [secrets.choice(kind_words()) for _ in range(HOW_MANY)]


def normal(typed: str) -> str:
    """The words as a lock knows them: letters only, so that case, spaces, commas, hyphens and the numbers
    on a card do not matter."""
    return " ".join(re.findall("[a-z]+", typed.lower()))


def count(words: str) -> int:
    """How many `normal` words these are. Those of the list that have a hyphen are two there, and count as one."""
    return len(words.split()) - sum(len(re.findall(rf"\b{one}\b", words)) for one in _hyphened())


@functools.cache
def _hyphened() -> tuple[str, ...]:
    return tuple(normal(word) for word in word_list() if "-" in word)
