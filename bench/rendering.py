"""Rendering texts that were made to take long, beside ordinary talk of the same length."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

PIECES = (
    ".-0", "a.-", "0.--", "www.-", "a.co ", "(", "(a.co", "[", "![", "[a](", "](", "*", "**a", "_a_", "`", "```\n",
    "<", "> ", "- ", "1. ", "&#", "&amp", "\\", "http://", "a@a.", "e\u0323\u0301",
)  # fmt: skip
TALK = "It was a long week, and the kitchen is full of boxes. Does anybody here know how to *begin*?\n\n"


def run() -> Iterator[str]:
    """The slowest of the pieces, repeated to the most letters a post may have."""
    # It asks which links are the site's own.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    from core import text

    def seconds(piece: str) -> float:
        started = time.process_time()
        text.to_html(text.tidy((piece * text.MAX_LENGTH)[: text.MAX_LENGTH]))
        return time.process_time() - started

    seconds(TALK)
    ordinary = min(seconds(TALK) for _ in range(5))
    worst, piece = max((seconds(piece), piece) for piece in PIECES)
    yield (
        f"{text.MAX_LENGTH:,} letters of talk: {ordinary * 1000:.0f} ms of CPU; the slowest of {len(PIECES)} texts "
        f"made to be slow, {piece!r} again and again: {worst * 1000:.0f} ms, {worst / ordinary:.1f} times as long"
    )
