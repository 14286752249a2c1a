"""Telling a writer, and nobody else, that their words helped: refusals first."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chat.actions.posts import delete_post
from chat.actions.thanks import set_thanks
from chat.models import Post, Thanks, ThreadEvent
from community.errors import NotHere
from core.registries import holdings
from core.registries.holdings import Owner
from tests.chat.hiding import block
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
TOLD = "This helped some people."


@pytest.fixture
def post(cast: Cast) -> Post:
    return send(cast.alice, make_thread(cast.harbour), "Warm the room first.")


def url(post: Post, name: str = "post") -> str:
    return reverse(f"chat:{name}", args=[post.thread.group.public_id, post.thread.public_id, post.public_id])


def thank(person: Person, post: Post, *, helped: bool = True) -> None:
    set_thanks(face=face(person, post.thread), post=post, helped=helped, key_of=person.keyed)


def page(person: Person, post: Post) -> str:
    return str(person.client.get(url(post)).content.decode())


@pytest.mark.parametrize("who", ["barred", "ned", "olga", "nobody"])
def test_whoever_is_not_here_thanks_nobody(cast: Cast, post: Post, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    answer = client.post(url(post, "thank"), {"helped": "1"})
    assert answer.status_code == 404 or "/sign-in/" in answer["Location"]
    assert not Thanks.objects.exists()


def test_nobody_thanks_themselves_under_either_name(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    for key in (b"", alias_key(cast.alice, thread)):
        own = send(cast.alice, thread, key_for_alias=key)
        with pytest.raises(NotHere):
            thank(cast.alice, own)
        assert url(own, "thank") not in page(cast.alice, own)


def test_whoever_does_not_see_the_writer_thanks_nobody(cast: Cast, post: Post) -> None:
    block(cast.alice, cast.bob, cast.harbour)
    assert cast.bob.client.post(url(post, "thank"), {"helped": "1"}).status_code == 404
    assert not Thanks.objects.exists()


def test_the_writer_alone_learns_that_it_helped_some(cast: Cast, post: Post) -> None:
    thank(cast.bob, post)
    thank(cast.bob, post)  # twice is once
    assert TOLD not in page(cast.alice, post), "of one, she could guess who it was"
    for person in (cast.lena, cast.muted):  # also who only reads
        assert person.client.post(url(post, "thank"), {"helped": "1"}).status_code == 302
    told = {
        name: TOLD in page(getattr(cast, name), post) for name in ("alice", "bob", "lena", "mona", "lead")
    }
    assert told == {"alice": True, "bob": False, "lena": False, "mona": False, "lead": False}
    assert Thanks.objects.count() == 3 and "3" not in TOLD
    assert "You said that it helped." in page(cast.bob, post)


def test_it_is_told_to_no_open_page_and_by_no_row(cast: Cast, post: Post) -> None:
    before = ThreadEvent.objects.count()
    thank(cast.bob, post)
    assert ThreadEvent.objects.count() == before
    assert {field.name for field in Thanks._meta.concrete_fields} == {"id", "post", "key"}
    assert bytes(Thanks.objects.get().key) == cast.bob.keyed("thanks", post.public_id)


def test_it_can_be_taken_back_and_goes_with_the_words(cast: Cast, post: Post) -> None:
    thank(cast.bob, post)
    assert cast.bob.client.post(url(post, "thank")).status_code == 302
    assert not Thanks.objects.exists()
    thank(cast.bob, post)
    delete_post(face=face(cast.alice, post.thread), post=post)
    assert not Thanks.objects.exists()
    with pytest.raises(NotHere):
        thank(cast.bob, post)


def test_a_one_thread_name_is_told_on_its_own_page(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    own = send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    for person in (cast.bob, cast.lena):
        thank(person, own)
    assert TOLD in page(cast.alice, own) and TOLD not in page(cast.mona, own)


def test_a_copy_has_ones_own_and_an_erasure_takes_them(cast: Cast, post: Post) -> None:
    thank(cast.bob, post)
    thank(cast.lena, post)
    held = next(one for one in holdings.holdings() if one.model is Thanks)
    owner = Owner(group=cast.harbour.public_id, tag=cast.bob.tag(cast.harbour), key=cast.bob.keyed)
    assert [dict(row)["you said"] for row in held.export(owner)] == ["it helped me"]
    assert callable(held.erase)
    held.erase(owner)
    assert [bytes(row.key) for row in Thanks.objects.all()] == [cast.lena.keyed("thanks", post.public_id)]


def test_the_writer_finds_it_among_what_is_for_them(cast: Cast) -> None:
    """Of either of their names, from the second person on, and only they."""
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    own = [
        send(cast.alice, thread, text, key_for_alias=key)
        for text, key in (("Warm the room.", b""), ("Open a window.", alias_key(cast.alice, thread)))
    ]
    inbox = reverse("chat:inbox", args=[cast.harbour.public_id])
    told = "This message of yours helped some people:"
    for post in own:
        thank(cast.bob, post)
    assert told not in cast.alice.client.get(inbox).content.decode()
    for post in own:
        thank(cast.lena, post)
    shown = cast.alice.client.get(inbox).content.decode()
    assert shown.count(told) == 2 and all(url(post) in shown for post in own)
    for other in (cast.bob, cast.mona, cast.lena):
        assert told not in other.client.get(inbox).content.decode()
    delete_post(face=face(cast.alice, thread), post=own[0])
    assert cast.alice.client.get(inbox).content.decode().count(told) == 1
