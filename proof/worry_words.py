"""How many worries are raised by words: on sentences of our own, by ten writers.

The half of the first writer's that was never looked at is the figure to go by. Beside it stands what is raised of each
writer, and of each group's talk, by what all the others teach. All of them say how much is missed, and that people
have to look for themselves.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from moderation.automatic import weights, worry
from moderation.automatic.worry import Level, worried
from proof.harness import Defence, Result, swapped

FOLDER = Path(__file__).parent.parent / "tests/moderation/data/worry"
DEMO = Path(__file__).parent.parent / "config/demo/content"
FROZEN = "worry"
# Two of the half that nobody looked at, seen by mistake: they are in the other one now.
SEEN = {"s0001", "s0018"}
WRITERS = tuple(f"writer_{letter}" for letter in "abcdefghi")  # whose sentences teach
MOST = 0.15  # of harmless sentences, and of talk, may be raised
FEWEST = 0.85  # of the worries held out: no fewer than before
FEWEST_APART = 0.81  # of the worries of a writer who taught nothing
HIDES = str.maketrans({"i": "1", "e": "3", "a": "@"})
Row = dict[str, str]


def rows(name: str = FROZEN) -> list[Row]:
    """Every sentence of a writer with its label."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_held_out(row: Row) -> bool:
    """Whether it is in the half of the frozen ones that was not looked at."""
    return row["id"] not in SEEN and hashlib.sha256(row["id"].encode()).digest()[0] % 2 == 1


def talk() -> dict[str, list[str]]:
    """What is said in each of the demo's groups: written for the demo, and not for this."""
    files = {
        file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(DEMO.glob("*.toml"))
    }
    return {
        name: [post["text"] for thread in one["threads"] for post in thread["posts"]]
        for name, one in files.items()
    }


def prove(size: str) -> Iterator[Result]:
    """The frozen sentences, as they are raised; in full also every writer as if they had taught nothing."""
    every = rows()
    held_out = [row for row in every if is_held_out(row)]
    looked_at = [row for row in every if not is_held_out(row)]
    for part, among in (("held out", held_out), ("looked at", looked_at)):
        for label in ("danger", "worried", "fine"):
            yield _raised(part, label, [worried(row["text"]) for row in among if row["label"] == label])
    harmless = _share(row["text"] for row in every if row["label"] == "fine")
    yield _at_most("harmless sentences of the frozen ones are raised all the same", harmless, "harmless")
    said = [text for texts in talk().values() for text in texts]
    yield _at_most("messages of the demo's groups are raised, nearly all needlessly", _share(said), "talk")
    ill = [row["text"] for row in held_out if row["label"] != "fine"]
    yield _at_least(
        "worries in the half that was not looked at are raised", _share(ill), FEWEST, "held out, both"
    )
    hidden = [text.translate(HIDES) for text in ill]
    yield _at_least("of the same, with digits and signs for letters", _share(hidden), FEWEST - 0.02, "hidden")
    if size == "full":
        yield from _apart()
        for row in looked_at:
            if row["label"] != "fine" and not worried(row["text"]):
                print(f"\nmissed ({row['label']}): {row['text']}", end="")
        print()


def _apart() -> Iterator[Result]:
    """Every writer by what the others teach."""
    from proof import worry_weights as learning  # which reads the rows of this module

    apart = learning.held_apart()
    bars = learning.bars(apart)
    levels = learning.levels(apart, *bars)
    for source in ("first", *WRITERS):
        for label in ("danger", "worried", "fine", "talk"):
            if of_it := [level for one, level in levels if (one.source, one.label) == (source, label)]:
                yield _raised(f"{source}, by what others teach", label, of_it)
    for label, promise in (
        ("fine", "harmless sentences are raised, each writer's by what others teach"),
        (
            "talk",
            "messages that writers gave as everyday talk are raised, each writer's by what others teach",
        ),
        (learning.DEMO, "messages of the demo's groups are raised, each group's by what all else teaches"),
    ):
        of_it = [level for one, level in levels if one.label == label]
        yield _at_most(promise, (sum(map(bool, of_it)), len(of_it)), f"{label}, by what others teach")
    unlike = [bool(level) for _, level in learning.levels(learning.demo_apart(), *bars)]
    yield Result(
        promise="messages of the demo's groups are raised where no talk of theirs teaches", tried=len(unlike),
        found=f"{sum(unlike) / len(unlike):.1%}", goal="none; 15% would be wanted", holds=None, part="unlike talk",
    )  # fmt: skip
    ill = [level for one, level in levels if learning.is_worry(one)]
    yield _at_least(
        "worries are raised, each writer's by what others teach", (sum(map(bool, ill)), len(ill)),
        FEWEST_APART, "both, by what others teach",
    )  # fmt: skip
    for most in (0.05, 0.10, 0.15, 0.20):
        at = learning.bars(apart, most)
        ill = [level for one, level in learning.levels(apart, *at) if learning.is_worry(one)]
        yield Result(
            promise=f"worries would be raised if {most:.0%} of harmless sentences and of talk might be",
            tried=len(ill), found=f"{sum(map(bool, ill)) / len(ill):.1%}", goal="none", holds=None,
            part=f"curve, {most:.0%}",
        )  # fmt: skip


def _share(texts: Iterator[str] | list[str]) -> tuple[int, int]:
    """How many are raised, of how many."""
    found = [bool(worried(text)) for text in texts]
    return sum(found), len(found)


def _raised(part: str, label: str, levels: list[Level]) -> Result:
    found, grave = (sum(level >= least for level in levels) / len(levels) for least in (1, 2))
    return Result(
        promise=f"sentences labelled {label} are raised ({part})", tried=len(levels),
        found=f"{found:.1%} raised, {grave:.1%} as in danger",
        goal="none" if label in ("fine", "talk") else "none; 95% would be wanted", holds=None, part=f"{part}, {label}",
    )  # fmt: skip


def _at_most(promise: str, share: tuple[int, int], part: str) -> Result:
    found = share[0] / share[1]
    return Result(
        promise=promise, tried=share[1], found=f"{found:.1%}", goal=f"at most {MOST:.0%}", holds=found <= MOST,
        part=part,
    )  # fmt: skip


def _at_least(promise: str, share: tuple[int, int], least: float, part: str) -> Result:
    found = share[0] / share[1]
    return Result(
        promise=promise, tried=share[1], found=f"{found:.1%}", goal=f"at least {least:.0%}; 95% would be wanted",
        holds=found >= least, part=part,
    )  # fmt: skip


def _anew(off: Callable[[], AbstractContextManager[None]]) -> Callable[[], AbstractContextManager[None]]:
    """Signs are read once: read them again, with something off and after it."""

    @contextmanager
    def read_again() -> Iterator[None]:
        with off():
            worry._signs.cache_clear()
            try:
                yield
            finally:
                worry._signs.cache_clear()

    return read_again


DEFENCES = [
    Defence(name="some words may stand between", off=_anew(swapped(worry, "BETWEEN", 0))),
    Defence(
        name="words have weights", off=swapped(weights, "learned", lambda: {weights.ALWAYS: (-1.0, -1.0)})
    ),
    Defence(name="hidden words are read", off=swapped(worry, "words_of", lambda _: ())),
]
