"""Whether a text says again, in the same words, what the same person wrote under another name.

Compared in the writer's own request, with their own texts, which are handed in and not kept. What is said about it
names neither the text nor the group nor the name.
"""

from __future__ import annotations

from collections.abc import Iterable

from community.coaches.reading import words

RUN = 5  # words in a row that are compared
ENOUGH = 4  # such runs in common: eight words in a row, or several shorter ones


def runs(text: str) -> set[tuple[str, ...]]:
    """Every five words in a row, as they sound: no capitals, no signs, nothing that was quoted."""
    plain = ["".join(char for char in word.low if char.isalnum()) for word in words(text)]
    plain = [word for word in plain if word]
    return {tuple(plain[at : at + RUN]) for at in range(len(plain) - RUN + 1)}


def is_told_again(text: str, *, earlier: Iterable[str]) -> bool:
    """Whether enough of a text's words stand in one of the earlier texts."""
    now = runs(text)
    return len(now) >= ENOUGH and any(len(now & runs(before)) >= ENOUGH for before in earlier)
