"""Linking by behaviour: when, how often and in what words people write. Kith cannot hide it, but can say what it tells.

Made-up people write in two groups out of one life: sittings on their own days and at their own hours, with good and
bad weeks, in which they often write in both. Somebody in both groups compares, either by watching live or by the days
that pages show, and learns first from people whose two names he knows. A little later moves each post by Kith's own
dice. The texts are generated, so that their figures say what style can do, not what it does in a real group.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from community.actions import due
from core import clock
from proof import crowd as crowds
from proof import pairing, wording
from proof.harness import Defence, Result, swapped
from proof.pairing import Closeness, Found

PEOPLE = {"small": (15, 45), "full": (50, 200)}  # to learn on, to be measured on
POSTS = {"small": (20,), "full": (5, 20, 80)}
WINDOWS = {
    "at once": dt.timedelta(0),
    "within 3 hours": dt.timedelta(hours=3),
    "within a day": dt.timedelta(days=1),
    "within 3 days": dt.timedelta(days=3),
}
DAYS = 90
TOLD = 20  # posts: the row that a defence stands on
FIGURES = Path(__file__).parent.parent / "docs" / "behaviour-figures.md"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the curves."""

    how: str
    posts: int
    window: str
    found: Found

    @property
    def share(self) -> float:
        """The share of people who are guessed right."""
        return self.found.guesses / self.found.people


def prove(size: str) -> Iterator[Result]:
    """The curves, without a goal; and that a little later helps against somebody who watches."""
    figures = list(_figures(size))
    for figure in figures:
        yield Result(
            promise=f"two names are not joined by {figure.how}: {figure.posts} posts each, {figure.window}",
            tried=figure.found.people,
            found=str(figure.found),
            goal="none",
            holds=None,
            part=f"{figure.how}, {figure.posts} posts, {figure.window}",
        )
    yield _helps({figure.window: figure for figure in figures if figure.how == LIVE and figure.posts == TOLD})
    if size == "full":
        FIGURES.write_text(_page(figures))


LIVE, DAYS_ONLY, STYLE = "watching live", "the days on pages", "writing style"


def _figures(size: str) -> Iterator[Figure]:
    learning, measured = PEOPLE[size]
    for posts in POSTS[size]:
        dice = random.Random(29)
        with crowds.dealt(dice), clock.held_at(crowds.START):
            lives = [_life(posts, dice) for _ in range(learning + measured)]
            for window, length in WINDOWS.items():
                seen = [[_moved(side, length) for side in life] for life in lives]
                for how, features in ((LIVE, _live(seen)), (DAYS_ONLY, _days(seen))):
                    found = _found(features, learning, len(seen), dice)
                    yield Figure(how=how, posts=posts, window=window, found=found)
        yield Figure(how=STYLE, posts=posts, window="at once", found=_by_style(posts, learning, measured))


def _found(features: list[Closeness], learning: int, number: int, dice: random.Random) -> Found:
    score = pairing.learnt(features, range(learning), dice=dice)
    return pairing.measure(score, range(learning, number), dice=dice)


