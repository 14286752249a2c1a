"""Rounds of questions: over lines that break off, two tabs and clocks that jump, no answer is missed and none is there
twice; none is taken outside its days or after somebody said that they are done."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import Error, connections, transaction

from community.errors import MayNot
from core import clock
from proof.harness import Defence, Result, constraint, none_found, swapped
from research.actions import waves as actions
from research.enums import Missing, Opening, TaskState
from research.models import Participant, Response, Study, WaveTask
from research.policies import rounds
from research.selectors import waves as selectors

PEOPLE = {"small": 20, "full": 10_000}
TABS = {"small": 6, "full": 300}  # people with two tabs that press at the same moment
WEEKS, OPEN_DAYS = (0, 4, 8, 12, 16, 20), 7
SET, PAGES = "outcomes6", ((0, 4), (4, 6))
ITEMS = ("informed", "confident", "accepting", "hopeful", "esteem", "acting")
PRESSES = 3  # in each round, on average


class Cut(Exception):
    """The line broke off in the middle of a request."""


@dataclass
class _Scene:
    """A study with people in it, one member's place in the group, and what went wrong."""

    study: Study
    here: Any
    people: list[Participant]
    began: dt.date
    wrong: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)

    def where(self, one: Participant, number: int) -> dict[str, Any]:
        key = bytes(one.key)
        return {
            "here": self.here, "sid": self.study.public_id, "number": number, "key_of": lambda _kind, _ref: key,
        }  # fmt: skip


# --- the proof ----------------------------------------------------------------------------------------------------
def prove(size: str) -> Iterator[Result]:
    """Made-up people go through their rounds in an order by lot; then the database is read."""
    scene = _scene(PEOPLE[size])
    try:
        yield from _results(scene, TABS[size])
    finally:
        Response.objects.all().delete()
        WaveTask.objects.all().delete()


def _results(scene: _Scene, tabs: int) -> Iterator[Result]:
    dice = random.Random(18)
    lives = {
        (one.pk, nth): _Life(
            scene=scene, one=one, number=nth, dice=dice, opens=scene.began + dt.timedelta(weeks=week)
        )
        for one in scene.people
        for nth, week in enumerate(WEEKS, start=1)
    }
    for life in lives.values():
        life.live()
    _read_back(scene, lives)
    told = ", ".join(f"{count} {what}" for what, count in sorted(scene.seen.items()))
    yield none_found(
        f"no answer of {len(scene.people)} people in {len(WEEKS)} rounds is missed, doubled or taken too late: {told}",
        tried=len(lives),
        found=sum(scene.wrong.values()),
        part="the rounds",
    )
    tried, found = _in_two_tabs(scene, tabs)
    yield none_found(
        "two tabs that press at once leave what one after the other would",
        tried=tried,
        found=found,
        part="two tabs",
    )
    tried, found = _past_the_actions()
    yield none_found(
        "the database takes no second answer and no second round", tried=tried, found=found,
        part="past the actions",
    )  # fmt: skip


def _scene(size: int) -> _Scene:
    from tests.people import make_cast
    from tests.research.questions import asking, crowd

    cast = make_cast()
    plan = [
        {"number": nth, "week": week, "open_days": OPEN_DAYS, "instruments": [[SET, "1"]]}
        for nth, week in enumerate(WEEKS, start=1)
    ]
    study = asking(cast.harbour, rounds=plan)
    people = crowd(study, cast.harbour, size=size)
    for one in people:  # the answer to "yes" never came: once more
        actions.begin(participant=one, on=clock.today())
    return _Scene(study=study, here=cast.alice.here(cast.harbour), people=people, began=clock.today())


