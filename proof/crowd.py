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
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from types import ModuleType, SimpleNamespace
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import Min
from django.test import Client

from accounts import keys
from accounts.actions import accounts, closing
from chat.actions import blocks, later, posts, reactions
from chat.actions.bylines import OWN, Signature
from chat.enums import Ask, PostState, ReactionKind
from chat.models import Alias, Post, Thread
from chat.policies import Face
from chat.selectors import bylines
from chat.selectors.later import keys_for
from community import avatars, fact_kinds, handles
from community.actions import disclosures, due, joining, leaving, personas
from community.enums import Audience, Visibility
from community.errors import MayNot
from community.models import DueAct, Group, Member, Persona
from community.policies import Outside
from community.selectors.disclosures import Detail
from core import clock
from core.live import log
from core.registries import closing as groups
from proof.harness import swapped
from tests.chat import saying
from tests.people import PASSPHRASE, Person, make_group, sign_in

START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
ARRIVING, LIVING = 20.0, 60.0  # days
OURS = ("accounts", "chat", "community", "config", "core", "moderation", "research")
SYLLABLES = [first + vowel + last for first in "bdfgklmnprstvz" for vowel in "aeiou" for last in "nrslt"]


@dataclass(kw_only=True)
class Someone:
    """One of the crowd. `members` is the truth that attackers look for: the row keys of their memberships."""

    person: Person
    groups: list[Group]
    members: dict[int, int] = field(default_factory=dict)  # group → member
    is_gone: bool = False

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
    member: int | None  # whose post it is, if it is a persona's


@dataclass(kw_only=True)
class Crowd:
    """The people, their groups, and all that others could see change."""

    groups: list[Group]
    people: dict[int, Someone] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    dice: random.Random
    world: int = field(default_factory=Group.objects.count)

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
behind: ContextVar[dict[int, Someone]] = ContextVar("behind")  # who is behind each member
by_itself: ContextVar[bool] = ContextVar("by_itself", default=False)


