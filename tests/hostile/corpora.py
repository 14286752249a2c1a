"""Strings that break programs: the corpora of KITH_CORPORA, or the project's own small set."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import rotation

OWN = Path(__file__).parent / "strings.txt"
KINDS = {  # a line is of the first kind that is found in it
    "half a letter": r"[\ud800-\udfff]",
    "nothing to see": r"^\s*$",
    "controls": r"[\x00-\x08\x0b-\x1f\x7f-\x9f]",
    "unseen or turning": r"[\u034f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]",
    "beyond 16 bits": r"[\U00010000-\U0010ffff]",
    "marks": r"[\u0300-\u036f]",
    "right to left": r"[\u0590-\u08ff]",
    "other letters": r"[^\x00-\x7f]",
    "long": r"(?s).{300}",
    "acts by itself": r"<[^>]*[\s/]on\w+",
    "address": r"(?i)\w+:",
    "markup": r"<|&#?\w+;",
    "template": r"\{\{|\{%|%[sdnx]|\$\{|\$\w",
    "quotes": r"['\"`]",
    "number": r"^[\d.,\s$eExX/*+-]+$",
    "punctuation": r"[^\w\s]",
    "words": r"",
}


@functools.cache
def breaking() -> list[str]:
    """Strings that break programs."""
    return own() + [text for path in _files("*.json") for text in json.loads(path.read_text("utf-8"))]


@functools.cache
def own() -> list[str]:
    """The project's own, of every kind."""
    return [line.encode().decode("unicode_escape") for line in OWN.read_text("ascii").splitlines() if line]


@functools.cache
def scripts() -> list[str]:
    """Payloads that try to run a script, one a line."""
    paths = _files("xss/*.txt")
    return [
        line for path in paths for line in path.read_text("utf-8", "replace").splitlines() if line.strip()
    ]


def everything() -> list[str]:
    return breaking() + scripts()


@functools.cache
def by_kind() -> dict[str, list[str]]:
    """Every line, under its kind."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for line in everything():
        found[next(kind for kind, sign in KINDS.items() if re.search(sign, line))].append(line)
    return found


def for_field(number: int) -> list[str]:
    """What is sent through one field line by line: one of each kind, and others for the next field.

    With KITH_FULL=1 every line goes through every field by itself.
    """
    if rotation.FULL:
        return everything()
    return [lines[number % len(lines)] for lines in by_kind().values() if lines]


def packed(lines: list[str], *, size: Callable[[str], int], most: int) -> Iterator[str]:
    """Many lines as one text, a new text where it would grow beyond the most that fits."""
    pack: list[str] = []
    filled = 0
    for line in lines:
        needs = size(line) + 1
        if pack and filled + needs > most:
            yield "\n".join(pack)
            pack, filled = [], 0
        pack.append(line)
        filled += needs
    yield "\n".join(pack)


def can_be_sent(line: str) -> bool:
    """Whether any browser could send it: half a letter has no bytes."""
    return not re.search(KINDS["half a letter"], line)


def _files(pattern: str) -> list[Path]:
    folder = os.environ.get("KITH_CORPORA")
    return sorted(Path(folder).glob(pattern)) if folder else []
