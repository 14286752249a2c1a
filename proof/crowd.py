"""A seeded crowd: people with two or three memberships each, who live through Kith's own acts.

How people behave is drawn anew for each membership, so that nothing they do themselves joins one to another: what
an attacker finds in a crowd, Kith has added. Only one thing is done in one sitting, as in life: signing up and
joining.
"""

from __future__ import annotations

import datetime as dt
import random
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import Min
from django.test import Client

from accounts.actions import accounts
from chat.actions import posts, reactions
from chat.enums import Ask, PostState, ReactionKind
from chat.models import Post, Thread
from community import avatars, handles
from community.actions import due, joining, leaving, personas
from community.enums import Visibility
from community.models import DueAct, Group, Member
from community.policies import Outside
from core import clock
from core.live import log
from proof.harness import swapped
from tests.chat import saying
from tests.people import PASSPHRASE, Person, make_group, sign_in

START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
ARRIVING, LIVING = 20.0, 60.0  # days
ERASE = "crowd erase"
OURS = ("accounts", "chat", "community", "config", "core", "moderation", "research")
SYLLABLES = [first + vowel + last for first in "bdfgklmnprstvz" for vowel in "aeiou" for last in "nrslt"]


@dataclass(kw_only=True)
class Someone:
    """One of the crowd. `members` is the truth that attackers look for: the row keys of their memberships."""

    person: Person
    groups: list[Group]
    members: dict[int, int] = field(default_factory=dict)  # group → member

    def is_in(self, group: Group) -> bool:
        """Whether they are in a group now."""
        return Member.objects.filter(owner_tag=self.person.tag(group)).exists()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A post that others in a group could see change. `by_itself`: its owner was not there."""

    moment: dt.datetime
    group_id: int
    post: str  # public id
    kind: str
    by_itself: bool


@dataclass(kw_only=True)
class Crowd:
    """The people, their groups, and all that others could see change."""

    groups: list[Group]
    people: dict[int, Someone] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    dice: random.Random
    world: int = field(default_factory=Group.objects.count)

    def __post_init__(self) -> None:
        due.register(ERASE, lambda payload: posts.erase_posts_of(owner_tag=bytes.fromhex(payload["tag"])))

    def both(self, first: Group, second: Group) -> list[Someone]:
        """The people who are, or were, in two groups."""
        return [one for one in self.people.values() if {first.pk, second.pk} <= one.members.keys()]

    def words(self, number: int) -> str:
        """A text that says nothing, and nothing of its writer."""
        return " ".join("".join(self.dice.choices(SYLLABLES, k=2)) for _ in range(number))

    def client_id(self) -> str:
        """A client id, as a browser draws it."""
        number = f"{self.dice.getrandbits(122) | 4 << 76:032x}"
        return "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:]))


Act = Callable[[Crowd, Someone, Group], None]
who: ContextVar[Someone] = ContextVar("who")  # acts now: for attackers whom Kith would help
by_itself: ContextVar[bool] = ContextVar("by_itself", default=False)


def gather(
    *,
    people: int,
    groups: int = 2,
    life: list[tuple[Act, float]] | None = None,
    seed: int = 7,
    apart: bool = False,
    stop: float = 1000.0,
) -> Crowd:
    """Let a crowd live. `life` says how often each act is done in one membership; all are in all groups, or, with
    `apart`, each in two or three of them. After `stop` days everything stands still, with what waits still waiting."""
    dice = random.Random(seed + Group.objects.count())  # another crowd in the same database is another
    with dealt(dice), clock.held_at(START):
        made = [make_group(name=f"group{number}", visibility=Visibility.OPEN) for number in range(groups)]
        crowd = Crowd(groups=made, dice=dice)
        for group in made:
            Thread.objects.bulk_create(
                Thread(group=group, title=crowd.words(3), ask=Ask.ADVICE_WELCOME) for _ in range(5)
            )
    plan: list[tuple[dt.datetime, int, Act | None, int, Group | None]] = []
    for number in range(people):
        chosen = dice.sample(made, dice.choice([2, 3])) if apart else made
        plan += _life_of(crowd, number, chosen, LIFE if life is None else life)
    end = START + dt.timedelta(days=min(stop, ARRIVING + LIVING + 30))
    with dealt(dice), _watched(crowd):
        for moment, _, act, number, where in sorted(plan, key=lambda step: step[:2]):
            if moment < end:
                do_due(until=moment)
                with clock.held_at(moment):
                    _live(crowd, act, number, where)
        do_due(until=end)
    return crowd


def _life_of(
    crowd: Crowd, number: int, groups: list[Group], life: list[tuple[Act, float]]
) -> Iterator[tuple[dt.datetime, int, Act | None, int, Group | None]]:
    """One person's plan: a sitting in which they sign up and join, then each membership by itself."""
    dice = crowd.dice
    sitting = START + dt.timedelta(days=dice.uniform(0, ARRIVING))
    yield sitting, 0, None, number, None
    for place, group in enumerate(dice.sample(groups, len(groups)), 1):
        yield sitting + dt.timedelta(minutes=place * dice.uniform(1, 3)), place, join, number, group
        named = sitting + dt.timedelta(hours=1, days=dice.uniform(0, 20))
        yield named, 9, choose_name, number, group
        for order, (act, often) in enumerate(life, 10):
            for _ in range(int(often) + (dice.random() < often % 1)):
                yield (
                    named + dt.timedelta(minutes=5, days=dice.uniform(0, LIVING - 21)),
                    order,
                    act,
                    number,
                    group,
                )


