"""The packs of rules in `rules/`: patterns as data, read and compiled once. rules/README.md says how one is written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from research.release import holding
from research.release.spans import Span

FOLDER = Path(__file__).parent / "rules"
WORD = re.compile(r"%([A-Z_]+)%")
LETTER = re.compile(r"\\.|\(\?P[<=]\w+|[A-Z]")  # … or what only looks like one in a pattern
PLAIN = re.compile(
    "[\x00-\x7f\u2013-\u2026\u20ac\xa3]*"
)  # signs beyond ASCII that are neither large nor small


class Rule(NamedTuple):
    """What looks like a kind, and what else must hold. The group `it` is taken where there is one. `small` finds the
    same in small letters, where capitals say nothing: that takes far less time, and most messages have nothing."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] | None
    has_it: bool
    small: re.Pattern[str] | None


@cache
def packs() -> dict[str, list[Rule]]:
    """Every pack by name, read once in a process."""
    found: dict[str, list[Rule]] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        read = tomllib.loads(file.read_text(encoding="utf-8"))
        words = read.pop("words")
        for name, rules in read.items():
            found[name] = [_rule(one, words) for one in rules]
    return found


def _rule(one: dict[str, Any], words: dict[str, str]) -> Rule:
    pattern = _joined(one["pattern"])
    while WORD.search(pattern):
        pattern = WORD.sub(lambda hit: _joined(words[hit[1]]), pattern)
    compiled = re.compile(pattern, 0 if one.get("capitals") else re.IGNORECASE)
    holds = getattr(holding, one["holds"]) if "holds" in one else None
    small = None if one.get("capitals") else re.compile(LETTER.sub(_small, pattern))
    return Rule(one["kind"], compiled, holds, "it" in compiled.groupindex, small)


def _small(hit: re.Match[str]) -> str:
    return hit[0].lower() if hit[0].isalpha() else hit[0]


def _joined(pattern: str) -> str:
    """Where a pattern is set in, each of its lines begins where the last ended."""
    return "".join(line.strip(" ") for line in pattern.split("\n")) if pattern.startswith("  ") else pattern


def applied(rules: Iterable[Rule], text: str) -> Iterator[Span]:
    """What each rule finds, rule by rule."""
    low = text.lower() if PLAIN.fullmatch(text) else None
    for kind, pattern, holds, has_it, small in rules:
        if small and low is not None and not small.search(low):
            continue
        for hit in pattern.finditer(text):
            if holds is None or holds(hit):
                start, end = hit.span("it") if has_it else hit.span()
                yield Span(start, end, kind)
