"""Many writers in one thread, with repeats and cut connections: no gap, no double, nothing acknowledged is lost.

Eight writers of 25 posts; with KITH_FULL=1, 20 writers of 200. Runs on a real SQLite file and on PostgreSQL.
"""

from __future__ import annotations

import random
import threading
from collections import Counter

import psycopg
import pytest
from django.db import Error, connection, connections

from chat.actions import posts as posting
from chat.actions.posts import publish_post
from chat.actions.reactions import react
from chat.enums import ReactionKind
from chat.models import Byline, GroupActivity, Post, Thread, ThreadEvent
from chat.policies import Face
from community.selectors.here import Here
from tests import rotation
from tests.chat.saying import fresh
from tests.people import Person, add, make_group, make_person, make_thread

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = (20, 200) if rotation.FULL else (8, 25)
CUT, REPEAT = 0.05, 0.2


class Cut(Exception):
    """The connection went away in the middle of a transaction."""


class Writer(threading.Thread):
    """Publishes until each of its posts is acknowledged, whatever happens on the way."""

    def __init__(self, *, here: Here, thread: Thread, seed: int) -> None:
        super().__init__()
        self.here, self.thread = here, thread
        self.dice = random.Random(seed)
        self.acknowledged: dict[str, set[tuple[str, int]]] = {}
        self.cuts = 0
        self.broken: BaseException | None = None

    def run(self) -> None:
        try:
            for _ in range(EACH):
                self.until_acknowledged(fresh())
        except BaseException as error:
            self.broken = error
        finally:
            connections.close_all()

    def until_acknowledged(self, client_id: str) -> None:
        for _ in range(50):
            try:
                self.say(client_id)
                if self.dice.random() < REPEAT:
                    self.say(client_id)
                return
            except (Error, Cut, psycopg.Error):
                self.cuts += 1
                connection.close()
        raise AssertionError("never acknowledged")

    def say(self, client_id: str) -> None:
        post, _ = publish_post(here=self.here, thread=self.thread, text="Hello", client_id=client_id)
        self.acknowledged.setdefault(client_id, set()).add((post.public_id, post.seq))


@pytest.fixture
def cutting(monkeypatch) -> None:
    """Cut the connection of one in twenty transactions, after the post is in and before it is committed."""
    dice, tell = random.Random(7), posting._tell

    def cut(**given) -> None:
        tell(**given)
        if dice.random() < CUT:
            connection.connection.close()
            raise Cut

    monkeypatch.setattr(posting, "_tell", cut)


def people_in(group, *, count: int) -> list[Person]:
    people = [make_person(name=f"writer{n}") for n in range(count)]
    for n, person in enumerate(people):
        add(person, group, handle=f"Writer {n}")
    return people


def run(writers: list[Writer]) -> None:
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=600)
    assert [writer.broken for writer in writers if writer.broken] == []


def test_no_gap_no_double_nothing_lost(cutting: None) -> None:
    group = make_group(name="busy")
    thread = make_thread(group)
    people = people_in(group, count=WRITERS)
    writers = [Writer(here=p.here(group), thread=thread, seed=n) for n, p in enumerate(people)]
    run(writers)

    assert sum(writer.cuts for writer in writers) > 0
    total = WRITERS * EACH
    kept = list(Post.objects.order_by("seq").values_list("seq", "public_id", "client_id"))
    assert [seq for seq, _, _ in kept] == list(range(1, total + 1))
    assert Thread.objects.get().last_seq == total == GroupActivity.objects.get().counter
    events = ThreadEvent.objects.order_by("seq").values_list("seq", "ref")
    assert list(events) == [(seq, public_id) for seq, public_id, _ in kept]
    assert max(Counter(client_id for _, _, client_id in kept).values()) == 1
    there = {client_id: {(public_id, seq)} for seq, public_id, client_id in kept}
    acknowledged = {key: found for writer in writers for key, found in writer.acknowledged.items()}
    assert acknowledged == there
    assert Byline.objects.count() == WRITERS


def test_one_client_id_from_many_tabs_at_once() -> None:
    group = make_group(name="tabs")
    thread = make_thread(group)
    here = people_in(group, count=1)[0].here(group)
    client_id, found = fresh(), []

    def press() -> None:
        try:
            found.append(publish_post(here=here, thread=thread, text="Once", client_id=client_id))
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=press) for _ in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(timeout=60)
    assert len({post.pk for post, _ in found}) == 1 and [new for _, new in found].count(True) == 1
    assert len(found) == 8 and Thread.objects.get().last_seq == 1 == Post.objects.count()


def test_first_reactions_at_once_are_told_once() -> None:
    group = make_group(name="warm")
    thread = make_thread(group)
    author, *people = people_in(group, count=9)
    post, _ = publish_post(here=author.here(group), thread=thread, text="Hi", client_id=fresh())

    def press(person: Person, here: Here) -> None:
        try:
            react(face=Face(here=here), post=post, kind=ReactionKind.SAME_HERE, key_of=person.keyed)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=press, args=(person, person.here(group))) for person in people]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=60)
    assert post.reactions.count() == 8
    assert list(ThreadEvent.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
