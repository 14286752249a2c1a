"""Looking for words of worry in a message of 8,000 letters, as the thread of a message that is being sent would.

*Said* are sentences as people write them; *in one breath* are the same without a full stop, so that every sign may go
on for longer; *hidden* has digits and signs for letters; *foreign* letters that look alike; *again and again* is the
beginning of many signs, over and over. What is timed is what the process computes. The baseline is cutting the same
text into its words in small letters.
"""

from __future__ import annotations

import gc
import random
import re
import statistics
import time
from collections.abc import Iterator

ROUNDS = 200
LETTERS = 8_000
HIDES = str.maketrans({"i": "1", "e": "3", "a": "@"})
LOOKS = str.maketrans({"a": "\u0430", "e": "\u0435", "o": "\u00f6"})


def run() -> Iterator[str]:
    """All of them, in this process: nothing of it touches a database."""
    from moderation.automatic.worry import look
    from proof import phrases as proof

    lines = proof._lines("benign.txt")
    random.Random(5).shuffle(lines)
    said = " ".join(lines)
    while len(said) < LETTERS:
        said += " " + said
    said = said[:LETTERS]
    texts = {
        "said": said,
        "in one breath": re.sub(r"[.!?;\u2026\n]", " ", said),
        "hidden": said.translate(HIDES),
        "foreign": said.translate(LOOKS),
        "again and again": ("i want to " * LETTERS)[:LETTERS],
    }
    for name, text in texts.items():
        look(text)  # the signs are read once
        gc.freeze()
        times, bare = [], []
        for _ in range(ROUNDS):
            began = time.thread_time()
            look(text)
            between = time.thread_time()
            re.findall(r"\w+", text.lower())
            times.append(between - began)
            bare.append(time.thread_time() - between)
        gc.unfreeze()
        middle, base = statistics.median(times), statistics.median(bare)
        late = sorted(times)[round(0.99 * ROUNDS) - 1]
        yield (
            f"{name}, {len(text):,} letters: {middle * 1000:.1f} ms in the middle, "
            f"{late * 1000:.1f} ms at most in 99 of 100; {middle / base:.0f} times cutting it into words"
        )