@dataclass(kw_only=True)
class _Life:
    """One round of one person, and what they know of it: what was acknowledged. Skipped is None."""

    scene: _Scene
    one: Participant
    number: int
    opens: dt.date
    dice: random.Random
    given: dict[str, int | None] = field(default_factory=dict)
    settled: str = ""

    def live(self) -> None:
        """Presses on days by lot, forward and back, in and out of its time."""
        for _ in range(self.dice.randrange(1, 2 * PRESSES)):
            day = self.opens + dt.timedelta(days=self.dice.choice([-30, -1, 0, 0, 2, 3, 5, 6, 6, 7, 40]))
            hour = dt.time(self.dice.randrange(24), self.dice.randrange(60))
            with clock.held_at(dt.datetime.combine(day, hour, dt.UTC)):
                self.press(is_open=self.opens <= day < self.opens + dt.timedelta(days=OPEN_DAYS))

    def press(self, *, is_open: bool) -> None:
        """One of the buttons, or a line that breaks off."""
        takes, lot = is_open and not self.settled, self.dice.random()
        if lot < 0.6:
            page, given = self.page()
            for _ in range(self.dice.choice([1, 1, 2])):  # once more: the first answer never came
                if self.went_through(takes, lambda: actions.save(**self.where, page=page, given=given)):
                    self.given |= given
        elif lot < 0.8:
            self.break_off()
        elif lot < 0.95:
            if self.went_through(
                takes or self.settled == Opening.DONE, lambda: actions.finish(**self.where)
            ) and (takes or not self.settled):
                self.given = dict.fromkeys(ITEMS, int(Missing.NOT_SHOWN)) | self.given
                self.settled = Opening.DONE
        elif self.went_through(
            takes or self.settled == Opening.DECLINED, lambda: actions.decline(**self.where)
        ):
            self.settled = Opening.DECLINED

    def went_through(self, is_right: bool, act: Callable[[], None]) -> bool:
        """Whether it was taken; it has to be exactly when it is right."""
        try:
            act()
        except MayNot:
            self.scene.seen["told that it is not open"] += 1
            self.scene.wrong["refused in its time"] += is_right
            return False
        except Error:
            self.scene.wrong["an error"] += 1
            return False
        self.scene.seen["taken"] += 1
        self.scene.wrong["taken out of its time"] += not is_right
        return True

    def break_off(self) -> None:
        """The line breaks off once the answers are written, before the end."""
        page, given = self.page()
        is_page = self.dice.random() < 0.7
        with swapped(actions, "_mark", _cut)():
            try:
                if is_page:
                    actions.save(**self.where, page=page, given=given)
                else:
                    actions.finish(**self.where)
            except (Cut, MayNot, Error):
                self.scene.seen["lines broke off"] += 1
        rows = Response.objects.filter(task__participant=self.one, task__wave__number=self.number)
        left = {row.item: _as_known(row.value, row.missing) for row in rows}
        self.scene.wrong["something was left of what broke off"] += left != self.given

    @property
    def where(self) -> dict[str, Any]:
        return self.scene.where(self.one, self.number)

    def page(self) -> tuple[int, dict[str, int | None]]:
        """A page by lot, and answers to it."""
        page = self.dice.randrange(len(PAGES))
        return page, {item: self.dice.choice([None, 0, 1, 2, 3, 4]) for item in ITEMS[slice(*PAGES[page])]}


def _cut(*_given: Any, **_more: Any) -> None:
    raise Cut


def _as_known(value: int | None, missing: int | None) -> int | None:
    return None if missing == Missing.REFUSED else missing if value is None else value


def _read_back(scene: _Scene, lives: dict[tuple[int, int], _Life]) -> None:
    """All that is stored against all that was acknowledged."""
    tasks = Counter(WaveTask.objects.values_list("participant", "wave__number"))
    scene.wrong["a round that is missed or doubled"] += sum(tasks[at] != 1 for at in lives)
    settled = {TaskState.DONE: Opening.DONE, TaskState.DECLINED: Opening.DECLINED}
    for pk, number, state in WaveTask.objects.values_list("participant", "wave__number", "state"):
        scene.wrong["settled otherwise"] += settled.get(TaskState(state), "") != lives[pk, number].settled
    stored: dict[tuple[int, int], list[tuple[str, int | None]]] = {at: [] for at in lives}
    names = ("task__participant", "task__wave__number", "item", "value", "missing")
    for pk, number, item, value, missing in Response.objects.values_list(*names).iterator():
        stored[pk, number].append((item, _as_known(value, missing)))
    for at, rows in stored.items():
        known = list(lives[at].given.items())
        scene.wrong["an answer missed, doubled or changed"] += sorted(rows, key=str) != sorted(known, key=str)


