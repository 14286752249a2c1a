"""The table and the querysets beside it say the same, for every named person, thread and post."""

from __future__ import annotations

import itertools

import pytest

from chat.actions.hiding import hide
from chat.actions.posts import delete_post
from chat.models import Post, Thread
from chat.policies import Act, Face, may
from chat.selectors import posts, threads
from community.errors import NotHere
from tests.chat.hiding import block, looking, mute
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(cast: Cast) -> Cast:
    """Threads in two groups: posts shown, hidden and gone, by personas and by an alias."""
    harbour, meadow = make_thread(cast.harbour), make_thread(cast.meadow)
    for person in (cast.alice, cast.bob, cast.mona):
        send(person, harbour)
    hide(post=send(cast.alice, harbour))
    delete_post(face=face(cast.alice, harbour), post=send(cast.alice, harbour))
    sign_as_alias(cast.alice, harbour)
    send(cast.alice, harbour, key_for_alias=alias_key(cast.alice, harbour))
    send(cast.alice, meadow)
    send(cast.ned, meadow)
    block(cast.bob, cast.alice, cast.harbour)
    block(cast.mona, cast.bob, cast.harbour)
    mute(cast.lena, Post.objects.get(byline__alias__isnull=False))
    return cast


def faces(cast: Cast) -> list[Face]:
    found = []
    for person, group in itertools.product(cast.people.values(), (cast.harbour, cast.meadow)):
        try:
            person.here(group)
        except NotHere:
            continue
        thread = Thread.objects.get(group=group)
        found.append(looking(person, thread))
    assert len(found) == 9
    return found


def test_who_may_see_and_own(talk: Cast) -> None:
    every = list(posts.to_show())
    seen = unseen = 0
    for looks in faces(talk):
        visible = set(posts.visible_to(looks).values_list("pk", flat=True))
        owned = set(posts.owned_by(looks).values_list("pk", flat=True))
        assert visible == {p.pk for p in every if may(Act.READ_POST, face=looks, post=p)}
        assert owned == {p.pk for p in every if may(Act.DELETE, face=looks, post=p)}
        seen += len(visible)
        unseen += bool(looks.hidden)
    assert seen > 20 and unseen == 3  # alice not: she has an alias in that thread


def test_who_may_see_threads(talk: Cast) -> None:
    for looks in faces(talk):
        visible = set(threads.visible_to(looks.here).values_list("pk", flat=True))
        rule = {t.pk for t in Thread.objects.all() if may(Act.READ_THREAD, face=looks, thread=t)}
        assert visible == rule and len(rule) == 1


def test_what_is_not_asked_properly_is_refused(talk: Cast) -> None:
    looks = Face(here=talk.alice.here(talk.harbour))
    for act in set(Act) - {Act.OPEN_THREAD}:
        assert not may(act, face=looks)
    assert not may("burn", face=looks, post=Post.objects.first())  # type: ignore[arg-type]


def test_the_muted_open_and_publish_nothing(talk: Cast) -> None:
    looks = Face(here=talk.muted.here(talk.harbour))
    thread = Thread.objects.get(group=talk.harbour)
    assert may(Act.READ_THREAD, face=looks, thread=thread)
    assert not may(Act.PUBLISH, face=looks, thread=thread)
    assert not may(Act.OPEN_THREAD, face=looks)
