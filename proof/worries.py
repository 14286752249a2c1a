"""A worry is never silent: while those who help drop out, hours end, mail fails and the worker dies in the middle,
every worry is answered, or its person and the whole team can see at any moment that it is not.

What ought to be is written down beside what happens, from the hours and acts alone, and compared after each step.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core import mail as outbox
from django.test import override_settings

from community import duty_addresses
from community.models import OffDuty, Shift
from core import clock
from moderation.actions import alerts, automatic, claims, decisions, worries
from moderation.enums import Act, CaseState, Later, Reason
from moderation.errors import Conflict
from moderation.models import Case, DutyMail, Notice
from moderation.presenters import team as rows
from moderation.presenters import worries as cards
from moderation.selectors import cases
from moderation.selectors import worries as reading
from proof.harness import Defence, Result, none_found, swapped

SIZES = {"small": 20, "full": 500}
AT_ONCE = 4  # worries that go on at one time
STEPS = 4  # with each of them
MAIL = {
    "KITH_MAIL_HOST": "mail.example",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "DEFAULT_FROM_EMAIL": "site@site.example",
}
HOURS = {"mona": (18, 22), "lead": (20, 24)}  # when they are on duty, every day
START = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
SAID = "I want to kill myself"


@dataclass
class _Worry:
    """One worry as it ought to stand."""

    author: str
    way: str
    case: Case
    judge: str = ""  # who took it
    until: dt.datetime | None = None  # when that ends
    is_answered: bool = False
    was_written_to: bool = False
    again_at: dt.datetime | None = None
    is_closed: bool = False


class _World:
    def __init__(self, seed: int) -> None:
        from tests.people import make_cast, make_thread

        self.cast, self.chance, self.now = make_cast(), random.Random(seed), START
        self.group, self.thread = self.cast.harbour, make_thread(self.cast.harbour)
        self.off = dict[str, dt.datetime]()
        self.mail_is_up, self.wrong, self.checks = True, 0, 0
        for name, (starts, ends) in HOURS.items():
            member = self.cast.people[name].member(self.group)
            for day in range(7):
                Shift.objects.create(
                    group=self.group,
                    member=member,
                    weekday=day,
                    starts=dt.time(starts),
                    ends=dt.time(ends % 24),
                )
            duty_addresses.keep(member=member, address=f"{name}@mail.example")

    # --- what happens ----------------------------------------------------------------------------------------
    def raise_one(self, number: int) -> _Worry:
        author = ("alice", "bob", "lena", "barred")[number % AT_ONCE]
        ways = {
            "alice": self._says,
            "bob": self._is_reported,
            "lena": self._calls,
            "barred": self._calls_from_outside,
        }
        case = ways[author](author, number)
        return _Worry(author=author, way=author, case=case)

    def _says(self, author: str, number: int) -> Case:
        from tests.chat.saying import send

        post = send(self.cast.people[author], self.thread, f"{SAID} {number}")
        return Case.objects.filter(subject_id=post.public_id).first() or Case(group=self.group, pk=0)

    def _is_reported(self, author: str, number: int) -> Case:
        from tests.chat.saying import send
        from tests.moderation.judging import report

        post = send(self.cast.people[author], self.thread, f"The rain has not stopped, {number}")
        return report(self.cast.alice, post, reason=Reason.WORRIED).case

    def _calls(self, author: str, _: int) -> Case:
        return worries.ask_for_help(here=self.cast.people[author].here(self.group), words="")

    def _calls_from_outside(self, author: str, _: int) -> Case:
        tag = self.cast.people[author].tag(self.group)
        return worries.ask_from_outside(group=self.group, owner_tag=tag, words="Please")

    def step(self, one: _Worry) -> None:
        """Something happens to it, or to those who help."""
        does = [
            self._takes, self._takes, self._writes, self._drops_out, self._hours_pass, self._goes_off,
            self._comes_later, self._mail_fails, self._closes,
        ]  # fmt: skip
        self.chance.choice(does)(one)

    def _judge(self, name: str) -> Any:
        from tests.moderation.judging import judge

        return judge(self.cast.people[name], self.group)

    def _takes(self, one: _Worry) -> None:
        name = self.chance.choice(list(HOURS))
        with suppress(Conflict):
            one.case = claims.claim(judge=self._judge(name), case=self._as_it_is(one))
            one.judge, one.until = name, self.now + claims.LEASE

    def _writes(self, one: _Worry) -> None:
        if not self._is_held(one):
            self._takes(one)
        if self._is_held(one):
            case = self._as_it_is(one)
            worries.write(judge=self._judge(one.judge), case=case, fence=case.fence, words="How are you now?")
            one.is_answered = one.was_written_to = True

    def _drops_out(self, one: _Worry) -> None:
        """They took it, and are never seen again."""
        self._takes(one)
        self.now += claims.LEASE + dt.timedelta(minutes=1)

    def _hours_pass(self, _: _Worry) -> None:
        self.now += dt.timedelta(minutes=self.chance.randint(30, 600))

    def _goes_off(self, _: _Worry) -> None:
        name = self.chance.choice(list(HOURS))
        self.off[name] = self.now + dt.timedelta(hours=5)
        member = self.cast.people[name].member(self.group)
        OffDuty.objects.update_or_create(member=member, defaults={"until": self.off[name]})

    def _comes_later(self, one: _Worry) -> None:
        if self._is_held(one):
            case = self._as_it_is(one)
            worries.look_again(judge=self._judge(one.judge), case=case, fence=case.fence, later=Later.HOURS)
            hour = self.now.replace(minute=0, second=0, microsecond=0)
            one.again_at, one.until = hour + dt.timedelta(hours=3), None

    def _mail_fails(self, _: _Worry) -> None:
        self.mail_is_up = not self.mail_is_up

    def _closes(self, one: _Worry) -> None:
        if one.is_answered and self._is_held(one):
            self.close(one)

    def close(self, one: _Worry) -> None:
        if not self._is_held(one):
            self.now += claims.LEASE + dt.timedelta(minutes=1)
            self._takes(one)
        case = self._as_it_is(one)
        ruling = decisions.Ruling(act=Act.NOTHING)
        decisions.decide(judge=self._judge(one.judge), case=case, fence=case.fence, ruling=ruling)
        one.is_closed = True

    def work(self) -> None:
        """What is due; sometimes the worker dies in the middle of it, and another one begins again."""
        if self.chance.random() < 0.3:
            dies = swapped(DutyMail.objects, "create", _dies)
            with dies(), suppress(_Died):
                self._work()
        self._work()

    def _work(self) -> None:
        worries.wake()
        sends = swapped(alerts, "_send", alerts._send if self.mail_is_up else lambda _: False)
        with sends():
            alerts.tell_those_on_duty()

    # --- what ought to be ------------------------------------------------------------------------------------
    def _as_it_is(self, one: _Worry) -> Case:
        return cases.with_parties(pk=one.case.pk)

    def _is_held(self, one: _Worry) -> bool:
        return one.until is not None and one.until > self.now

    def _on_duty(self) -> set[str]:
        hour = self.now.astimezone(ZoneInfo(self.group.time_zone)).hour

        def is_here(name: str) -> bool:
            return HOURS[name][0] <= hour < HOURS[name][1] and self.off.get(name, START) <= self.now

        return {name for name in HOURS if is_here(name)}

    def wakes(self, one: _Worry) -> None:
        """It waits again, once its time has come and nobody holds it."""
        if one.again_at is not None and one.again_at <= self.now and not self._is_held(one):
            one.again_at, one.is_answered = None, False

    def check(self, one: _Worry) -> None:
        """Whether its person and the team see how it stands."""
        if one.is_closed:
            return
        self.checks += 1
        self.wrong += not (
            self._is_seen_by_its_person(one) and self._is_seen_by_the_team(one) and self._is_mailed(one)
        )

    def _is_seen_by_its_person(self, one: _Worry) -> bool:
        tag = self.cast.people[one.author].tag(self.group)
        standing = reading.standing(group=self.group, owner_tag=tag)
        if standing is None:
            return False
        card = cards.card(group=self.group, standing=standing)
        return (
            _says(card.state) == (one.was_written_to, one.is_answered)
            and standing.is_held == self._is_held(one)
            and card.strip.somebody_here == bool(self._on_duty())
            and (one.is_answered or "do not wait for us" in card.then)
        )

    def _is_seen_by_the_team(self, one: _Worry) -> bool:
        for name in [self.chance.choice(list(HOURS))]:
            judge = self._judge(name)
            found = next((case for case in cases.waiting(judge=judge) if case.pk == one.case.pk), None)
            if found is None:
                return False
            row = rows.row(found, is_mine=cases.holds(judge, found), has_earlier=False, week=[])
            if (not row.is_unanswered, row.is_answered) != (one.was_written_to, one.is_answered):
                return False
            if bool(row.holder) != self._is_held(one):
                return False
        return True

    def _is_mailed(self, one: _Worry) -> bool:
        """Whoever is on duty and could do something has a mail about it, once mail goes out again."""
        waits = not one.is_answered and not self._is_held(one) and one.again_at is None
        if not waits or not self.mail_is_up:
            return True
        had = set(DutyMail.objects.filter(worry__case=one.case.pk).values_list("member", flat=True))
        return all(self.cast.people[name].member(self.group).pk in had for name in self._on_duty())


def _says(state: str) -> tuple[bool, bool]:
    """What a card says: whether the team wrote at all, and whether that is where it stands."""
    wrote = "The team wrote to you." in state
    return wrote, wrote and "again" not in state


class _Died(Exception):
    """The worker was killed."""


def _dies(**_: Any) -> None:
    raise _Died


def prove(size: str) -> Iterator[Result]:
    """Some worries at a time, a step with one of them after another."""
    world, many = _World(seed=16), SIZES[size]
    lost = 0
    with override_settings(**MAIL):
        for number in range(0, many, AT_ONCE):
            lost += _some(world, number)
            outbox.outbox.clear()
    yield none_found(
        "no worry is silent: moments at which it was", tried=world.checks, found=world.wrong, part="moments"
    )
    yield none_found("no worry is forgotten", tried=many, found=lost, part="worries")


def _some(world: _World, number: int) -> int:
    """As many worries as go on at one time, until people close them. Returns how many nobody could find at the end."""
    with clock.held_at(world.now):
        raised = [world.raise_one(number + nth) for nth in range(AT_ONCE)]
    going = [one for one in raised if one.case.pk]  # the others never waited anywhere
    _written_to_and_left(world, going[0])
    for _ in range(STEPS * AT_ONCE):
        one = world.chance.choice([one for one in going if not one.is_closed] or going)
        if one.is_closed:
            break
        with clock.held_at(world.now):
            world.step(one)
        world.now += dt.timedelta(minutes=1)
        with clock.held_at(world.now):
            world.work()
            for each in going:
                world.wakes(each)
            world.check(one)
            world.check(world.chance.choice(going))
    there = {case.pk for case in Case.objects.filter(group=world.group, state=CaseState.OPEN)}
    lost = [one for one in going if not one.is_closed and one.case.pk not in there]
    for one in going:
        if not one.is_closed and one not in lost:
            with clock.held_at(world.now):
                world.close(one)
            with clock.held_at(world.now):
                world.work()
    Notice.objects.all().delete()
    return len(lost) + len(raised) - len(going)


def _written_to_and_left(world: _World, one: _Worry) -> None:
    """What chance might leave out: the team wrote, meant to come back, and its time has come."""
    with clock.held_at(world.now):
        world._writes(one)
        world._comes_later(one)
    world.now += dt.timedelta(hours=4)
    with clock.held_at(world.now):
        world.work()
        world.wakes(one)
        world.check(one)


DEFENCES = [
    Defence(
        name="a claim ends by itself", off=swapped(cases, "is_held", lambda case: case.holder is not None)
    ),
    Defence(name="what was let go waits again", off=swapped(worries, "wake", lambda: None)),
    Defence(name="whoever comes on duty is told", off=swapped(alerts, "_to_tell", lambda _: [])),
    Defence(
        name="words of worry are on the list with the message",
        off=swapped(automatic, "flag", lambda **_: None),
    ),
    Defence(
        name="a person finds their own worry", off=swapped(reading, "_is_about", lambda _case, _key_of: False)
    ),
]
