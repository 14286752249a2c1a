"""Looking for 5,000 phrases in a text of 10,000 letters, as the thread of a message that is being sent would.

The phrases are three to six words in a row from the documents; a *plain* text is made of harmless sentences, a
*hiding* one of listed phrases that are hidden, so that every piece of it has to be looked at closely. What is timed is
what the process computes. The baseline is cutting the same text into its words in small letters.
"""

from __future__ import annotations

import gc
import random
import re
import statistics
import time
from collections.abc import Iterator

ROUNDS = 1_000
LETTERS = 10_000
LISTED = 5_000


def run() -> Iterator[str]:
    """Both texts, in this process: nothing of it touches a database."""
    from moderation.automatic.phrases import Phrases
    from proof import phrases as proof

    chance = random.Random(3)
    words = [word for line in proof._documents() for word in re.findall(r"[a-z']+", line.lower())]
    starts = (chance.randrange(len(words) - 6) for _ in range(LISTED))
    listed = [" ".join(words[at : at + chance.randint(3, 6)]) for at in starts]
    ready = Phrases([*listed, *proof._lines("phrases.txt")])
    ways = list(proof.WAYS.values())
    hidden = " ".join(chance.choice(ways)(chance, chance.choice(listed)) for _ in range(1_000))
    plain = " ".join(proof._lines("benign.txt"))
    for name, text in (("plain", plain[:LETTERS]), ("hiding", hidden[:LETTERS])):
        yield _one(name, ready, text)


def _one(name: str, ready, text: str) -> str:
    found = len(ready.find(text))
    gc.freeze()
    times, bare = [], []
    for _ in range(ROUNDS):
        began = time.thread_time()
        ready.find(text)
        between = time.thread_time()
        re.findall(r"\w+", text.lower())
        times.append(between - began)
        bare.append(time.thread_time() - between)
    gc.unfreeze()
    middle, base = statistics.median(times), statistics.median(bare)
    late = sorted(times)[round(0.99 * ROUNDS)]
    return (
        f"{name}, {LISTED:,} phrases, {len(text):,} letters, {found} found: {middle * 1000:.1f} ms in the middle, "
        f"{late * 1000:.1f} ms at most in 99 of 100; {middle / base:.0f} times cutting it into words"
    )
