"""Nothing leaves a study without a yes to it: people say yes and no and take it back, what is promised changes, and
days go by; a reference of a few lines says what may be used. Who leaves with everything is in nothing that is kept, and
no count that the team reads tells that day that somebody left."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection

from community.errors import NotHere
from core import clock
from proof.harness import Defence, Result, none_found, swapped
from research.actions import departing, documents
from research.enums import Answer, Item, Part, Scope
from research.models import ConsentEvent, Participant, Recall, Response, Source, Study, Wave, WaveTask
from research.protocols import NEGATIVE
from research.selectors import consent, sheets, usable

HISTORIES = {"small": 8, "full": 400}
DAYS = 30
NUMBERS = itertools.count(1)


@dataclass
class _Life:
    """One person in one study, as the reference knows them: their answers to the item by day, and what they gave."""

    who: Any
    yes: list[tuple[dt.date, bool]] = field(default_factory=list)
    made: list[tuple[dt.date, int]] = field(default_factory=list)
    is_out: bool = False
    has_left: bool = False

    def allowed(self) -> set[int]:
        """The reference: on its day, the last answer was yes, and they did not ask that nothing be used."""
        said = {value: [is_yes for day, is_yes in self.yes if day <= made_on] for made_on, value in self.made}
        return set() if self.is_out else {value for value, before in said.items() if before and before[-1]}


@dataclass
class _Found:
    tried: int = 0
    wrong: int = 0
    gone: int = 0
    left_over: int = 0
    left: int = 0
    told: int = 0
    days: int = 0
    fell: int = 0


def prove(size: str) -> Iterator[Result]:
    """Random histories; after each, everything that may be used is held against the reference."""
    from tests.people import make_cast

    cast, dice, found = make_cast(), random.Random(61), _Found()
    for _turn in range(HISTORIES[size]):
        _history(cast, dice, found)
    yield none_found(
        "no answer leaves without a yes to it on its day, under what was promised then, and none is lost",
        tried=found.tried, found=found.wrong, part="consent",
    )  # fmt: skip
    yield none_found(
        "after stop and delete, no row holds a key or a number of who left, but for what is to come out of files",
        tried=found.gone, found=found.left_over, part="leaving",
    )  # fmt: skip
    yield none_found(
        "the team's counts, to the unit, are the same just before somebody leaves and just after",
        tried=found.left, found=found.told, part="counts",
    )  # fmt: skip
    yield none_found(
        "how many told of bad moments never falls, whoever leaves and has all deleted",
        tried=found.days, found=found.fell, part="harm",
    )  # fmt: skip


def _history(cast: Any, dice: random.Random, found: _Found) -> None:
    from tests.research.consenting import open_study, settings

    study, start = open_study(cast.harbour), clock.now()
    wave = Wave.objects.create(study=study, number=1, week=0, open_days=DAYS, instruments=[])
    lives = [_Life(who) for who in (cast.alice, cast.bob, cast.lena, cast.mona)]
    most = 0
    for day in range(DAYS):
        with clock.held_at(start + dt.timedelta(days=day)):
            told = _counted(study).told
            found.days, found.fell, most = found.days + 1, found.fell + (told < most), max(told, most)
            for life in lives:
                _day((cast.harbour, study, wave), life, dice, found)
            if dice.random() < 0.1:
                matters = dice.random() < 0.6
                study.refresh_from_db()
                more = settings(cast.harbour, why=f"Because of day {day}.")
                documents.publish(study=study, settings=more, is_material=matters)
                for life in lives if matters else []:
                    life.yes.append((clock.today(), False))
    used = {one.row.value for one in usable.answers(study=study) if isinstance(one.row, usable.Given)}
    found.tried += sum(len(life.made) for life in lives)
    found.wrong += len(used ^ {value for life in lives for value in life.allowed()})
    _empty()


def _day(place: tuple[Any, Any, Wave], life: _Life, dice: random.Random, found: _Found) -> None:
    """What one person does on one day: perhaps say something, perhaps leave, perhaps answer."""
    from tests.research.consenting import part, say

    group, study, wave = place
    turn = dice.random()
    if turn < 0.2 and not life.has_left:
        chosen = {item: dice.random() < 0.6 for item in (Item.SURVEYS, Item.POSTS)}
        say(life.who, group, study, chosen)
        life.yes.append((clock.today(), chosen[Item.SURVEYS]))
    elif turn < 0.24 and life.yes:
        _leave(group, study, life, dice.choice(list(Scope)), found)
    elif turn > 0.4:
        participant = part(life.who, group, study).participant
        if participant is not None and participant.part != Part.REFUSED:
            _give(participant, wave, life)


def _give(participant: Participant, wave: Wave, life: _Life) -> None:
    """An answer, past every question of whether it may be given: what leaves is asked apart."""
    until = clock.today() + dt.timedelta(days=DAYS)
    task, _new = WaveTask.objects.get_or_create(
        participant=participant, wave=wave, defaults={"opens_on": clock.today(), "closes_on": until}
    )
    value = next(NUMBERS) % 2**15
    Response.objects.create(
        task=task,
        instrument=NEGATIVE,
        item=f"q{value}",
        value=value,
        study_day=(clock.today() - participant.since).days,
    )
    life.made.append((clock.today(), value))


def _leave(group: Any, study: Any, life: _Life, scope: Scope, found: _Found) -> None:
    from tests.research.consenting import part

    own = part(life.who, group, study)
    before = _counted(study)
    traces = [(bytes(row.key), row.pid) for row in (own.participant, own.source) if row is not None]
    with suppress(NotHere):
        departing.leave(group=group, sid=study.public_id, scope=scope, key_of=life.who.keyed)
        life.has_left, life.is_out = True, life.is_out or scope == Scope.EXCLUDE
        life.yes.append((clock.today(), False))
    found.left, found.told = found.left + 1, found.told + (_counted(study) != before)
    if scope == Scope.DELETE:
        life.yes, life.made, life.is_out, life.has_left = [], [], False, False
        found.gone += len(traces)
        found.left_over += sum(_holds(key, pid) for key, pid in traces)


def _counted(study: Any) -> sheets.Sheet:
    """What the duty would count now."""
    return sheets.take(Study.objects.get(pk=study.pk))


def _holds(key: bytes, pid: str) -> bool:
    """Whether any column of research holds a key or a number, in any form, beside the list of what to take out."""
    for model in apps.get_app_config("research").get_models():
        if model is Recall:
            continue
        for row in model._default_manager.values():
            if model is Source and row["part"] == Part.GONE:
                row.pop("pid")  # until its day by lot, when it comes up among what to take out
            for value in row.values():
                held = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                if key in held or key.hex().encode() in held or pid.encode() in held:
                    return True
    return False


def _empty() -> None:
    """The next history begins with nobody in the study."""
    with connection.constraint_checks_disabled():
        for model in (Response, WaveTask, Participant, Source, Wave, ConsentEvent):
            model._default_manager.all().delete()


def _any_time(**given: Any) -> bool:
    """Whoever said yes once said yes."""
    return any(event.item == given["item"] and event.answer == Answer.GIVEN for event in given["events"])


def _whatever_was_promised(**given: Any) -> bool:
    """A yes to what was promised once covers what is promised now."""
    last = [
        event for event in given["events"] if event.item == given["item"] and event.on_day <= given["on_day"]
    ]
    given_or_asked = {Answer.GIVEN, Answer.SUPERSEDED}
    return bool(last) and last[-1].answer in given_or_asked


DEFENCES = [
    Defence(
        name="a yes holds from its day until it is taken back", off=swapped(consent, "covers", _any_time)
    ),
    Defence(
        name="a change that matters is asked again", off=swapped(consent, "covers", _whatever_was_promised)
    ),
    Defence(name="what nobody may use is left out", off=swapped(usable, "USED", [*Part])),
    Defence(
        name="leaving takes every row along", off=swapped(departing, "_take_away", lambda row: row.delete())
    ),
    Defence(
        name="counts hold who left until their day", off=swapped(departing, "_hold", lambda *_, **_on: None)
    ),
    Defence(name="harm that was told of stays told", off=swapped(departing, "_keep_told", lambda _: None)),
]
