"""The words that rules know: read once, and kept small enough to look up in one step."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "words"
ON = frozenset(("on", "by", "upon", "le", "under", "in", "next"))
APART = re.compile(r"[\W_]+")


def folded(word: str) -> str:
    """Small letters without marks, so that José, JOSÉ and jose are one word."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


class Lists(NamedTuple):
    """Every list. `first` tells of a first name whether it is one in small letters too; `places` maps the first word
    of a place to the whole of each, longest first, and whether it is large."""

    common: frozenset[str]
    first: dict[str, bool]
    surnames: frozenset[str]
    places: dict[str, list[tuple[tuple[str, ...], bool]]]
    cues: dict[str, frozenset[str]]


@cache
def lists() -> Lists:
    """Read once in a process: about 20 ms and 11 MB."""
    with (FOLDER / "cues.toml").open("rb") as file:
        cues = {name: frozenset(words.split()) for name, words in tomllib.load(file).items()}
    first = {name: flag == "1" for name, flag in _pairs("first_names")}
    first |= dict.fromkeys(cues["nicknames"], True)
    places: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for name, flag in _pairs("places"):
        parts = tuple(APART.split(name))
        places.setdefault(parts[0], []).append((parts, flag == "1"))
    for parts in [tuple(APART.split(name)) for name, _ in _pairs("places")]:
        if len(parts) > 2 and parts[1] in ON:  # Saltburn-by-the-Sea is Saltburn
            places[parts[0]].append((parts[:1], False))
    for among in places.values():
        among.sort(key=lambda one: -len(one[0]))
    return Lists(frozenset(_lines("common")), first, frozenset(_lines("surnames")), places, cues)


def _lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(word, flag) for word, _, flag in (line.partition("\t") for line in _lines(name))]
