"""Files of a study: what must be in none is in none; the same comes out the same; who left is in none that is fetched;
and a member of the group who holds one cannot tell whose answers are whose messages, nor find people by known days."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from chat.models import Alias, Post
from community.errors import MayNot, NotHere
from community.models import Persona
from core import clock
from proof import fewer, tied, totals
from proof.harness import Defence, Result, none_found, swapped
from research.actions import departing, exports
from research.enums import Item, Part, Scope
from research.files import describing, flow, gather, pipeline, team, texts
from research.models import Source
from research.release import verify, verify_counts
from research.release.scrub import Scrubbed
from research.selectors import usable

HISTORIES = {"small": 2, "full": 40}
PEOPLE, DAYS = 5, 57
LOT = dt.timedelta(days=7)  # what is said about messages holds from a day by lot
ITEMS = [Item.SURVEYS, Item.ACTIVITY, Item.POSTS, Item.ALIAS_POSTS]


@dataclass
class _Found:
    files: int = 0
    looked: int = 0
    hits: int = 0
    differ: int = 0
    gone: int = 0
    there: int = 0
    without: int = 0
    unasked: int = 0


def prove(size: str) -> Iterator[Result]:
    """Random histories that end in a file, and one large study that an insider attacks."""
    from tests.people import make_cast

    cast, dice, found = make_cast(), random.Random(29), _Found()
    for turn in range(HISTORIES[size]):
        _history(cast, turn, dice, found)
    yield none_found("no name, one-thread name, sign-in name, key or public id of anybody is in a byte of a file",
                     tried=found.looked, found=found.hits, part="canaries")  # fmt: skip
    yield none_found("the same recipe over the same rows makes the same bytes",
                     tried=found.files, found=found.differ, part="bytes")  # fmt: skip
    yield none_found("whoever left and wants nothing used before a file was fetched is not in it",
                     tried=found.gone, found=found.there, part="leaving")  # fmt: skip
    yield none_found("no message is in a file without its writer's yes on its day",
                     tried=found.without, found=found.unasked, part="consent")  # fmt: skip
    yield from tied.attacks(size)
    yield from fewer.attacks(size, cast)
    yield from totals.attacks(size)


# --- random histories -----------------------------------------------------------------------------------------------
@dataclass
class _Life:
    who: Any
    posts: list[Post] = field(default_factory=list)
    has_left: bool = False
    pids: set[str] = field(default_factory=set)
    said: list[tuple[dt.date, bool]] = field(default_factory=list)

    def may_be_there(self, day: dt.date) -> bool:
        """The reference: the last word before the lot can reach is not no, and there is a yes."""
        before = [is_yes for on, is_yes in self.said if on <= day - LOT]
        return any(is_yes for on, is_yes in self.said if on <= day) and (not before or before[-1] or any(
            is_yes for on, is_yes in self.said if day - LOT < on <= day))  # fmt: skip


def _history(cast: Any, turn: int, dice: random.Random, found: _Found) -> None:
    from tests.people import add, make_people, make_thread
    from tests.research.filing import LATER, TEAM, Filing, answered
    from tests.research.questions import asking, crowd
    from tests.research.watchers import works_on

    names = [f"p{turn}-{nth}" for nth in range(PEOPLE)]
    people = make_people(dict.fromkeys([*names, *(f"{name}-{turn}" for name in TEAM)], True))
    start, rounds = (
        clock.now() - LATER,
        [{"number": 1, "week": 0, "open_days": 14, "instruments": [["brought", "1"]]}],
    )
    with clock.held_at(start):
        study = asking(cast.harbour, rounds=rounds)
        for name, role in TEAM.items():
            works_on(people[f"{name}-{turn}"], study, role=role)
        answered(crowd(study, cast.harbour, size=5), instrument="brought", items=("same", "ask"))
        for nth, name in enumerate(names):
            add(people[name], cast.harbour, handle=f"Canary Feather {turn} {nth}")
    lives, thread = [_Life(people[name]) for name in names], make_thread(cast.harbour)
    filing = Filing(cast=cast, study=study, people={name: people[f"{name}-{turn}"] for name in TEAM})
    for day in sorted(dice.sample(range(DAYS), 12)):
        with clock.held_at(start + dt.timedelta(days=day)):
            for life in lives:
                _live(filing, thread, life, lives, dice)
    _leave_with_a_file(filing, lives, dice, found)


def _live(filing: Any, thread: Any, life: _Life, lives: list[_Life], dice: random.Random) -> None:
    from tests.chat.saying import alias_key, send, sign_as_alias
    from tests.research.consenting import say

    group, study = filing.cast.harbour, filing.study
    if dice.random() < 0.3 and not life.has_left:
        with suppress(MayNot):
            chosen = {item: dice.random() < 0.75 for item in ITEMS}
            say(life.who, group, study, chosen)
            life.said.append((clock.today(), chosen[Item.POSTS]))
    elif dice.random() < 0.07:
        _leave(filing, life, dice)
    elif dice.random() < 0.3:
        if not Alias.objects.filter(key=alias_key(life.who, thread)).exists():
            handle = f"Hidden Lantern {life.who.account.username[:6]}"
            sign_as_alias(life.who, thread, handle=handle)
        send(life.who, thread, f"Hidden words {dice.random()}", key_for_alias=alias_key(life.who, thread))
    else:
        life.posts.append(send(life.who, thread, _words(lives, dice)))


def _words(lives: list[_Life], dice: random.Random) -> str:
    """Something with a name of somebody else in it, or words of theirs."""
    names = [*Persona.objects.filter(handle__startswith="Canary").values_list("handle", flat=True),
             *Alias.objects.filter(handle__startswith="Hidden").values_list("handle", flat=True)]  # fmt: skip
    own = f"Today {dice.randint(10, 99)} birds sat there."
    other = dice.choice(lives).posts
    quoted = f"\n\n> {dice.choice(other).text}\n\nso it is" if other and dice.random() < 0.4 else ""
    return (
        f"{own} {dice.choice(names).upper() if dice.random() < 0.5 else dice.choice(names)} saw it.{quoted}"
    )


def _leave(filing: Any, life: _Life, dice: random.Random) -> None:
    group, scope = filing.cast.harbour, dice.choice(list(Scope))
    pids = set(
        Source.objects.filter(member=life.who.member(group), study=filing.study).values_list("pid", flat=True)
    )
    with suppress(NotHere):
        departing.leave(group=group, sid=filing.sid, scope=scope, key_of=life.who.keyed)
        life.has_left = True
        life.pids |= pids if scope != Scope.STOP else set()


def _leave_with_a_file(filing: Any, lives: list[_Life], dice: random.Random, found: _Found) -> None:
    """Ask, read, have it checked and let go, with people who leave in between; then look into what is fetched."""
    desk, second = filing.desk(), filing.desk("remy")
    for _try in range(4):
        with suppress(MayNot, NotHere):
            export = filing.ask(messages=True, activity=True)
            filing.read_all(export)
            exports.check(desk=desk, fid=export.public_id)
            if dice.random() < 0.4:
                _leave(filing, dice.choice(lives), dice)
            exports.decide(desk=second, fid=export.public_id, is_yes=True)
            if dice.random() < 0.4:
                _leave(filing, dice.choice(lives), dice)
            first = exports.fetch(desk=desk, fid=export.public_id)
            if first is not None:
                found.files += 1
                found.differ += first != exports.fetch(desk=desk, fid=export.public_id)
                _look(filing, lives, first, found)


def _look(filing: Any, lives: list[_Life], data: bytes, found: _Found) -> None:
    from tests.research.filing import opened, rows_of

    files = opened(data)
    held = b"\n".join(files.values()).lower()
    for word in _canaries(filing, lives):
        found.looked += 1
        found.hits += word.lower().encode() in held
    for life in lives:
        for pid in life.pids:
            found.gone += 1
            found.there += pid.lower().encode() in held
    posts = {post.public_id: (life, post) for life in lives for post in life.posts}
    by_words = {
        row.text: posts[row.said.mid] for row in pipeline.to_read(_last(filing)) if row.said.mid in posts
    }
    for row in rows_of(files, "messages"):
        life, post = by_words[row["words"]]
        found.without += 1
        found.unasked += not life.may_be_there(post.posted_on)


def _last(filing: Any) -> Any:
    return filing.study.exports.filter(fetched_on__isnull=False).order_by("-asked_on", "id").last()


def _canaries(filing: Any, lives: list[_Life]) -> Iterator[str]:
    """What must be nowhere: names, sign-in names, keys in hexadecimal digits, and public ids."""
    group = filing.cast.harbour
    for life in lives:
        member = life.who.member(group)
        yield life.who.account.username
        yield bytes(member.owner_tag).hex()
        yield life.who.keyed("participant", f"{filing.sid}|{group.public_id}").hex()
        yield from member.personas.values_list("handle", flat=True)
        yield from member.personas.values_list("public_id", flat=True)
        yield from (post.public_id for post in life.posts)
    yield from Alias.objects.filter(thread__group=group).values_list("handle", flat=True)
    yield from (filing.sid, group.public_id)


# --- without a defence ----------------------------------------------------------------------------------------------
def _as_it_is(text: str, **_: Any) -> Scrubbed:
    """A text from which nothing is taken."""
    return Scrubbed(text, [])


def _nothing(*_: Any) -> None:
    """Whatever stands there."""


@contextmanager
def _names_stay() -> Iterator[None]:
    """Names are neither taken out nor looked for: each of the two alone is enough."""
    with ExitStack() as both:
        offs: list[AbstractContextManager[None]] = [
            swapped(texts, "scrub", _as_it_is)(), swapped(verify, "_identifiers", _nothing)(),
        ]  # fmt: skip
        for off in offs:
            both.enter_context(off)
        yield


def _everybody(recipe: Any) -> dt.date:
    """Whoever came."""
    until: dt.date = recipe.until
    return until


def _drawn(_seed: str) -> random.Random:
    return random.SystemRandom()


@contextmanager
def _no_floor() -> Iterator[None]:
    """Neither when a file is asked for nor when it is made."""
    with swapped(exports, "FLOOR", 1)(), swapped(pipeline, "FLOOR", 1)():
        yield


DEFENCES = [
    Defence(name="names are taken out, and looked for", off=_names_stay),
    Defence(name="nothing of who wants nothing used", off=swapped(
        usable, "USED", [Part.IN, Part.STOPPED, Part.EXCLUDED])),
    Defence(name="made-up rows are the same each time", off=swapped(describing, "dice_of", _drawn)),
    Defence(name="who came later is left out", off=swapped(gather, "latest_start", _everybody)),
    Defence(name="who stopped has answers or messages", off=swapped(gather, "_has_both", lambda _: True)),
    Defence(name="weeks, not days", off=swapped(gather, "time_of", lambda day: day)),
    Defence(name="no group of few beside answers", off=swapped(team, "FLOOR", 1)),
    Defence(name="no answers of fewer than five", off=_no_floor),
    Defence(name="no count of fewer than five beside answers", off=swapped(flow, "_told", lambda count: count)),
    Defence(name="a hidden count has to lie on a circle", off=swapped(
        verify_counts, "_is_on_a_circle", lambda *_: True)),
]  # fmt: skip