def _live(crowd: Crowd, act: Act | None, number: int, group: Group | None) -> None:
    if act is None or group is None:
        crowd.people[number] = _sign_up(crowd, number)
        return
    someone = crowd.people[number]
    who.set(someone)
    if act in {join, choose_name} or someone.is_in(group):
        act(crowd, someone, group)


def _sign_up(crowd: Crowd, number: int) -> Someone:
    opened = accounts.create(name=f"crowd-{crowd.world}-{number}", passphrase=PASSPHRASE)
    person = Person(account=opened.account, secret=opened.secret, client=Client())
    if number % 10 == 0:
        TOTP.activate(person.account, generate_totp_secret())
    sign_in(person.client, person.account, person.secret, strong=number % 10 == 0)
    return Someone(person=person, groups=[])


def do_due(*, until: dt.datetime) -> None:
    """Do what falls due, each act at its moment."""
    token = by_itself.set(True)
    while moment := DueAct.objects.filter(due_at__lte=until).aggregate(first=Min("due_at"))["first"]:
        with clock.held_at(moment):
            due.do_due()
    by_itself.reset(token)


@contextmanager
def _watched(crowd: Crowd) -> Iterator[None]:
    """Write down when others could see something change in a talk."""
    append = log.append

    def write_down(**given: Any) -> Any:
        if isinstance(given["stream"], Thread):
            crowd.changes.append(
                Change(
                    moment=clock.now(),
                    group_id=given["stream"].group_id,
                    post=given["ref"],
                    kind=given["kind"],
                    by_itself=by_itself.get(),
                )
            )
        return append(**given)

    with swapped(log, "append", write_down)():
        yield


@contextmanager
def dealt(dice: random.Random) -> Iterator[None]:
    """Let all that Kith draws at random come from seeded dice, so that a proof finds the same each time."""
    stand_in = SimpleNamespace(
        randbits=dice.getrandbits,
        token_bytes=dice.randbytes,
        choice=dice.choice,
        randbelow=dice.randrange,
        SystemRandom=lambda: dice,
    )
    with ExitStack() as stack:
        for module in _that_draw():
            stack.enter_context(swapped(module, "secrets", stand_in)())
        yield


def _that_draw() -> list[ModuleType]:
    ours = [module for name, module in sorted(sys.modules.items()) if name.partition(".")[0] in OURS]
    return [module for module in ours if getattr(module, "secrets", None) is secrets]


# --- what people do ---------------------------------------------------------------------------------------------
def join(_: Crowd, someone: Someone, group: Group) -> None:
    """Join an open group."""
    tag = someone.person.tag(group)
    joining.join(place=Outside(group=group, signed_in=True), owner_tag=tag, version=1)
    someone.members[group.pk] = someone.person.member(group).pk
    someone.groups.append(group)


def choose_name(_: Crowd, someone: Someone, group: Group) -> None:
    """Take one of the names and pictures on offer."""
    [handle], [tile] = handles.propose(group=group, n=1), avatars.propose(n=1)
    personas.create_persona(here=someone.person.here(group), handle=handle, avatar=tile.choice)


def post(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Write in one of the talks."""
    thread = crowd.dice.choice(list(group.threads.order_by("public_id")))
    saying.send(someone.person, thread, crowd.words(crowd.dice.randint(3, 30)), client_id=crowd.client_id())


def react(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Say a kind thing to somebody's post."""
    rows = Post.objects.filter(thread__group=group, state=PostState.SHOWN).order_by("public_id")
    found = rows.select_related("thread", "thread__group").exclude(
        byline__persona__member=someone.members[group.pk]
    )
    if found:
        one = crowd.dice.choice(list(found))
        kind = crowd.dice.choice(list(ReactionKind))
        face = saying.face(someone.person, one.thread)
        reactions.react(face=face, post=one, kind=kind, key_of=someone.person.keyed)


def edit(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Change one's own post."""
    if one := _own(crowd, someone, group):
        posts.edit_post(face=saying.face(someone.person, one.thread), post=one, text=crowd.words(9))


def take_away(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Delete one's own post."""
    if one := _own(crowd, someone, group):
        posts.delete_post(face=saying.face(someone.person, one.thread), post=one)


def erase_everywhere(_: Crowd, someone: Someone, group: Group) -> None:
    """Have all one's posts erased in all of one's groups, as deleting an account does."""
    if group != someone.groups[-1]:
        return
    moments = due.apart(groups=len(someone.groups), start=clock.now() + due.APART)
    for one, moment in zip(someone.groups, moments, strict=True):
        key, payload = (
            someone.person.keyed("due", f"{ERASE}|{one.public_id}"),
            {"tag": someone.person.tag(one).hex()},
        )
        due.later(key=key, act=ERASE, payload=payload, due_at=moment)


def leave(_: Crowd, someone: Someone, group: Group) -> None:
    """Leave a group, where what one wrote stays."""
    leaving.leave_group(here=someone.person.here(group))


def _own(crowd: Crowd, someone: Someone, group: Group) -> Post | None:
    rows = Post.objects.filter(byline__persona__member=someone.members[group.pk], state=PostState.SHOWN)
    found = list(rows.select_related("thread", "thread__group").order_by("public_id"))
    return crowd.dice.choice(found) if found else None


LIFE: list[tuple[Act, float]] = [(post, 1.7), (react, 0.5), (edit, 0.3), (take_away, 0.2), (leave, 0.03)]
LIFE += [(erase_everywhere, 0.3)]
