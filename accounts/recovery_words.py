"""The eight words that let somebody back in, from a list of 7,776: 103 bits."""

from __future__ import annotations

import functools
import re
import secrets
from importlib import resources

HOW_MANY = 8
ASKED_BACK = (3, 7)  # which words are typed back, counted from 1


@functools.cache
def word_list() -> tuple[str, ...]:
    """The long word list of the Electronic Frontier Foundation, as the package xkcdpass ships it."""
    return tuple((resources.files("xkcdpass") / "static" / "eff-long").read_text().split())


def draw() -> list[str]:
    """Eight fresh words."""
    return [secrets.choice(word_list()) for _ in range(HOW_MANY)]


def normal(typed: str) -> str:
    """The words as a lock knows them: letters only, so that case, spaces, commas, hyphens and the numbers
    on a card do not matter."""
    return " ".join(re.findall("[a-z]+", typed.lower()))
