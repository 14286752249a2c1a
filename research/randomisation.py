"""In which order versions are given out: permuted blocks, drawn from a seed. What docs/research.md says of it,
`research/data/rederive.py` does again without this module."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LABEL = b"kith-allocation-1"
SEED_BYTES = 32


@dataclass(kw_only=True)
class Dice:
    """Fair draws out of a seed: HMAC-SHA-256 in counter mode, four bytes a draw; what would favour one is redrawn."""

    seed: bytes
    stratum: str
    _count: int = 0
    _left: bytes = field(default=b"", repr=False)

    def below(self, sides: int) -> int:
        """A whole number from 0 to `sides` - 1."""
        fair = 2**32 - 2**32 % sides
        while True:
            if not self._left:
                place = LABEL + b"|" + self.stratum.encode() + b"|" + self._count.to_bytes(8, "big")
                self._left, self._count = hmac.digest(self.seed, place, "sha256"), self._count + 1
            drawn, self._left = int.from_bytes(self._left[:4], "big"), self._left[4:]
            if drawn < fair:
                return drawn % sides


def order(*, seed: bytes, stratum: str, block: Sequence[str], most: int) -> Iterator[str]:
    """The codes of the versions, without end. `block` holds each as often as it weighs; a block is that once, or up to
    `most` times, so that nobody can count off what comes last. Shuffled by Fisher and Yates."""
    dice = Dice(seed=seed, stratum=stratum)
    while True:
        codes = list(block) * (1 + dice.below(most))
        for last in range(len(codes) - 1, 0, -1):
            drawn = dice.below(last + 1)
            codes[last], codes[drawn] = codes[drawn], codes[last]
        yield from codes


def commitment(*, seed: bytes) -> str:
    """What is shown before anybody gets a version: it tells nothing of the seed, and no other seed fits it."""
    return hashlib.sha256(seed).hexdigest()
