"""A page costs the same number of queries with 10 rows and with 1,000, and one person as much as another.

With KITH_FULL=1 it is 10,000 rows.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.enums import ReactionKind
from chat.models import Byline, Post, Reaction, ReadMark, Thread
from chat.selectors.later import keys_for, keys_to_open
from community.actions import due
from community.models import Badge, JoinRequest, Member, Persona
from core import clock, ids
from moderation.models import Worry
from tests import rotation
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import Cast, Person, add, make_group, make_thread

pytestmark = pytest.mark.django_db
MANY = 10_000 if rotation.FULL else 1_000
HOURS = dt.timedelta(hours=3)
# No page may cost more. A thread's composer takes three of its queries: a free name to offer, whether few write here,
# and what of one's own waits to appear. Home asks once more than it could, so that a one-thread post is no news to
# its writer. Each asks once whom the reader does not see. Where one writes, it is asked how the group is looked after,
# and in a thread whether that is slowed down. Home asks once, for all groups together, whether the team left something.
# A thread asks once whether the team cares for somebody in it. Home and a group's page ask once whether a study asks
# questions there. Home asks once more, of whoever has a second step, whether a study waits for a group that they lead.
THREAD, GROUP, HOME, START = 22, 17, 17, 13


def cost(person: Person, url: str) -> int:
    """Queries of the second look: the first one may remember how far somebody has read."""
    assert person.client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert person.client.get(url).status_code == 200
    return len(queries)


def crowd(group, *, size: int) -> list[Persona]:
    """Members with names and a badge each."""
    members = Member.objects.bulk_create(
        Member(group=group, owner_tag=ids.new_secret(), accepted_version=1) for _ in range(size)
    )
    ends = clock.today() + dt.timedelta(days=90)
    Badge.objects.bulk_create(
        Badge(member=member, role="nurse", checked_month=clock.this_month(), expires_on=ends, is_worn=True)
        for member in members
    )
    return Persona.objects.bulk_create(
        Persona(member=member, group=group, handle=f"Name {n}", handle_key=f"name{n}", avatar_svg="<svg/>")
        for n, member in enumerate(members)
    )


def test_thread_page(cast: Cast) -> None:
    small, large = make_thread(cast.harbour), make_thread(cast.harbour)
    send(cast.alice, small)
    url = reverse("chat:thread", args=[cast.harbour.public_id, small.public_id])
    few = cost(cast.bob, url)
    bylines = Byline.objects.bulk_create(
        Byline(thread=large, persona=persona) for persona in crowd(cast.harbour, size=25)
    )
    Post.objects.bulk_create(
        Post(thread=large, byline=bylines[seq % 25], seq=seq, text="x", html="<p>x</p>")
        for seq in range(1, MANY + 1)
    )
    Thread.objects.filter(pk=large.pk).update(last_seq=MANY)
    newest = Post.objects.get(thread=large, seq=MANY)
    Reaction.objects.bulk_create(
        Reaction(post=newest, kind=kind, key=ids.new_secret()) for kind in ReactionKind for _ in range(300)
    )
    url = reverse("chat:thread", args=[cast.harbour.public_id, large.public_id])
    cast.bob.client.post(f"{url}read/", {"seq": MANY})  # else each look reads on, and remembers how far
    assert cost(cast.bob, url) == few <= THREAD
    key = cast.bob.keyed("read", large.public_id)
    ReadMark.objects.filter(key=key).update(seq=MANY // 2)
    with CaptureQueriesContext(connection) as queries:
        shown = cast.bob.client.get(url).content.decode()
    assert 'id="new"' in shown and "checked: nurse" in shown
    assert len(queries) <= THREAD + 4  # finds the place, and remembers it


def test_the_composer(cast: Cast) -> None:
    """With a one-thread name, and with many messages and talks that wait, it costs what it costs without."""
    thread = make_thread(cast.harbour)
    send(cast.bob, thread)
    page = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    start = reverse("chat:thread_new", args=[cast.harbour.public_id])
    few, few_to_start = cost(cast.alice, page), cost(cast.alice, start)
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    keys = keys_for(key_of=cast.alice.keyed, tid=thread.public_id)
    to_open = keys_to_open(key_of=cast.alice.keyed, gid=cast.harbour.public_id)
    for number in range(30):
        for key in (keys.name, *keys.once, to_open.name):
            payload = {"text": f"Waits {number + 100}.", "handle": "Grey Heron"}
            due.later(key=key, act="publish", payload=payload, due_at=due.within(HOURS))
    assert cost(cast.alice, page) <= few <= THREAD
    assert cost(cast.alice, start) == few_to_start <= START
    assert cast.alice.client.get(page).content.count(b"Waits ") == 60


def test_a_talk_with_many_worries_of_ones_own(cast: Cast) -> None:
    """Whoever wrote many of them waits no longer for the page than after the first."""
    thread = make_thread(cast.harbour)
    url = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    send(cast.alice, thread, "I want to kill myself")
    few = cost(cast.alice, url)
    for _ in range(4):
        send(cast.alice, thread, "I want to kill myself")
    assert Worry.objects.count() == 5 and cost(cast.alice, url) == few


def test_group_page(cast: Cast) -> None:
    first = make_thread(cast.harbour)
    send(cast.alice, first)
    cast.bob.client.get(reverse("chat:thread", args=[cast.harbour.public_id, first.public_id]))
    url = reverse("chat:group", args=[cast.harbour.public_id])
    few = cost(cast.bob, url)
    threads = Thread.objects.bulk_create(
        Thread(group=cast.harbour, title="T", ask="advice_welcome", activity=n, last_seq=2)
        for n in range(MANY)
    )
    byline = send(cast.alice, threads[0]).byline
    Post.objects.bulk_create(
        Post(thread=thread, byline=byline, seq=1, text="x", html="<p>x</p>") for thread in threads
    )
    ReadMark.objects.bulk_create(
        ReadMark(key=cast.bob.keyed("read", thread.public_id), seq=0) for thread in threads
    )
    assert cost(cast.bob, url) == few <= GROUP
    assert "1 new to you" in cast.bob.client.get(url).content.decode()
    assert cost(cast.bob, f"{url}?below={threads[MANY // 2].public_id}") <= few + 1


def test_home(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour))
    few = cost(cast.bob, reverse("chat:home"))
    for n in range(30):
        group = make_group(name=f"group {n}")
        add(cast.bob, group)
        Thread.objects.bulk_create(
            Thread(group=group, title="T", ask="advice_welcome", activity=n, last_seq=1)
            for n in range(MANY // 30)
        )
    byline = send(cast.alice, make_thread(cast.harbour)).byline
    Post.objects.bulk_create(
        Post(thread=thread, byline=byline, seq=1, text="x", html="<p>x</p>")
        for thread in Thread.objects.exclude(group=cast.harbour)
    )
    assert cost(cast.bob, reverse("chat:home")) == few <= HOME
    few = cost(cast.mona, reverse("chat:home"))
    JoinRequest.objects.bulk_create(
        JoinRequest(group=cast.harbour, owner_tag=ids.new_secret(), answer="x", accepted_version=1)
        for _ in range(50)
    )
    assert cost(cast.mona, reverse("chat:home")) == few <= HOME + 4
    assert "50 people want to join" in cast.mona.client.get(reverse("chat:home")).content.decode()
    assert "want to join" not in cast.weak.client.get(reverse("chat:home")).content.decode()
    assert (
        "Many talks have messages you have not read"
        in cast.bob.client.get(reverse("chat:home")).content.decode()
    )
