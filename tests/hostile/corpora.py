"""Strings that break programs: the corpora of KITH_CORPORA, or the project's own small set."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path

OWN = Path(__file__).parent / "strings.txt"
FULL = os.environ.get("KITH_FULL") == "1"
EVERY = 1 if FULL else 8  # of the breaking strings, per field
EVERY_SCRIPT = 1 if FULL else 200  # of the scripts, per field


@functools.cache
def breaking() -> list[str]:
    """Strings that break programs."""
    own = [line.encode().decode("unicode_escape") for line in OWN.read_text("ascii").splitlines() if line]
    return own + [text for path in _files("*.json") for text in json.loads(path.read_text("utf-8"))]


@functools.cache
def scripts() -> list[str]:
    """Payloads that try to run a script, one a line."""
    paths = _files("xss/*.txt")
    return [
        line for path in paths for line in path.read_text("utf-8", "replace").splitlines() if line.strip()
    ]


def for_field(number: int) -> list[str]:
    """What goes through one field: another part of both lists for each, so that together they see much of it.

    With KITH_FULL=1 every line goes through every field.
    """
    return breaking()[number % EVERY :: EVERY] + scripts()[number % EVERY_SCRIPT :: EVERY_SCRIPT]


def _files(pattern: str) -> list[Path]:
    folder = os.environ.get("KITH_CORPORA")
    return sorted(Path(folder).glob(pattern)) if folder else []
