"""A study that one takes no part in changes nothing but its public notice, and nobody sees who takes part in one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from core import clock
from proof.harness import Defence, Result, none_found, swapped
from proof.paired_worlds import INSIDE, Town, _drawn_by, _page, _town
from research.models import Study
from research.selectors import waves

TRIALS = {"small": 20, "full": 2000}
NOTICE = {"about/"}  # where it is said, to everybody alike, that a study runs here
WATCHERS = ("bob", "lena", "mona", "lead", "muted", "ned", "olga")
Make = Callable[[], Study | None]


def prove(size: str) -> Iterator[Result]:
    """Pairs of worlds, one watcher at a time, and pages drawn by lot."""
    town = _town()
    for part, promise, worlds in (
        (
            "without one",
            "who said no, never answered or stands outside is served the same bytes as without it",
            _with,
        ),
        ("who takes part", "nobody but oneself is served anything that tells who takes part", _taking_part),
    ):
        tried = told = 0
        for trial in range(TRIALS[size]):
            dice = random.Random(trial)
            watcher, wanted = dice.choice(WATCHERS), dice.randrange(1 << 30)
            with clock.held_at(clock.now()):
                seen = [_world(town, make, watcher, wanted, part) for make in worlds(town)]
            tried, told = tried + 1, told + (seen[0] != seen[1])
        yield none_found(promise, tried=tried, found=told, part=part)


def _with(town: Town) -> tuple[Make, Make]:
    """No study; and one in which somebody else takes part and answers, and the watcher said no or nothing."""
    return lambda: None, lambda: _run(town, alice=True)


def _taking_part(town: Town) -> tuple[Make, Make]:
    return lambda: _run(town, alice=True), lambda: _run(town, alice=False)


def _run(town: Town, *, alice: bool) -> Study:
    from tests.research.consenting import open_study, say

    group = town.thread.group
    asked = {"number": 1, "week": 0, "open_days": 14, "instruments": [["heard", "1"]]}
    study = open_study(group, waves=[asked])
    say(town.cast.bob, group, study, {})
    say(town.cast.alice, group, study, None if alice else {})
    return study


def _world(town: Town, make: Make, watcher: str, wanted: int, part: str) -> list[tuple[Any, ...]]:
    """What the watcher is served in one world, which is then undone."""
    with transaction.atomic():
        with _drawn_by(1):
            study = make()
        with _drawn_by(2):
            town.say("alice", town.thread, "And then I said this.")
        base, dice = f"/g/{town.thread.group.public_id}/", random.Random(wanted)
        inside = [
            page
            for page in [*INSIDE, "leave/", "roles/", "team/"]
            if part != "without one" or page not in NOTICE
        ]
        every = ["/home/", base, f"{base}t/{town.thread.public_id}/", *(base + page for page in inside)]
        if part == "who takes part" and study is not None:
            own = f"{base}studies/{study.public_id}/"
            every += [f"{base}studies/", own, f"{own}yes/", f"{own}mine/", f"{own}questions/1/"]
        first = "/home/" if dice.random() < 0.3 else base
        seen = [_page(town, watcher, address) for address in [first, *dice.sample(every, 2)]]
        transaction.set_rollback(True)
    return seen


def _everybodys(**_: Any) -> list[Any]:
    """A card that comes to whoever is here, if somebody has questions waiting."""
    return list(waves._tasks())


DEFENCES = [
    Defence(name="questions wait for those who have them", off=swapped(waves, "waiting", _everybodys)),
]
