"""Moderators race over the same cases while claims end, connections are cut and transactions are killed: each case is
decided once, whole, and whoever comes too late is told what happened."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db import Error, IntegrityError, connection, connections, transaction

from audit.models import AuditEntry
from chat.enums import PostState
from chat.models import Post
from community.errors import MayNot
from community.models import Standing
from core import clock
from moderation import acts, parties
from moderation.actions import claims, decisions, queue
from moderation.enums import Act, CaseState
from moderation.errors import Conflict
from moderation.models import Case, Decision, Notice, Queue, Sanction, Strike
from moderation.policies import Judge
from proof import publishing
from proof.harness import Defence, Result, constraint, none_found, swapped

SIZES = {"small": (6, 12, 1), "full": (50, 200, 10)}  # moderators, cases, rounds
CUT_EACH = 5  # of writes to the record and of changes told, just before their transaction ends
TURNS = 10  # for each case: who is not through by then is stuck
PAUSES = 2  # for each case, on average: a claim that ends before its holder comes back
STATES = {Act.HIDE: PostState.HIDDEN, Act.REMOVE: PostState.REMOVED, Act.MUTE: PostState.HIDDEN}
DECIDED = [Act.HIDE, Act.REMOVE, Act.MUTE, Act.NOTE, Act.NOTHING]


class Cut(Exception):
    """The connection went away in the middle of a transaction."""


@dataclass
class _Clock:
    """One clock for all, which goes on only when somebody lets a claim end."""

    moment: dt.datetime = field(default_factory=clock.now)

    def __call__(self) -> dt.datetime:
        return self.moment

    def let_claims_end(self) -> None:
        self.moment += claims.LEASE + dt.timedelta(minutes=1)


@dataclass
class _Race:
    """What all moderators of one round share, and what was seen."""

    clock: _Clock
    acknowledged: dict[int, list[tuple[int, Act]]] = field(default_factory=lambda: defaultdict(list))
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class _Moderator(threading.Thread):
    """Decides until nothing is left, whatever happens on the way: comes back late, presses twice, is cut off."""

    def __init__(self, race: _Race, judge: Judge, cases: list[int], *, pauses: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.race, self.judge, self.left, self.pauses = race, judge, list(cases), pauses
        self.dice, self.turns = random.Random(seed), TURNS * len(cases)

    def run(self) -> None:
        try:
            while self.left and self.turns:
                self.turns -= 1
                self.turn(self.dice.choice(self.left))
        except BaseException as error:
            self.race.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    def turn(self, pk: int) -> None:
        try:
            case = Case.objects.select_related("group").get(pk=pk)
            if case.state == CaseState.DECIDED:
                self.left.remove(pk)
            else:
                self.take(case)
        except (Error, Cut, psycopg.Error) as error:
            self.race.seen["cut" if isinstance(error, Cut) else "killed"] += 1
            connection.close()

    def take(self, case: Case) -> None:
        try:
            held = claims.claim(judge=self.judge, case=case)
        except Conflict as late:
            return self.told(late)
        if self.pauses:
            self.pauses -= 1
            self.race.clock.let_claims_end()
            if self.pauses % 2:  # takes it again, and presses the button of the old page
                self.take_again(case)
            return self.decide(held, is_late=True)
        if self.dice.random() < 0.1:
            return claims.release(judge=self.judge, case=held)
        if self.dice.random() < 0.5:
            return self.in_two_tabs(held)
        self.decide(held)
        if self.dice.random() < 0.2:
            self.decide(held, is_late=True)  # the answer never came: once more
        return None

    def in_two_tabs(self, held: Case) -> None:
        """The same press in two tabs at once."""
        tab = threading.Thread(target=self.other_tab, args=(held,), daemon=True)
        tab.start()
        try:
            self.decide(held)
        finally:
            tab.join()

    def other_tab(self, held: Case) -> None:
        try:
            self.decide(held)
        except (Error, Cut, psycopg.Error):
            self.race.seen["cut"] += 1
        finally:
            connections.close_all()

    def take_again(self, case: Case) -> None:
        with suppress(Conflict):
            claims.claim(judge=self.judge, case=case)

    def decide(self, held: Case, *, is_late: bool = False) -> None:
        from tests.moderation.judging import ruling

        assert held.lease_until is not None
        is_late = is_late or self.race.clock() >= held.lease_until
        act = self.dice.choice(DECIDED)
        try:
            decisions.decide(judge=self.judge, case=held, fence=held.fence, ruling=ruling(act))
        except Conflict as late:
            return self.told(late)
        except IntegrityError:
            return self.race.wrong.append("came too late and met an error")
        self.race.acknowledged[held.pk].append((held.fence, act))
        if is_late:
            self.race.wrong.append("a claim that had ended decided")
        return None

    def told(self, late: MayNot) -> None:
        self.race.seen["told"] += 1
        if not str(late.reason).strip():
            self.race.wrong.append("came too late and heard nothing")


# --- the proof ----------------------------------------------------------------------------------------------------
def prove(size: str) -> Iterator[Result]:
    """Rounds of a race; then whoever writes past the actions meets the database."""
    moderators, cases, rounds = SIZES[size]
    scene = _scene(moderators, rounds)
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for number in range(rounds):
        race = _race(scene, cases, seed=number)
        wrong += race.wrong + _afterwards(race)
        seen += race.seen
    yield none_found(
        f"no case is decided twice, none is lost, and who comes late is told: {moderators} moderators, {seen['told']} "
        f"came late, {seen['cut'] + seen['killed']} connections cut",
        tried=cases * rounds,
        found=len(wrong),
        part="the race",
    )
    tried, accepted = _past_the_actions()
    yield none_found(
        "the database takes no second decision", tried=tried, found=accepted, part="past the actions"
    )


def _writer(number: int) -> str:
    return f"writer{number}"


def _scene(moderators: int, rounds: int) -> Any:
    from community.enums import Role
    from tests.people import add_all, make_group, make_people, make_thread

    group = make_group(name="busy")
    team = {f"moderator{number}": True for number in range(moderators)}
    writers = dict.fromkeys(map(_writer, range(rounds)), False)  # who is silenced writes no more
    people = make_people(writers | {"reporter": False} | team)
    add_all([
        (person, group, f"Name {number}", Role.MODERATOR if name in team else Role.MEMBER)
        for number, (name, person) in enumerate(people.items())
    ])  # fmt: skip
    return SimpleNamespace(
        group=group, thread=make_thread(group), people=people, team=[people[name] for name in team]
    )


def _race(scene: Any, cases: int, *, seed: int) -> _Race:
    from tests.chat.saying import fill
    from tests.moderation.judging import judge, report

    race = _Race(clock=_Clock())
    scene.thread = scene.group.threads.create(title="A thread", ask="advice_welcome")
    fill(scene.people[_writer(seed)], scene.thread, ["You are lazy."] * cases)
    posts = list(Post.objects.filter(thread=scene.thread).select_related("thread__group").order_by("seq"))
    pks = [report(scene.people["reporter"], post).case_id for post in posts]
    pauses = max(1, PAUSES * cases // len(scene.team))
    judges = [judge(person, scene.group) for person in scene.team]
    with swapped(clock, "now", race.clock)(), _cutting():
        team = [
            _Moderator(race, one, pks, pauses=pauses, seed=seed * 1000 + nth)
            for nth, one in enumerate(judges)
        ]
        for one in team:
            one.start()
        for one in team:
            one.join(timeout=900)
        race.wrong += ["did not end"] * sum(one.is_alive() for one in team)
    race.acknowledged |= {pk: race.acknowledged[pk] for pk in pks}
    return race


@contextmanager
def _cutting() -> Iterator[None]:
    """Some transactions break off between a write and the end, half of them with their connection."""

    def cut_after(act: Callable[..., None]) -> Callable[..., None]:
        calls = itertools.count(1)

        def cut(**given: Any) -> None:
            act(**given)
            times, rest = divmod(next(calls), CUT_EACH)
            if rest == 0:
                if times % 2 == 0:
                    connection.connection.close()
                raise Cut

        return cut

    with (
        swapped(queue, "tell", cut_after(queue.tell))(),
        swapped(queue, "record", cut_after(queue.record))(),
        swapped(decisions, "close", cut_after(decisions.close))(),  # decided, and not yet on the record
    ):
        yield


def _afterwards(race: _Race) -> list[str]:
    """Each case: one decision, which is the one that was acknowledged, and all that belongs to it; nothing besides."""
    wrong = []
    for pk, acknowledged in race.acknowledged.items():
        case = Case.objects.select_related("group").get(pk=pk)
        made = list(Decision.objects.filter(case=pk).select_related("notice"))
        if case.state != CaseState.DECIDED or len(made) != 1:
            wrong.append(f"a case with {len(made)} decisions")
        elif len(acknowledged) > 1 or acknowledged[:1] not in ([], [(made[0].fence, Act(made[0].act))]):
            wrong.append("another decision than was acknowledged")
        else:
            wrong += _lacks(case, made[0])
    decided = AuditEntry.objects.filter(act__startswith="decision ").count()
    wrong += ["the record has more or less than was decided"] * (decided != Decision.objects.count())
    wrong += ["a notice without a decision"] * Notice.objects.filter(decision=None).count()
    muted = Decision.objects.filter(act=Act.MUTE).count()
    wrong += ["a limit without a decision"] * abs(Standing.objects.count() - muted)
    return wrong


def _lacks(case: Case, made: Decision) -> list[str]:
    kind = acts.KINDS[Act(made.act)]
    author = bytes.fromhex(parties.unseal(ref=case.public_id, sealed=case.sealed_author)["tag"])
    wrong = ["its claim was not the last"] * (made.fence != case.fence)
    wrong += ["no entry"] * (AuditEntry.objects.filter(ref=made.public_id).count() != 1)
    state = Post.objects.get(public_id=case.subject_id).state
    wrong += ["not carried out"] * (state != STATES.get(Act(made.act), PostState.SHOWN))
    if kind.restricts or made.act == Act.NOTE:
        key = parties.key_of(ref=made.notice.public_id, owner_tag=author) if made.notice else b""
        wrong += ["no notice"] * (made.notice is None or bytes(made.notice.key) != key)
    if kind.strikes:
        sealed = Sanction.objects.filter(decision=made).first()
        value = parties.unseal(ref=made.public_id, sealed=sealed.sealed) if sealed else {}
        wrong += ["no earlier problem"] * (not Strike.objects.filter(pk=value.get("strike", 0)).exists())
        if kind.is_on_person:
            wrong += ["no limit"] * (not Standing.objects.filter(pk=value.get("limit", 0)).exists())
    return wrong


# --- past the actions ---------------------------------------------------------------------------------------------
def _past_the_actions() -> tuple[int, int]:
    """A second row for the same claim, and a second one that holds, as a fault in the actions would write them."""
    tried = accepted = 0
    for decision in Decision.objects.filter(restricts=False)[:20]:
        for changed in ({"undone_on": clock.today()}, {"fence": decision.fence + 1}):
            again = Decision.objects.get(pk=decision.pk)
            again.pk, again.public_id, again.notice = None, uuid.uuid4().hex[:20], None
            for name, value in changed.items():
                setattr(again, name, value)
            tried += 1
            try:
                with transaction.atomic():
                    again.save(force_insert=True)
                    accepted += 1
                    transaction.set_rollback(True)
            except Error:
                continue
    return tried, accepted


# --- the defences -------------------------------------------------------------------------------------------------
def _require_without(*lacking: str) -> Any:
    """The check of a claim, without some of what it asks."""

    def require(*, judge: Judge, case: Case, fence: int) -> None:
        asked = {"holder": judge.key_in(case.public_id), "fence": fence, "lease_until__gt": clock.now()}
        kept = {name: value for name, value in asked.items() if name not in lacking}
        if not Case.objects.filter(pk=case.pk, state=CaseState.OPEN, **kept).exists():
            raise Conflict("Somebody else was first.")

    return require


def _decide_in_pieces(**given: Any) -> Decision:
    """A decision that keeps what was written before it broke off."""
    with publishing._committing_all_the_same():
        made: Decision = _decide(**given)
    return made


_decide = decisions.decide.__wrapped__  # without its transaction


def _unlocked(*, group: Any) -> Queue:
    return Queue.objects.get_or_create(group=group)[0]


def _require_slowly(**given: Any) -> None:
    _require(**given)
    time.sleep(0.01)  # enough for another to look at the same claim meanwhile


@contextmanager
def _no_lock() -> Iterator[None]:
    """On PostgreSQL alone: SQLite has one writer at a time, whatever they lock."""
    with swapped(queue, "lock", _unlocked)(), swapped(claims, "require", _require_slowly)():
        yield


_require = claims.require
NEEDS_POSTGRES = [Defence(name="the lock of the queue", off=_no_lock)]
DEFENCES = [
    Defence(name="the fence", off=swapped(claims, "require", _require_without("fence"))),
    Defence(name="the end of a claim", off=swapped(claims, "require", _require_without("lease_until__gt"))),
    Defence(
        name="what breaks off leaves nothing behind", off=swapped(decisions, "decide", _decide_in_pieces)
    ),
    constraint(Decision, "one_decision_a_claim"),
    constraint(Decision, "one_decision_holds"),
]
