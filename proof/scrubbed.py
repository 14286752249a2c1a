"""How much of what could point at somebody is taken out of messages: on messages written by somebody who had not seen
the rules; on others by the same hand that were looked at to make the rules better, and on a set by another hand of
which two thirds were looked at for that (`data/tuned.jsonl`), where it is more; and on those by which the rules were
made.

`data/messages.jsonl` has one message a line, `{"text": …, "spans": [[start, end, kind], …]}`; `data/personas.json` the
names that the study knows. Something counts as found when none of its letters and digits is left.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proof.harness import Defence, Result, swapped
from research.release import packs, people
from research.release.scrub import Known, Numbering, scrub

HERE = Path(__file__).parent
OURS = HERE.parent / "tests/research/release"
UNSEEN = "written by others"
FILES = {  # which -> (messages, names)
    UNSEEN: (HERE / "data/messages.jsonl", HERE / "data/personas.json"),
    "tuned on": (HERE / "data/tuned.jsonl", HERE / "data/tuned_names.json"),
    "looked at": (HERE / "data/development.jsonl", HERE / "data/development_names.json"),
    "our own": (OURS / "scrub_messages.jsonl", OURS / "scrub_personas.json"),
}
STRUCTURED = frozenset(
    ("email", "phone", "postcode", "url", "handle", "date", "age", "id", "ip", "coordinates")
)
GOALS = {"structured": 0.95, "known names": 0.99, "all kinds": 0.70}
MOST = 0.05  # of what nobody marked may be taken out


@dataclass
class _Count:
    """What was marked and found, by kind; and signs that were taken out though nobody marked them."""

    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    signs: int = 0
    over: int = 0

    def of(self, kinds: set[str]) -> tuple[int, int]:
        return sum(self.found[kind] for kind in kinds), sum(self.marked[kind] for kind in kinds)


def prove(size: str) -> Iterator[Result]:
    """The goals for each set of messages; the full form tells of every kind, and of what others wrote: rules are made
    better by the other two alone, else nothing would be left to measure them by."""
    for which, (messages, names) in FILES.items():
        if messages.exists() and (size == "full" or which != UNSEEN):
            yield from _rows(which, _counted(messages, names), size)


def _counted(messages: Path, names: Path) -> _Count:
    known, count = Known(_names(json.loads(names.read_text(encoding="utf-8")))), _Count()
    for line in messages.read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        text, taken, marked = message["text"], set[int](), set[int]()
        for found in scrub(text, known=known, numbers=Numbering()).found:
            taken.update(range(found.start, found.end))
        for start, end, kind in message["spans"]:
            stretch = range(start, end)
            marked.update(stretch)
            count.marked[kind] += 1
            count.found[kind] += all(one in taken for one in stretch if text[one].isalnum())
        count.signs += len(text)
        count.over += len(taken - marked)
    return count


def _names(read: Any) -> list[str]:
    """Every name of a file, however it is laid out."""
    if isinstance(read, str):
        return [read]
    within = read.values() if isinstance(read, dict) else read
    return [name for one in within for name in _names(one)]


def _rows(which: str, count: _Count, size: str) -> Iterator[Result]:
    every = set(count.marked)
    for what, kinds in {
        "structured": every & STRUCTURED,
        "known names": {"known"},
        "all kinds": every,
    }.items():
        found, marked = count.of(kinds)
        if not marked and kinds == {"known"}:  # a set without names that a study knows
            continue
        share = found / marked if marked else 0
        yield Result(
            promise=f"of what points at somebody, so much is taken out of messages ({what}, {which})",
            tried=marked, found=f"{share:.1%}", goal=f"at least {GOALS[what]:.0%}", holds=share >= GOALS[what],
            part=f"{which}, {what}",
        )  # fmt: skip
    share = count.over / count.signs
    yield Result(
        promise=f"of the letters of messages, so many are taken out though they point at nobody ({which})",
        tried=count.signs, found=f"{share:.1%}", goal=f"at most {MOST:.0%}", holds=share <= MOST,
        part=f"{which}, taken needlessly",
    )  # fmt: skip
    for kind in sorted(every) if size == "full" else []:
        found, marked = count.of({kind})
        yield Result(
            promise=f"what is marked as {kind} is taken out ({which})", tried=marked, found=f"{found / marked:.1%}",
            goal="none", holds=None, part=f"{which}, {kind}",
        )  # fmt: skip


@contextmanager
def _without(pack: str) -> Iterator[None]:
    before = packs.packs()[pack]
    packs.packs()[pack] = []
    try:
        yield
    finally:
        packs.packs()[pack] = before


DEFENCES = [
    Defence(name="rules for telephones", off=lambda: _without("phones")),
    Defence(name="rules for ages", off=lambda: _without("ages")),
    Defence(name="known names are looked for", off=swapped(Known, "found_in", lambda *_: iter(()))),
    Defence(name="a word in no list of names needs something to announce it",
            off=swapped(people, "_is_unlisted", lambda *_: True)),
]  # fmt: skip
