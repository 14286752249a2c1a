"""What hiding somebody must not tell: who is behind an alias, who somebody was before, and anything elsewhere."""

from __future__ import annotations

import pytest

from chat.models import Post, Thread
from community.models import Persona
from tests.chat.hiding import block, mute, unseen
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.chat.test_blocks import rename, shown
from tests.chat.test_pages import at, without_tokens
from tests.people import Cast, Person, make_thread

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def thread(cast: Cast) -> Thread:
    """Bob and mona write; alice does too, as herself and under an alias."""
    made = make_thread(cast.harbour)
    for person in (cast.bob, cast.mona, cast.alice):
        send(person, made, f"by {person.account.username}")
    sign_as_alias(cast.alice, made)
    send(cast.alice, made, "in secret", key_for_alias=alias_key(cast.alice, made))
    return made


def of_alias() -> Post:
    return Post.objects.select_related("thread__group", "byline__alias__thread").get(
        byline__alias__isnull=False
    )


def of_persona(handle: str) -> Post:
    rows = Post.objects.select_related("thread__group", "byline__persona", "byline__alias")
    return rows.filter(byline__persona__handle=handle).order_by("seq")[0]


def look(person: Person, *urls: str) -> list[bytes]:
    """The bytes of pages, as they are on a second look, without what differs from answer to answer: tokens, and
    the face that the composer proposes."""
    [person.client.get(url) for url in urls]
    return [without_tokens(person.client.get(url).content).split(b'id="composer" method')[0] for url in urls]


def everything(cast: Cast, *threads: Thread) -> list[str]:
    group = threads[0].group
    inside = [at("thread", group, thread.public_id) for thread in threads]
    asking = [at("events", group, thread.public_id) + "?after=0" for thread in threads]
    return [*inside, *asking, at("group", group), "/home/"]


def test_hiding_a_persona_leaves_its_alias_where_it_was(cast: Cast, thread: Thread) -> None:
    mute(cast.bob, of_persona("Grey Heron"))
    assert shown(cast.bob, of_alias()) and not shown(cast.bob, of_persona("Grey Heron"))
    block(cast.mona, cast.alice, cast.harbour)
    assert shown(cast.mona, of_alias())
    block(cast.bob, cast.alice, cast.harbour)
    assert shown(cast.bob, of_alias())


def test_hiding_an_alias_leaves_its_persona_where_it_was(cast: Cast, thread: Thread) -> None:
    before = look(cast.alice, *everything(cast, thread))
    mute(cast.bob, of_alias())
    assert shown(cast.bob, of_persona("Grey Heron")) and not shown(cast.bob, of_alias())
    assert look(cast.alice, *everything(cast, thread)) == before
    other = make_thread(cast.harbour)
    sign_as_alias(cast.alice, other)
    assert shown(cast.bob, send(cast.alice, other, key_for_alias=alias_key(cast.alice, other)))


def test_one_who_has_an_alias_in_a_thread_reads_it_whole(cast: Cast, thread: Thread) -> None:
    """Else bob could block one name after the other and see when the alias stops answering him."""
    inside = everything(cast, thread)[:2]
    before = look(cast.alice, *inside)
    block(cast.bob, cast.alice, cast.harbour)
    assert look(cast.alice, *inside) == before
    assert not unseen(cast.alice, thread)
    assert unseen(cast.alice, make_thread(cast.harbour)).personas == {
        Persona.objects.get(handle="Calm Otter").pk
    }


def test_lists_count_like_the_pages_of_threads_with_ones_alias(cast: Cast, thread: Thread) -> None:
    """So alice's group page does not contradict what she reads, and bob's news are news to her there too."""
    page = look(cast.alice, *everything(cast, thread)[:1])[0]
    block(cast.bob, cast.alice, cast.harbour)
    send(cast.bob, thread, "one more by bob")
    listed = b"".join(cast.alice.client.get(url).content for url in (at("group", cast.harbour), "/home/"))
    assert page.count(b"data-post=") == 4 and b"5 messages" in listed and b"1 new to you" in listed
    assert b"1 talk has messages you have not read" in listed
    other = make_thread(cast.harbour, title="Without alice")
    send(cast.mona, other)
    send(cast.bob, other)
    assert b"Without alice" in cast.alice.client.get(at("group", cast.harbour)).content
    assert b"2 messages" not in cast.alice.client.get(at("group", cast.harbour)).content


def test_a_block_says_nothing_about_a_later_name(cast: Cast) -> None:
    """Two worlds, in one of which the old name was blocked: what the new name writes and sees is the same."""
    first, second = make_thread(cast.harbour), make_thread(cast.harbour, title="Later")
    send(cast.bob, first, "before")
    send(cast.alice, first, "as grey heron")
    block(cast.bob, cast.alice, cast.harbour)
    rename(cast.alice, cast, "Fresh Fern")
    mine, his = send(cast.alice, second, "as fresh fern"), send(cast.bob, second, "after")
    for person in (cast.alice, cast.bob):
        assert shown(person, mine) and shown(person, his)
    assert not shown(cast.bob, of_persona("Grey Heron")), "the old name stays hidden"
    pages = look(cast.bob, *everything(cast, second)[:2])
    assert not unseen(cast.alice, second)
    assert b"Grey Heron" not in b"".join(pages)


def test_the_one_who_blocks_under_a_new_name_is_a_stranger(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, "as grey heron")
    send(cast.bob, thread, "by bob")
    block(cast.alice, cast.bob, cast.harbour)
    rename(cast.alice, cast, "Fresh Fern")
    fresh = send(cast.alice, thread, "as fresh fern")
    assert shown(cast.bob, fresh) and not shown(cast.bob, of_persona("Grey Heron"))
    assert not shown(cast.alice, of_persona("Calm Otter")), "one's own choice stays one's own"


def test_nothing_in_another_group_changes(cast: Cast, thread: Thread) -> None:
    there = make_thread(cast.meadow)
    send(cast.alice, there, "hello meadow")
    send(cast.ned, there, "hello you")
    urls = everything(cast, there)[:-1]
    before = [look(person, *urls) for person in (cast.alice, cast.ned)]
    mute(cast.alice, of_persona("Calm Otter"))
    block(cast.bob, cast.alice, cast.harbour)
    block(cast.alice, cast.mona, cast.harbour)
    assert [look(person, *urls) for person in (cast.alice, cast.ned)] == before
    assert b"hello meadow" in before[1][0]


def test_a_start_that_is_hidden_and_one_taken_away_have_one_title(cast: Cast) -> None:
    for name in ("taken away", "hidden"):
        thread = make_thread(cast.harbour, title=f"This was {name}")
        send(cast.alice, thread)
        send(cast.mona, thread)
    Thread.objects.filter(title="This was taken away").update(title="")
    block(cast.alice, cast.bob, cast.harbour)
    listed = cast.bob.client.get(at("group", cast.harbour)).content.decode()
    assert listed.count("The start is not shown here") == 2 and "This was" not in listed
