"""A talk or a group that has grown costs its readers no more: a list counts up to a hundred messages, and then says
that there are more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Byline, Post, ReadMark, Thread
from chat.selectors import hidden, threads
from chat.selectors.threads import COUNTED
from community.models import Member
from core import ids
from tests import rotation
from tests.chat.hiding import block, mute
from tests.chat.saying import fill, send
from tests.chat.test_budgets import crowd
from tests.chat.test_pages import at, page
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
MANY = 20_000 if rotation.FULL else 4_000
LARGE = {"chat_post", "community_member"}


def work(person: Person, url: str) -> int:
    """What the database does for a page: SQLite's steps in tens, or the rows of LARGE that PostgreSQL looks at."""
    assert person.client.get(url).status_code == 200  # the first look may remember how far somebody has read
    if connection.vendor == "sqlite":
        ticks: list[None] = []
        connection.connection.set_progress_handler(lambda: ticks.append(None), 10)
        try:
            person.client.get(url)
        finally:
            connection.connection.set_progress_handler(None, 0)
        return len(ticks)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked:
        person.client.get(url)
        found = [one["sql"] for one in asked.captured_queries if "SELECT" in one["sql"]]
    total = 0
    for sql in found:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            (plan,) = cursor.fetchone()
        total += looked_at(json.loads(plan)[0]["Plan"] if isinstance(plan, str) else plan[0]["Plan"])
    return total


def looked_at(plan: dict[str, Any]) -> int:
    """How many messages and members a plan takes up, those that it then leaves out among them."""
    here = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    own = int(here * plan["Actual Loops"]) if plan.get("Relation Name") in LARGE else 0
    return own + sum(looked_at(one) for one in plan.get("Plans", []))


def grow(thread: Thread, writers: list[Byline], *, to: int) -> None:
    """So many more messages at once, by these in turn."""
    last = thread.posts.order_by("-seq")[0].seq
    Post.objects.bulk_create(
        Post(thread=thread, byline=writers[seq % len(writers)], seq=seq, text="x", html="<p>x</p>")
        for seq in range(last + 1, to + 1)
    )
    Thread.objects.filter(pk=thread.pk).update(last_seq=to)


@pytest.mark.parametrize("hides", [False, True])
@pytest.mark.parametrize("name", ["group", "inbox", "home", "thread"])
def test_a_page_costs_the_same_beside_a_talk_that_has_grown(cast: Cast, name: str, hides: bool) -> None:
    thread = make_thread(cast.harbour)
    if hides:
        mute(cast.bob, send(cast.mona, thread))
    send(cast.bob, thread)
    writers = [Byline(thread=thread, persona=one) for one in crowd(cast.harbour, size=50)]
    Byline.objects.bulk_create(writers)
    ReadMark.objects.filter(key=cast.bob.keyed("read", thread.public_id)).delete()
    ReadMark.objects.create(key=cast.bob.keyed("read", thread.public_id), seq=1)
    url = {
        "group": at("group", cast.harbour),
        "inbox": at("inbox", cast.harbour),
        "home": "/home/",
        "thread": at("thread", cast.harbour, thread.public_id) + "?newest=1",
    }[name]
    grow(thread, writers, to=4 * COUNTED)
    few = work(cast.bob, url)
    grow(thread, writers, to=MANY)
    assert work(cast.bob, url) <= 1.1 * few + 30


@pytest.mark.parametrize("name", ["group", "inbox", "home", "thread"])
def test_a_page_costs_the_same_in_a_group_that_has_grown(cast: Cast, name: str) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    url = {
        "group": at("group", cast.harbour),
        "inbox": at("inbox", cast.harbour),
        "home": "/home/",
        "thread": at("thread", cast.harbour, thread.public_id),
    }[name]
    few = work(cast.bob, url)
    Member.objects.bulk_create(
        Member(group=cast.harbour, owner_tag=ids.new_secret(), accepted_version=1) for _ in range(MANY)
    )
    assert work(cast.bob, url) <= 1.1 * few + 30


def test_a_list_counts_to_a_hundred_and_then_says_more(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    page(cast.bob, thread)
    fill(cast.alice, thread, ["x"] * (COUNTED - 1))
    shown = cast.bob.client.get(at("group", cast.harbour)).content.decode()
    assert "100 messages" in shown and "99 new to you" in shown and "more than" not in shown
    send(cast.alice, thread)
    shown = cast.bob.client.get(at("group", cast.harbour)).content.decode()
    assert "more than 100 messages" in shown and "100 new to you" in shown and "than 100 new" not in shown
    send(cast.alice, thread)
    shown = cast.bob.client.get(at("group", cast.harbour)).content.decode()
    assert "more than 100 messages" in shown and "more than 100 new to you" in shown


def test_talks_one_wrote_in_say_it_too(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.bob, thread)
    page(cast.bob, thread)
    fill(cast.alice, thread, ["x"] * (COUNTED + 1))
    assert "more than 100 new to you" in cast.bob.client.get(at("inbox", cast.harbour)).content.decode()


@pytest.mark.parametrize("how", ["blocked", "blocks", "mutes"])
@pytest.mark.parametrize("newest", [False, True])
def test_what_is_not_seen_is_in_no_number_however_much_it_is(cast: Cast, how: str, newest: bool) -> None:
    thread = make_thread(cast.harbour)
    send(cast.mona, thread)
    page(cast.bob, thread)
    send(cast.alice, thread)
    fill(cast.alice, thread, ["x"] * (2 * COUNTED))
    if newest:
        send(cast.mona, thread)
    if how == "mutes":
        mute(cast.bob, Post.objects.filter(byline__persona__handle="Grey Heron").first())
    else:
        who, whom = (cast.alice, cast.bob) if how == "blocked" else (cast.bob, cast.alice)
        block(who, whom, cast.harbour)
    shown = cast.bob.client.get(at("group", cast.harbour)).content.decode()
    assert "more than" not in shown
    assert ("2 messages" in shown and "1 new to you" in shown) if newest else "1 message " in shown
    assert newest or "new to you" not in shown
    assert "more than 100 messages" in cast.lena.client.get(at("group", cast.harbour)).content.decode()


def test_a_talk_that_went_since_it_was_listed_is_left_out(cast: Cast) -> None:
    gone, there = make_thread(cast.harbour), make_thread(cast.harbour)
    here, key_of = cast.alice.here(cast.harbour), cast.alice.keyed
    hidings = hidden.of(here=here, key=hidden.key_for(key_of=key_of, gid=cast.harbour.public_id))
    Thread.objects.filter(pk=gone.pk).delete()
    rows = threads.rows_of([gone, there], here.member, key_of, hidings)
    assert [row.thread for row in rows] == [there]