# --- two tabs -----------------------------------------------------------------------------------------------------
def _in_two_tabs(scene: _Scene, many: int) -> tuple[int, int]:
    """The same page from two tabs at one moment, each with answers of its own; or a page and "I am done"."""
    from tests.research.questions import crowd

    people = crowd(scene.study, scene.here.group, size=many)
    return len(people), sum(not _races(scene, one, ends=bool(nth % 2)) for nth, one in enumerate(people))


def _races(scene: _Scene, one: Participant, *, ends: bool) -> bool:
    """Whether all is as if one had pressed after the other."""
    where, page, took = scene.where(one, 1), ITEMS[: PAGES[0][1]], list[int]()
    presses = {
        value: partial(actions.save, **where, page=0, given=dict.fromkeys(page, value)) for value in (1, 3)
    }
    if ends:
        presses[3] = partial(actions.finish, **where)
    tabs = [threading.Thread(target=_press, args=(press, took, value)) for value, press in presses.items()]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(timeout=60)
    rows = Response.objects.filter(task__participant=one).values_list("item", "value", "missing")
    found = {item: _as_known(value, missing) for item, value, missing in rows}
    if not ends:
        whole = [dict.fromkeys(page, value) for value in presses]
        return sorted(took) == [1, 3] and len(rows) == len(page) and found in whole
    kept = dict.fromkeys(page, 1) if 1 in took else {}
    state = WaveTask.objects.get(participant=one, wave__number=1).state
    is_all = found == dict.fromkeys(ITEMS, int(Missing.NOT_SHOWN)) | kept
    return 3 in took and state == TaskState.DONE and is_all and len(rows) == len(ITEMS)


def _press(press: Callable[[], None], took: list[int], value: int) -> None:
    try:
        with suppress(Error, MayNot):
            press()
            took.append(value)
    finally:
        connections.close_all()


# --- past the actions ---------------------------------------------------------------------------------------------
def _past_the_actions() -> tuple[int, int]:
    """A second answer and a second round, as a fault in the actions would write them."""
    rows: list[Any] = [*Response.objects.order_by("id")[:20], *WaveTask.objects.order_by("id")[:20]]
    accepted = 0
    for row in rows:
        row.pk = row._meta.pk.get_default()
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                accepted += 1
                transaction.set_rollback(True)
        except Error:
            continue
    return len(rows), accepted


# --- the defences -------------------------------------------------------------------------------------------------
def _opening(*, without_days: bool = False, without_end: bool = False) -> Any:
    """The rule, without its days, or for rounds that are settled too."""
    real = rounds.opening

    def opening(*, task: WaveTask, **given: Any) -> Opening:
        found = real(task=task, **given)
        if without_days and found in {Opening.NOT_YET, Opening.OVER}:
            return Opening.OPEN
        return Opening.OPEN if without_end and found in {Opening.DONE, Opening.DECLINED} else found

    return opening


@contextmanager
def _in_pieces() -> Iterator[None]:
    """What was written stays, though the rest breaks off."""
    with (
        swapped(actions, "save", actions.save.__wrapped__)(),  # type: ignore[attr-defined]
        swapped(actions, "finish", actions.finish.__wrapped__)(),  # type: ignore[attr-defined]
    ):
        yield


@contextmanager
def _no_lock() -> Iterator[None]:
    """On PostgreSQL alone: SQLite has one writer at a time, whatever they lock."""
    real, both = selectors.find, threading.Barrier(2)

    def find(*, lock: bool = False, **given: Any) -> Any:
        found = real(**given)
        if lock and threading.current_thread() is not threading.main_thread():
            with suppress(threading.BrokenBarrierError):  # neither goes on before both have looked
                both.wait(timeout=5)
        return found

    with swapped(selectors, "find", find)():
        yield


NEEDS_POSTGRES = [Defence(name="the lock of a part", off=_no_lock)]
DEFENCES = [
    Defence(name="what breaks off leaves nothing behind", off=_in_pieces),
    Defence(name="a round has its days", off=swapped(rounds, "opening", _opening(without_days=True))),
    Defence(name="what is done stays as it is", off=swapped(rounds, "opening", _opening(without_end=True))),
    constraint(Response, "answer_once"),
    constraint(WaveTask, "task_once"),
]
