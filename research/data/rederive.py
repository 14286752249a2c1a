#!/usr/bin/env python3
"""Checks how a study gave out its versions. Needs Python 3.9 and nothing else: `python3 rederive.py lists.json`.

The file is what the study's page gives once it is over. For each list: the seed must fit the commitment that was shown
before the first place was given, and every place must hold the version that the seed gives.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from pathlib import Path


def draws(seed: bytes, stratum: str) -> Iterator[int]:
    count = 0
    while True:
        place = b"kith-allocation-1|%s|%s" % (stratum.encode(), count.to_bytes(8, "big"))
        made = hmac.new(seed, place, hashlib.sha256).digest()
        for at in range(0, 32, 4):
            yield int.from_bytes(made[at : at + 4], "big")
        count += 1


def below(numbers: Iterator[int], sides: int) -> int:
    fair = 2**32 // sides * sides
    return next(number for number in numbers if number < fair) % sides


def codes(seed: bytes, stratum: str, block: list[str], most: int) -> Iterator[str]:
    numbers = draws(seed, stratum)
    while True:
        cards = block * (1 + below(numbers, most))
        for last in reversed(range(1, len(cards))):
            other = below(numbers, last + 1)
            cards[last], cards[other] = cards[other], cards[last]
        yield from cards


def main(path: str) -> int:
    wrong = 0
    for one in json.loads(Path(path).read_text(encoding="utf-8"))["lists"]:
        seed = bytes.fromhex(one["seed"])
        fits = hashlib.sha256(seed).hexdigest() == one["commitment"]
        given = {place["index"]: place["version"] for place in one["places"]}
        due = codes(seed, one["stratum"], one["block"], one["most"])
        named = [next(due) for _at in range(max(given, default=-1) + 1)]
        off = sum(code != named[at] for at, code in given.items())
        wrong += off + (not fits)
        seal = "the seal fits" if fits else "the seal DOES NOT FIT"
        gaps = len(named) - len(given)  # people who had all taken away, and groups that said no
        sys.stdout.write(f"{one['stratum']}: {len(given)} places, {off} wrong, {gaps} empty; {seal}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
