"""A message as words, and what can be seen from how each stands: a capital, the first word, what comes before."""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from typing import NamedTuple

from research.release.lists import folded

WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
PLACEHOLDER = re.compile(r"\[[A-Z]{2,12}(?:_\d{1,9})?\]")
TAILS = frozenset(("s", "t", "m", "re", "ve", "ll", "d"))
APOSTROPHES = frozenset("'\u2019")
# What a full stop may follow without ending a sentence.
SHORT = frozenset(("dr", "mr", "mrs", "ms", "prof", "sr", "br", "fr", "st", "rev", *string.ascii_lowercase))
CLOSED = frozenset("-'\u2019 ")
LARGE = re.compile(r"[A-Z]")
MOST_LARGE = 4


class Token(NamedTuple):
    """One word. `gap` is what stands between the one before and it; `is_dead` where it can be no name: the tail of
    "don't", its stem, letters beside digits ("HbA1c"), or a part of a placeholder."""

    start: int
    end: int
    low: str
    gap: str
    is_capital: bool
    opens: bool
    is_dead: bool


def words(text: str) -> list[Token]:
    """Every word of a message, in order."""
    kept = [hit.start() for hit in PLACEHOLDER.finditer(text)] if "[" in text else []
    ends = [hit.end() for hit in PLACEHOLDER.finditer(text)] if kept else []
    found: list[Token] = []
    last = 0
    for hit in WORD.finditer(text):
        start, end = hit.span()
        raw, gap = hit[0], text[last:start]
        low = folded(raw)
        if gap == " " and found and not kept:  # as almost every word stands
            is_code = text[end : end + 1].isdigit()
            found.append(Token(start, end, low, gap, raw[0].isupper(), False, is_code))
            last = end
            continue
        is_tail = gap in APOSTROPHES and low in TAILS and bool(found)
        if is_tail and low == "t":
            found[-1] = found[-1]._replace(is_dead=True)
        within = bisect_right(kept, start) - 1
        is_kept = within >= 0 and start < ends[within]
        is_code = text[end : end + 1].isdigit() or text[start - 1 : start].isdigit()
        is_short = gap.startswith(".") and bool(found) and found[-1].is_capital and found[-1].low in SHORT
        opens = not found or any(one in gap[is_short:] for one in '.!?\n:•*"“(') or "…" in gap
        found.append(Token(start, end, low, gap, raw[0].isupper(), opens, is_tail or is_kept or is_code))
        last = end
    return found


def is_shouted(text: str) -> bool:
    """Whether capitals say nothing here, since most letters are."""
    large = len(LARGE.findall(text)) if text.isascii() else sum(map(str.isupper, text))
    return large > MOST_LARGE and large > 0.6 * sum(map(str.isalpha, text))