# --- one life, two names ----------------------------------------------------------------------------------------
def _life(posts: int, dice: random.Random) -> list[list[float]]:
    """The moments, in days, at which one person writes in each of two groups."""
    hour, weekdays = dice.gauss(20, 3) % 24, [dice.gammavariate(4, 1) for _ in range(7)]
    keen, bad_weeks = dice.lognormvariate(0, 0.5), [dice.gammavariate(2, 1) for _ in range(DAYS // 7 + 1)]
    weights = [weekdays[day % 7] * bad_weeks[day // 7] for day in range(DAYS)]
    wanted = [max(1, round(posts * keen * dice.lognormvariate(0, 0.3))) for _ in range(2)]
    found: list[list[float]] = [[], []]
    while any(len(side) < want for side, want in zip(found, wanted, strict=True)):
        sitting = dice.choices(range(DAYS), weights)[0] + (dice.gauss(hour, 1.5) % 24) / 24
        both = dice.random() < 0.4
        for place in (0, 1) if both else (dice.randrange(2),):
            if len(found[place]) < wanted[place]:
                found[place].append(sitting + dice.uniform(0, 40) / 24 / 60)
    return found


def _moved(moments: list[float], window: dt.timedelta) -> list[float]:
    """When they appear: each a little later, by the production code."""
    if not window:
        return moments
    return [moment + (due.within(window) - clock.now()) / dt.timedelta(days=1) for moment in moments]


# --- what somebody in both groups compares ----------------------------------------------------------------------
def _live(seen: list[list[list[float]]]) -> list[Closeness]:
    hours = [[Counter(int(m * 24) % 24 for m in side) for side in life] for life in seen]
    return [
        *(_together(seen, width) for width in (1 / 48, 1 / 8, 1.0, 3.0)),
        _alike(hours),
        *_days(seen),
    ]


def _days(seen: list[list[list[float]]]) -> list[Closeness]:
    weekdays = [[Counter(int(m) % 7 for m in side) for side in life] for life in seen]
    weeks = [[Counter(int(m) // 7 for m in side) for side in life] for life in seen]
    volume = pairing.by_rank(*([float(len(life[side])) for life in seen] for side in (0, 1)))
    return [
        _together([[[float(int(m)) for m in s] for s in life] for life in seen], 1.0),
        _alike(weekdays),
        _alike(weeks),
        volume,
    ]


def _together(seen: list[list[list[float]]], width: float) -> Closeness:
    """How often two write within so many days of each other, where few others do."""
    bins = [[{int(m / width) + near for m in side for near in (0, 1)} for side in life] for life in seen]
    held = Counter(place for life in bins for side in life for place in side)
    rarity = {place: math.log(2 * len(seen) / times) for place, times in held.items()}
    sizes = [[math.sqrt(sum(rarity[place] ** 2 for place in side)) or 1.0 for side in life] for life in bins]
    shared: dict[tuple[int, int], float] = defaultdict(float)
    holders: dict[int, list[int]] = defaultdict(list)
    for other, life in enumerate(bins):
        for place in life[1]:
            holders[place].append(other)
    for one, life in enumerate(bins):
        for place in life[0]:
            for other in holders[place]:
                shared[one, other] += rarity[place] ** 2
    found = {pair: value / sizes[pair[0]][0] / sizes[pair[1]][1] for pair, value in shared.items()}
    return lambda one, other: found.get((one, other), 0.0)


def _alike(counts: list[list[Counter[int]]]) -> Closeness:
    """The overlap of two people's shares of hours, weekdays or weeks."""

    def shares(counter: Counter[int]) -> dict[int, float]:
        return {key: times / counter.total() for key, times in counter.items()}

    left, right = ([shares(life[side]) for life in counts] for side in (0, 1))
    return lambda one, other: sum(min(v, right[other].get(k, 0.0)) for k, v in left[one].items())


def _by_style(posts: int, learning: int, measured: int) -> Found:
    dice = random.Random(31)
    writers = [wording.Writer(dice) for _ in range(learning + measured)]
    texts = [["".join(one.post(topic) for _ in range(posts)) for one in writers] for topic in wording.TOPICS]
    return _found([wording.closeness(*texts)], learning, learning + measured, dice)


# --- what is said of it -----------------------------------------------------------------------------------------
def _helps(figures: dict[str, Figure]) -> Result:
    """A little later makes it harder: at the longest window at most half as many are found surely as at once."""
    first, last = figures["at once"], figures["within 3 days"]
    return Result(
        promise="a little later, within 3 days, halves what watching live tells: makes it harder, does not hide it",
        tried=first.found.people,
        found=f"{last.found.hits:.0%} surely found instead of {first.found.hits:.0%}",
        goal="at most half as many",
        holds=last.found.hits * 2 <= first.found.hits,
        part="a little later helps",
    )


def _page(figures: list[Figure]) -> str:
    lines = [
        "# What behaviour tells",
        "",
        "`make prove ONLY=behaviour` wrote this page, from made-up people who write in two groups out of one life. "
        "A little later makes it harder, does not hide it. *Guessed* is how often somebody who is in both groups, and "
        f"takes the likeliest of {figures[0].found.people} names for each, is right; blind guessing is right once in "
        f"{figures[0].found.people}. *Sure* is how many are found where one wrong in 1,000 is allowed.",
        "",
        "| by | posts under each name | appears | guessed | sure | AUC |",
        "|---|---|---|---|---|---|",
    ]
    for one in sorted(figures, key=lambda figure: figure.how):
        lines.append(
            f"| {one.how} | {one.posts} | {one.window} | {one.share:.0%} | {one.found.hits:.0%} | {one.found.auc:.2f} |"
        )
    return "\n".join(lines) + "\n"


DEFENCES = [
    Defence(
        name="a little later is drawn at random over the whole window",
        off=swapped(due, "within", lambda _window: clock.now()),
    )
]
