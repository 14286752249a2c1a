"""A study in harbour that may read one-thread names: ten who said yes and write so, and ten others who write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client

from accounts.models import Account
from audit.actions import append
from chat.models import Byline, Post, Thread
from community.enums import Role
from community.models import Group, Persona
from core import clock, ids
from research import sealed
from research.actions import once
from research.enums import Answer, Item, StudyState
from research.models import ConsentDocument, ConsentEvent, OnceName, Participant, Study
from research.selectors import once as reading
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import Cast, Person, add_all, make_people, make_thread
from tests.research.consenting import say
from tests.research.filing import ONE_ROUND, TEAM, Filing
from tests.research.questions import asking
from tests.research.watchers import works_on
from tests.scenes import same

TEN = 10
SPAN, RUNS, FIRST, LAST = 60, 10, 17, 50  # days: since it opened; nobody new, the first that is read, the end
LETTERS = "abcdefghjkmnopqrstuvwxyz"  # no two that look alike
UNKNOWN = "A line under another name."  # and nothing that automatic help would put on the team's list
YES = {Item.SURVEYS: True, Item.POSTS: True, Item.ALIAS_POSTS: True}


@dataclass
class Naming(Filing):
    """The study on a day on which it is over."""

    yes: Sequence[Person]
    others: Sequence[Person]
    thread: Thread

    @contextmanager
    def on(self, day: int) -> Iterator[None]:
        """So many days after it opened."""
        with clock.held_at(clock.now() + dt.timedelta(days=day - SPAN)):
            yield

    def writes(self, who: Person, text: str = UNKNOWN, thread: Thread | None = None) -> Post:
        """Under a one-thread name, as their browser sends it."""
        talk = thread or self.thread
        key = alias_key(who, talk)
        sign_as_alias(who, talk, handle=self.veil(who))
        post = send(who, talk, text, key_for_alias=key)
        once.note(who.here(talk.group), talk.public_id, who.keyed)
        return post

    def veil(self, who: Person) -> str:
        """What somebody's one-thread names are called."""
        return f"Veiled {who.secret.hex()[:8]}"

    def rows(self) -> int:
        return OnceName.objects.filter(study=self.study).count()


@same
def naming(cast: Cast, *, yes: int = TEN, others: int = TEN, closes: bool = True, **more: Any) -> Naming:
    """Who says yes does so on the first day; everybody writes on the twentieth. Two of each do it as people do, the
    rest as their rows would be."""
    signed_in = make_people({**dict.fromkeys(TEAM, True), **dict.fromkeys(("y0", "y1", "o0", "o1"), False)})
    every = {
        side: [signed_in.get(f"{side}{nth}") or _somebody() for nth in range(size)]
        for side, size in (("y", yes), ("o", others))
    }
    places = [(who, cast.harbour) for some in every.values() for who in some]
    add_all(
        [(who, group, f"Mild Harbour {LETTERS[nth]}", Role.MEMBER) for nth, (who, group) in enumerate(places)]
    )
    with clock.held_at(clock.now() - dt.timedelta(days=SPAN)):
        study = asking(cast.harbour, rounds=list(ONE_ROUND), **more)
        for name, role in TEAM.items():
            works_on(signed_in[name], study, role=role)
        for who in every["y"][:2]:
            say(who, cast.harbour, study, YES)
        _say_yes(study, cast.harbour, every["y"][2:])
    found = Naming(
        cast=cast, study=study, people=signed_in, yes=every["y"], others=every["o"], thread=make_thread(cast.harbour)
    )  # fmt: skip
    with found.on(RUNS):
        runs(study)
    with found.on(20):
        for who in [*found.yes[:2], *found.others[:2]]:
            send(who, found.thread, "Good evening.")
            found.writes(who)
        _write(found)
    if closes:
        with found.on(LAST):
            ends(study)
    return found


def _somebody() -> Person:
    """With S, and without a browser."""
    return Person(account=Account(username=""), secret=ids.new_secret(), client=Client())


def _say_yes(study: Study, group: Group, people: Sequence[Person]) -> None:
    document = ConsentDocument.objects.get(study=study)
    for who in people:
        key = who.keyed("participant", f"{study.public_id}|{group.public_id}")
        Participant.objects.create(
            study=study, group=group, key=key, pid=ids.new_public_id(), since=clock.today()
        )
        ConsentEvent.objects.create(
            study=study, key=key, nth=1, item=Item.ALIAS_POSTS, answer=Answer.GIVEN, document=document,
            on_day=clock.today(),
        )  # fmt: skip


def _write(found: Naming) -> None:
    """What the rest wrote: under their name, and under a one-thread name, which is noted of who said yes."""
    thread, group, posts = found.thread, found.cast.harbour, list[Post]()
    seq = Post.objects.filter(thread=thread).count()
    for who in [*found.yes[2:], *found.others[2:]]:
        persona = Persona.objects.get(member__owner_tag=who.tag(group))
        named = Byline.objects.create(thread=thread, persona=persona)
        for byline in (named, sign_as_alias(who, thread, handle=found.veil(who))):
            seq += 1
            posts.append(Post(thread=thread, byline=byline, seq=seq, text=UNKNOWN, html=""))
    Post.objects.bulk_create(posts)
    Thread.objects.filter(pk=thread.pk).update(last_seq=seq)
    for who in found.yes[2:]:
        key = who.keyed(reading.KIND, reading.ref(sid=found.sid, tid=thread.public_id))
        kept = sealed.seal(
            study=found.study, value=alias_key(who, thread) + b"\x01", place=reading.place_of(key)
        )
        OnceName.objects.create(study=found.study, group=group, key=key, sealed=kept)


@transaction.atomic
def runs(study: Study) -> None:
    """Nobody new comes in from today on."""
    Study.objects.filter(pk=study.pk).update(state=StudyState.RUNNING)
    append(scope=study.public_id, act="nobody new", actor_role="study lead", payload={})


def ends(study: Study) -> None:
    """The study is over today."""
    Study.objects.filter(pk=study.pk).update(state=StudyState.CLOSED, closed_on=clock.today())
    study.refresh_from_db()
