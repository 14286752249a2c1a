"""How many worries are raised by words: on sentences of our own, of which one half was never looked at for the signs.

What is held out is the figure to go by. It says how much is missed, and that people have to look for themselves.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moderation.automatic import worry
from moderation.automatic.worry import worried
from proof.harness import Defence, Result, swapped

FILE = Path(__file__).parent.parent / "tests/moderation/data/worry/worry.csv"
DEMO = Path(__file__).parent.parent / "config/demo/content"
MOST = 0.15  # of harmless sentences may be raised
FEWEST = 0.53  # of those held out: no fewer than before
Row = dict[str, str]


def rows() -> list[Row]:
    """Every sentence with its label."""
    with FILE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_held_out(row: Row) -> bool:
    """Whether it is in the half that was not looked at."""
    return hashlib.sha256(row["id"].encode()).digest()[0] % 2 == 1


def missed(among: list[Row]) -> list[Row]:
    """Those that ought to be raised and are not."""
    return [row for row in among if row["label"] != "fine" and not worried(row["text"])]


def prove(size: str) -> Iterator[Result]:
    """Both halves, each label. The full form names what was missed."""
    every = rows()
    held_out = [row for row in every if is_held_out(row)]
    looked_at = [row for row in every if not is_held_out(row)]
    for part, among in (("held out", held_out), ("looked at", looked_at), ("all", every)):
        for label in ("danger", "worried"):
            yield _recall(part, label, [row for row in among if row["label"] == label])
    fine = [row for row in every if row["label"] == "fine"]
    share = sum(map(bool, map(worried, (row["text"] for row in fine)))) / len(fine)
    yield Result(
        promise="harmless sentences that are raised all the same, on our own sentences", tried=len(fine),
        found=f"{share:.1%}", goal=f"at most {MOST:.0%}", holds=share <= MOST, part="harmless",
    )  # fmt: skip
    talk = _talk()
    again = sum(map(bool, map(worried, talk))) / len(talk)
    yield Result(
        promise="messages of the demo's groups, which are longer, that are raised, nearly all needlessly",
        tried=len(talk), found=f"{again:.1%}", goal=f"at most {MOST:.0%}", holds=again <= MOST, part="talk",
    )  # fmt: skip
    ill = [row for row in held_out if row["label"] != "fine"]
    found = 1 - len(missed(ill)) / len(ill)
    yield Result(
        promise="of worries in the half that was not looked at, no fewer are raised than before", tried=len(ill),
        found=f"{found:.1%}", goal=f"at least {FEWEST:.0%}; 95% would be wanted", holds=found >= FEWEST,
        part="held out, both",
    )  # fmt: skip
    if size == "full":
        for row in missed(every):
            print(
                f"\nmissed ({row['label']}{', held out' if is_held_out(row) else ''}): {row['text']}", end=""
            )
        print()


def _talk() -> list[str]:
    """What is said in the demo's groups: written for the demo, and not for this."""
    files = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(DEMO.glob("*.toml"))]
    return [post["text"] for file in files for thread in file["threads"] for post in thread["posts"]]


def _recall(part: str, label: str, among: list[Row]) -> Result:
    found = len(among) - len(missed(among))
    grave = sum(worried(row["text"]) == worry.Level.IN_DANGER for row in among)
    return Result(
        promise=f"sentences labelled {label} are raised, on our own sentences ({part})", tried=len(among),
        found=f"{found / len(among):.1%} raised, {grave / len(among):.1%} as in danger",
        goal="none; 95% would be wanted", holds=None, part=f"{part}, {label}",
    )  # fmt: skip


@contextmanager
def _none_between() -> Iterator[None]:
    with swapped(worry, "BETWEEN", 0)():
        worry._signs.cache_clear()  # they are read once
        try:
            yield
        finally:
            worry._signs.cache_clear()


DEFENCES = [
    Defence(name="some words may stand between", off=_none_between),
    Defence(
        name="figures of speech and the past take signs away",
        off=swapped(worry, "_taken_away", lambda _: ([], False, False)),
    ),
]