def gather(
    *,
    people: int,
    rooms: int = 2,
    life: list[tuple[Act, float]] | None = None,
    seed: int = 7,
    apart: bool = False,
    stop: float = 1000.0,
) -> Crowd:
    """Let a crowd live. `life` says how often each act is done in one membership; all are in all groups, or, with
    `apart`, each in two or three of them. After `stop` days everything stands still, with what waits still waiting."""
    dice = random.Random(seed + Group.objects.count())  # another crowd in the same database is another
    with dealt(dice), clock.held_at(START):
        made = [make_group(name=f"group{number}", visibility=Visibility.OPEN) for number in range(rooms)]
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
    behind.set({})
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
        named = START + dt.timedelta(days=ARRIVING + dice.uniform(0, 20))  # nothing of when they came
        yield named, 9, choose_name, number, group
        for order, (act, often) in enumerate(life, 10):
            for _ in range(int(often) + (dice.random() < often % 1)):
                yield (
                    named + dt.timedelta(minutes=5, days=dice.uniform(0, LIVING - 20)),
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
    if not someone.is_gone and (act in {join, choose_name} or someone.is_in(group)):
        act(crowd, someone, group)


def _sign_up(crowd: Crowd, number: int) -> Someone:
    opened = accounts.create(name=f"crowd-{crowd.world}-{number:04}", passphrase=PASSPHRASE)
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
            rows = Post.objects.filter(public_id=given["ref"])
            crowd.changes.append(
                Change(
                    moment=clock.now(),
                    group_id=given["stream"].group_id,
                    post=given["ref"],
                    kind=given["kind"],
                    by_itself=by_itself.get(),
                    member=rows.values_list("byline__persona__member", flat=True).first(),
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
    behind.get()[someone.members[group.pk]] = someone
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
        with suppress(MayNot):  # it may be one's own, under a one-thread name
            reactions.react(face=face, post=one, kind=kind, key_of=someone.person.keyed)


def edit(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Write, and change it soon after."""
    post(crowd, someone, group)
    if (one := _own(crowd, someone, group)) and one.posted_on == clock.today():
        posts.edit_post(face=saying.face(someone.person, one.thread), post=one, text=crowd.words(9))


def take_away(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Delete one's own post."""
    if one := _own(crowd, someone, group):
        posts.delete_post(face=saying.face(someone.person, one.thread), post=one)


def post_once(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Write in one of the talks under a name for this talk only."""
    thread = crowd.dice.choice(list(group.threads.order_by("public_id")))
    free = (
        one for one in handles.propose(group=group, n=9) if not bylines.is_taken(thread=thread, handle=one)
    )
    shown = next(free)  # a page offers no other either
    key = saying.alias_key(someone.person, thread)
    once = Signature(alias_key=key, as_alias=True, shown=shown)
    earlier = Alias.objects.filter(key=key).first()
    saying.send(
        someone.person,
        thread,
        crowd.words(crowd.dice.randint(3, 30)),
        client_id=crowd.client_id(),
        signature=replace(once, shown=earlier.handle) if earlier else once,
    )


def post_later(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Write something that appears a little later."""
    thread = crowd.dice.choice(list(group.threads.order_by("public_id")))
    later.publish_later(
        here=someone.person.here(group),
        thread=thread,
        text=crowd.words(9),
        client_id=crowd.client_id(),
        signature=OWN,
        keys=keys_for(key_of=someone.person.keyed, tid=thread.public_id),
        window=dt.timedelta(days=1),
    )


def show(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Show one detail: another in each group."""
    kind = crowd.dice.choice(
        [kind for kind in fact_kinds.kinds().values() if isinstance(kind, fact_kinds.Tree)]
    )
    step = crowd.dice.choice(kind.steps(crowd.dice.choice(sorted(kind.values))))
    detail = Detail(kind=kind.code, level=step.level, path=step.path, audience=Audience.GROUP)
    disclosures.show(here=someone.person.here(group), details=[detail])


def rename(crowd: Crowd, someone: Someone, group: Group) -> None:
    """Put one's name down and take another."""
    personas.stop_using_name(here=someone.person.here(group))
    choose_name(crowd, someone, group)


def hide(crowd: Crowd, someone: Someone, group: Group) -> None:
    """No longer meet somebody."""
    rows = Persona.objects.filter(group=group, is_current=True).exclude(member=someone.members[group.pk])
    if found := list(rows.order_by("public_id")):
        face = Face(here=someone.person.here(group))
        blocks.block(face=face, other=crowd.dice.choice(found))


def close_account(_: Crowd, someone: Someone, group: Group) -> None:
    """Delete one's account, and all that one wrote, in all one's groups."""
    if group != someone.groups[-1]:
        return
    person, until = someone.person, closing.undo_until()
    sign_in(person.client, person.account, person.secret, strong=False)
    groups.close(SimpleNamespace(session=person.client.session, user=person.account), start=until)
    closing.close(account=person.account, owner_tag=keys.tag_of(person.secret), until=until)
    someone.is_gone = True


def leave(_: Crowd, someone: Someone, group: Group) -> None:
    """Leave a group, where what one wrote stays."""
    leaving.leave_group(here=someone.person.here(group), key_of=someone.person.keyed)


def _own(crowd: Crowd, someone: Someone, group: Group) -> Post | None:
    rows = Post.objects.filter(byline__persona__member=someone.members[group.pk], state=PostState.SHOWN)
    found = list(rows.select_related("thread", "thread__group").order_by("public_id"))
    return crowd.dice.choice(found) if found else None


LIFE: list[tuple[Act, float]] = [
    (post, 1.7), (post_once, 0.2), (post_later, 0.2), (react, 0.3), (edit, 0.2), (take_away, 0.1), (show, 0.2),
    (rename, 0.1), (hide, 0.3), (leave, 0.03), (close_account, 0.2),
]  # fmt: skip
