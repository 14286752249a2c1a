"""A study in harbour that may read one-thread names: ten who said yes and write so, and ten others who write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from audit.actions import append
from chat.models import Post, Thread
from community.enums import Role
from core import clock
from research.actions import once
from research.enums import Item, StudyState
from research.models import OnceName, Study
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import Cast, Person, add_all, make_people, make_thread
from tests.research.consenting import say
from tests.research.filing import ONE_ROUND, TEAM, Filing
from tests.research.questions import asking
from tests.research.watchers import works_on

TEN = 10
SPAN, RUNS, FIRST, LAST = 60, 10, 17, 50  # days: since it opened; nobody new, the first that is read, the end
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

    def writes(self, who: Person, text: str = "Nobody here knows me.", thread: Thread | None = None) -> Post:
        """Under a one-thread name, as their browser sends it."""
        talk = thread or self.thread
        key = alias_key(who, talk)
        sign_as_alias(who, talk, handle=f"Veiled {who.account.username[:8]}")
        post = send(who, talk, text, key_for_alias=key)
        once.note(who.here(talk.group), talk.public_id, who.keyed)
        return post

    def rows(self) -> int:
        return OnceName.objects.filter(study=self.study).count()


def naming(cast: Cast, *, yes: int = TEN, others: int = TEN, closes: bool = True, **more: Any) -> Naming:
    """Who says yes does so on the first day; everybody writes on the twentieth."""
    names = {f"y{nth:02}": False for nth in range(yes)} | {f"o{nth:02}": False for nth in range(others)}
    people = make_people({**dict.fromkeys(TEAM, True), **names})
    letters = "abcdefghjkmnopqrstuvwxyz"  # no two that look alike
    add_all(
        [
            (people[name], cast.harbour, f"Mild Harbour {letters[nth]}", Role.MEMBER)
            for nth, name in enumerate(names)
        ]
    )
    start = clock.now() - dt.timedelta(days=SPAN)
    with clock.held_at(start):
        study = asking(cast.harbour, rounds=list(ONE_ROUND), **more)
        for name, role in TEAM.items():
            works_on(people[name], study, role=role)
        for name in names:
            if name.startswith("y"):
                say(people[name], cast.harbour, study, YES)
    those = [people[name] for name in names if name.startswith("y")]
    rest = [people[name] for name in names if name.startswith("o")]
    found = Naming(
        cast=cast, study=study, people=people, yes=those, others=rest, thread=make_thread(cast.harbour)
    )
    with found.on(RUNS):
        runs(study)
    with found.on(20):
        for who in [*those, *rest]:
            send(who, found.thread, "Good evening.")
        for who in [*those, *rest]:
            found.writes(who)
    if closes:
        with found.on(LAST):
            ends(study)
    return found


def runs(study: Study) -> None:
    """Nobody new comes in from today on."""
    Study.objects.filter(pk=study.pk).update(state=StudyState.RUNNING)
    append(scope=study.public_id, act="nobody new", actor_role="study lead", payload={})


def ends(study: Study) -> None:
    """The study is over today."""
    Study.objects.filter(pk=study.pk).update(state=StudyState.CLOSED, closed_on=clock.today())
    study.refresh_from_db()
