"""A study that one takes no part in changes nothing but its public notice, and nobody sees who takes part in one, nor
what is said in its room, nor who says it, nor whose one-thread names it may read."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction

from chat import presenters
from chat.actions.bylines import OWN, Signature
from chat.models import Post
from community import handles
from core import clock
from proof.harness import Defence, Result, none_found, swapped
from proof.paired_worlds import INSIDE, Town, _drawn_by, _page, _town
from research.actions import once, rooms
from research.enums import Answer, Item
from research.models import ConsentDocument, ConsentEvent, OnceName, Room, Study
from research.selectors import once as reading_once
from research.selectors import rooms as reading
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
    """No study; and one in which somebody else takes part, answers and writes in its room, and the watcher said no or
    nothing."""
    return lambda: None, lambda: _run(town, alice=True)


def _taking_part(town: Town) -> tuple[Make, Make]:
    return lambda: _run(town, alice=True), lambda: _run(town, alice=False)


def _run(town: Town, *, alice: bool) -> Study:
    from tests.research.consenting import open_study, say

    group = town.thread.group
    asked = {"number": 1, "week": 0, "open_days": 14, "instruments": [["heard", "1"]]}
    study = open_study(group, waves=[asked], field_notes=True, rooms=True)
    room = Room.objects.create(host=study.hosts.get())
    say(town.cast.bob, group, study, {})
    say(town.cast.alice, group, study, None if alice else {})
    if alice:
        _talks_in(room, town.cast.alice, study.public_id)
    _reads_once(town, alice=alice)
    return study


def _reads_once(town: Town, *, alice: bool) -> None:
    """An older study, that reads one-thread names by now: of ten others, and of hers if she said yes."""
    from tests.research.consenting import open_study, say
    from tests.research.naming import runs
    from tests.research.questions import crowd

    group = town.thread.group
    with clock.held_at(clock.now() - dt.timedelta(days=20)), _drawn_by(3):
        study = open_study(group)
        document = ConsentDocument.objects.get(study=study)
        given = {
            "study": study,
            "nth": 2,
            "item": Item.ALIAS_POSTS,
            "answer": Answer.GIVEN,
            "document": document,
        }
        for one in crowd(study, group, size=reading_once.ENOUGH):
            ConsentEvent.objects.create(key=one.key, on_day=clock.today(), **given)
        say(town.cast.alice, group, study, {Item.ALIAS_POSTS: alice})
    with clock.held_at(clock.now() - dt.timedelta(days=10)), _drawn_by(4):
        runs(study)


def _talks_in(room: Room, who: Any, sid: str) -> None:
    """Under their name, and under one for the room alone."""
    where = {"here": who.here(room.host.group), "sid": sid, "key_of": who.keyed}
    rooms.come_in(**where)
    key = who.keyed(reading.ALIAS, room.public_id)
    rooms.say(**where, text="In here I say more.", signature=OWN)
    once = Signature(alias_key=key, as_alias=True, shown=handles.propose(group=room.host.group, n=1)[0])
    rooms.say(**where, text="And this.", signature=once)


def _world(town: Town, make: Make, watcher: str, wanted: int, part: str) -> list[tuple[Any, ...]]:
    """What the watcher is served in one world, which is then undone."""
    with transaction.atomic():
        with _drawn_by(1):
            study = make()
        with _drawn_by(2):
            town.say("alice", town.thread, "And then I said this.")
            town.say_as_alias("alice", "And this nobody knows of me.")
            alice = town.cast.alice
            once.note(alice.here(town.thread.group), town.thread.public_id, alice.keyed)
        room: list[str] = []
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
            room = [f"{own}room/"]
        first = "/home/" if dice.random() < 0.3 else base
        seen = [_page(town, watcher, address) for address in [first, *dice.sample(every, 2), *room]]
        transaction.set_rollback(True)
    return seen


def _everybodys(**_: Any) -> waves.Waiting:
    """A card that comes to whoever is here, if somebody has questions waiting."""
    return waves.Waiting(tasks=list(waves._tasks()))


def _for_all(**given: Any) -> Any:
    """A room that opens to whoever is here."""
    room = Room.objects.select_related("host__study", "host__group").get(host__group=given["here"].group)
    return replace(reading._inside(given["here"], room, given["key_of"], is_researcher=False), came_in=True)


def _noted(post: Post) -> list[str]:
    """A mark on what is signed with a one-thread name that a study may read."""
    return _marks(post) + ["noted"] * bool(post.byline.alias_id and OnceName.objects.exists())


_marks = presenters._marks
DEFENCES = [
    Defence(
        name="a name that a study may read looks like any other", off=swapped(presenters, "_marks", _noted)
    ),
    Defence(name="a room is open to those who take part", off=swapped(reading, "find", _for_all)),
    Defence(name="questions wait for those who have them", off=swapped(waves, "waiting", _everybodys)),
]
