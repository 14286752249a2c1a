"""Not wanting to see somebody: refusals first, then what vanishes, from where, and how it comes back."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from chat.actions import blocks
from chat.models import Block, Mute, Post, Thread
from chat.selectors import posts
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Group, Member, Persona, StandingEvent
from tests.chat.hiding import block, looking, mute, mutes_key, persona
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.chat.test_budgets import cost
from tests.chat.test_pages import page, without_tokens
from tests.people import Cast, Person, add, make_person, make_thread

pytestmark = pytest.mark.django_db


def at(name: str, group: Group, *more: str) -> str:
    return reverse(f"chat:{name}", args=[group.public_id, *more])


@pytest.fixture
def thread(cast: Cast) -> Thread:
    """Alice opened it, bob and mona wrote back."""
    made = make_thread(cast.harbour, title="The long night")
    for person, text in ((cast.alice, "alice was here"), (cast.bob, "bob was here"), (cast.mona, "mona too")):
        send(person, made, text)
    return made


def by(person: Person) -> Post:
    """What somebody wrote first in the fixture's thread."""
    tags = [person.tag(group) for group in Group.objects.all()]
    return posts.to_show().filter(byline__persona__member__owner_tag__in=tags).order_by("seq")[0]


def hide_url(post: Post) -> str:
    return at("hide_writer", post.thread.group, post.thread.public_id, post.public_id)


def shown(person: Person, post: Post) -> bool:
    """Whether somebody finds a post: on its thread's page, on its own, and by asking."""
    thread = post.thread
    where = at("events", thread.group, thread.public_id) + "?after=0"
    found = {
        post.public_id in page(person, thread),
        person.client.get(at("post", thread.group, thread.public_id, post.public_id)).status_code == 200,
        post.public_id in [event["id"] for event in person.client.get(where).json()["events"]],
    }
    assert len(found) == 1, "the page, the post's own page and asking again differ"
    return found.pop()


# --- refusals ---------------------------------------------------------------------------------------------------


def test_outsiders_hide_nobody(cast: Cast, thread: Thread) -> None:
    name = at("hide_name", cast.harbour, persona(cast.alice, cast.harbour).public_id)
    for client in (cast.nobody, cast.olga.client, cast.barred.client, cast.ned.client):
        assert client.get(at("hidden", cast.harbour)).status_code == 404
        assert client.post(at("hidden_show", cast.harbour), {"mute": "1"}).status_code == 404
        for url in (hide_url(by(cast.alice)), name):
            assert client.get(url).status_code == client.post(url).status_code == 404
    assert not Mute.objects.exists() and not Block.objects.exists()


def test_nobody_hides_themselves_or_what_is_not_there(cast: Cast, thread: Thread) -> None:
    own = persona(cast.alice, cast.harbour)
    assert cast.alice.client.post(hide_url(by(cast.alice))).status_code == 404
    for url in (
        at("hide_name", cast.harbour, own.public_id),
        at("hide_name", cast.harbour, persona(cast.alice, cast.meadow).public_id),
        at("hide_name", cast.harbour, persona(cast.ned, cast.meadow).public_id),
        at("hide_name", cast.harbour, "nothing"),
    ):
        assert cast.alice.client.post(url, {"how": "mute"}).status_code == 404
    sign_as_alias(cast.alice, thread)
    alias = send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    assert cast.alice.client.post(hide_url(alias)).status_code == 404
    with pytest.raises(NotHere):
        blocks.mute(face=looking(cast.alice, thread), key=b"k" * 32, other=own)
    assert not Mute.objects.exists() and not Block.objects.exists()


def test_without_a_name_one_blocks_nobody(cast: Cast, thread: Thread) -> None:
    url = hide_url(by(cast.alice))
    assert 'value="block"' not in cast.lena.client.get(url).content.decode()
    with pytest.raises(NotHere):
        blocks.block(face=looking(cast.lena, thread), other=persona(cast.alice, cast.harbour))
    assert cast.lena.client.post(url, {"how": "block"}).status_code == 302
    assert Mute.objects.count() == 1 and not Block.objects.exists()


def test_an_alias_neither_blocks_nor_is_blocked(cast: Cast, thread: Thread) -> None:
    sign_as_alias(cast.alice, thread)
    alias = send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    asked = cast.bob.client.get(hide_url(alias)).content.decode()
    assert "one-thread name" in asked and 'value="block"' not in asked
    with pytest.raises(NotHere):
        blocks.block(face=looking(cast.bob, thread), other=alias.byline.face)
    asked = cast.alice.client.get(hide_url(by(cast.bob))).content.decode()
    assert 'value="block"' not in asked and "from another talk" in asked
    cast.alice.client.post(hide_url(by(cast.bob)), {"how": "block"})
    assert not Block.objects.exists() and Mute.objects.count() == 1


def test_a_name_no_longer_used_is_not_blocked(cast: Cast, thread: Thread) -> None:
    Persona.objects.filter(handle="Grey Heron").update(is_current=False)
    with pytest.raises(NotHere):
        blocks.block(face=looking(cast.bob, thread), other=Persona.objects.get(handle="Grey Heron"))
    mute(cast.bob, by(cast.alice))
    assert not shown(cast.bob, by(cast.alice))


def test_nobody_takes_back_what_others_did(cast: Cast, thread: Thread) -> None:
    mute(cast.bob, by(cast.alice))
    block(cast.bob, cast.mona, cast.harbour)
    url = at("hidden_show", cast.harbour)
    rows = {"mute": Mute.objects.get().pk, "block": Block.objects.get().pk}
    for person in (cast.alice, cast.mona, cast.lena):
        for name, pk in rows.items():
            assert person.client.post(url, {name: pk}).status_code == 404
    for pk in ("", "x", "-1", "9" * 30, "\u0661"):
        assert cast.bob.client.post(url, {"mute": pk}).status_code == 404
    assert cast.bob.client.get(url).status_code == 302
    assert Mute.objects.count() == Block.objects.count() == 1


def test_the_page_asks_and_only_a_press_acts(cast: Cast, thread: Thread) -> None:
    url = hide_url(by(cast.alice))
    asked = cast.bob.client.get(url).content.decode()
    assert "This is about this name only" in asked and 'value="block"' in asked
    assert cast.bob.client.post(url, {"how": "burn"}).status_code == 422
    assert cast.bob.client.post(url).status_code == 422
    assert shown(cast.bob, by(cast.alice))


def test_there_is_an_end_to_both(cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST_MUTES", 1)
    monkeypatch.setattr(blocks, "MOST_BLOCKS", 1)
    mute(cast.bob, by(cast.alice))
    block(cast.bob, cast.alice, cast.harbour)
    block(cast.bob, cast.alice, cast.harbour)  # twice is once
    for how, words in (("mute", "a great many"), ("block", "10 people at most")):
        answer = cast.bob.client.post(hide_url(by(cast.mona)), {"how": how})
        assert answer.status_code == 403 and words in answer.content.decode()
    with pytest.raises(MayNot):
        block(cast.bob, cast.mona, cast.harbour)
    assert Mute.objects.count() == Block.objects.count() == 1


# --- what vanishes ----------------------------------------------------------------------------------------------


def test_a_mute_hides_from_one_side_alone(cast: Cast, thread: Thread) -> None:
    mute(cast.bob, by(cast.alice))
    assert not shown(cast.bob, by(cast.alice)) and shown(cast.alice, by(cast.bob))
    assert shown(cast.lena, by(cast.alice)) and shown(cast.bob, by(cast.mona))


def test_a_block_hides_from_both_and_from_nobody_else(cast: Cast, thread: Thread) -> None:
    block(cast.bob, cast.alice, cast.harbour)
    assert not shown(cast.bob, by(cast.alice)) and not shown(cast.alice, by(cast.bob))
    for person in (cast.lena, cast.mona, cast.muted):
        assert shown(person, by(cast.alice)) and shown(person, by(cast.bob))
    assert shown(cast.alice, by(cast.alice)) and shown(cast.bob, by(cast.bob))


def test_nothing_can_be_done_to_a_hidden_post(cast: Cast, thread: Thread) -> None:
    block(cast.bob, cast.alice, cast.harbour)
    post, url = by(cast.alice), at("react", cast.harbour, thread.public_id, by(cast.alice).public_id)
    assert cast.bob.client.post(url, {"kind": "thank_you"}).status_code == 404
    assert cast.bob.client.get(hide_url(post)).status_code == 404


def test_the_team_is_not_kept_from_seeing(cast: Cast, thread: Thread) -> None:
    block(cast.alice, cast.mona, cast.harbour)
    assert shown(cast.mona, by(cast.alice)) and not shown(cast.alice, by(cast.mona))
    block(cast.mona, cast.bob, cast.harbour)
    assert shown(cast.bob, by(cast.mona)) and not shown(cast.mona, by(cast.bob))
    asked = cast.bob.client.get(hide_url(by(cast.mona))).content.decode()
    assert "about safety or about a limit still reaches you" in asked
    Member.objects.filter(pk=cast.mona.member(cast.harbour).pk).update(role=Role.MEMBER)
    assert not shown(cast.mona, by(cast.alice)) and not shown(cast.bob, by(cast.mona))


def test_what_is_hidden_is_in_no_line_of_the_group(cast: Cast, thread: Thread) -> None:
    silent = make_thread(cast.harbour, title="Only alice")
    send(cast.alice, silent, "nobody answered yet")
    for person in (cast.bob, cast.lena):
        page(person, thread)
        page(person, silent)
    send(cast.alice, thread, "a new word")
    before = group_and_home(cast.lena, cast)
    for said in (before, group_and_home(cast.bob, cast)):
        assert "Only alice" in said and "The long night" in said and "1 new to you" in said
        assert (
            "4 messages" in said
            and "Someone is waiting" in said
            and "1 talk has messages you have not read" in said
        )
    block(cast.alice, cast.bob, cast.harbour)
    said = group_and_home(cast.bob, cast)
    assert "Only alice" not in said and "The long night" not in said and "new to you" not in said
    assert "2 messages" in said and "omeone is waiting" not in said and "New messages" not in said
    assert said.count("The start is not shown here") == said.count('class="thread-row') == 1
    assert "The long night" not in page(cast.bob, thread)
    assert group_and_home(cast.lena, cast) == before


def group_and_home(person: Person, cast: Cast) -> str:
    answers = [person.client.get(url) for url in (at("group", cast.harbour), "/home/")]
    return "".join(without_tokens(answer.content).decode() for answer in answers)


def test_the_day_of_the_last_message_is_that_of_one_that_is_seen(cast: Cast, thread: Thread) -> None:
    Post.objects.update(posted_on="2026-01-03")
    send(cast.alice, thread, "today")
    assert "last one today" in cast.bob.client.get(at("group", cast.harbour)).content.decode()
    block(cast.alice, cast.bob, cast.harbour)
    assert "last one today" not in cast.bob.client.get(at("group", cast.harbour)).content.decode()


def test_pages_of_a_thread_are_counted_without_them(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    for number in range(60):
        send(cast.alice if number % 2 else cast.mona, thread, f"number {number}.")
    block(cast.alice, cast.bob, cast.harbour)
    newest = page(cast.bob, thread, "?newest=1")
    assert re.findall(r"number (\d+)\.", newest) == [str(n) for n in range(10, 60, 2)]
    before = re.search(r"\?before=(\d+)", newest)[1]
    rest = page(cast.bob, thread, f"?before={before}")
    assert re.findall(r"number (\d+)\.", rest) == [str(n) for n in range(0, 10, 2)]
    assert "Show earlier" not in rest


def test_new_messages_of_hidden_people_are_not_new(cast: Cast, thread: Thread) -> None:
    page(cast.bob, thread)
    send(cast.alice, thread, "not for bob")
    block(cast.alice, cast.bob, cast.harbour)
    assert 'id="new"' not in page(cast.bob, thread)
    send(cast.mona, thread, "for bob")
    shown_page = page(cast.bob, thread)
    assert shown_page.index('id="new"') < shown_page.index("for bob")


# --- taking it back ---------------------------------------------------------------------------------------------


def test_it_works_with_forms_alone_and_comes_back(cast: Cast, thread: Thread) -> None:
    post = by(cast.alice)
    assert (
        hide_url(post)
        in cast.bob.client.get(at("post", cast.harbour, thread.public_id, post.public_id)).content.decode()
    )
    for how, words in (("mute", "You do not see them"), ("block", "You do not see each other")):
        listed = cast.bob.client.post(hide_url(post), {"how": how}, follow=True).content.decode()
        assert "Grey Heron" in listed and words in listed and not shown(cast.bob, post)
        pk = re.search(rf'name="{how}" value="(\d+)"', listed)[1]
        empty = cast.bob.client.post(at("hidden_show", cast.harbour), {how: pk}, follow=True)
        assert "You hide nobody" in empty.content.decode()
        assert shown(cast.bob, post) and shown(cast.alice, by(cast.bob))


def test_a_name_can_be_hidden_without_a_message(cast: Cast, thread: Thread) -> None:
    url = at("hide_name", cast.harbour, persona(cast.alice, cast.harbour).public_id)
    assert "Grey Heron" in cast.bob.client.get(url).content.decode()
    assert cast.bob.client.post(url, {"how": "block"}).status_code == 302
    assert not shown(cast.bob, by(cast.alice)) and not shown(cast.alice, by(cast.bob))


def test_a_mute_stays_when_one_changes_ones_name(cast: Cast, thread: Thread) -> None:
    mute(cast.bob, by(cast.alice))
    block(cast.bob, cast.mona, cast.harbour)
    rename(cast.bob, cast, "Fresh Otter")
    assert not shown(cast.bob, by(cast.alice)) and not shown(cast.bob, by(cast.mona))


def rename(person: Person, cast: Cast, handle: str) -> None:
    """A name put down, another one taken up."""
    member = person.member(cast.harbour)
    Persona.objects.filter(member=member).update(is_current=False)
    Persona.objects.create(
        member=member, group=cast.harbour, handle=handle, handle_key=handle, avatar_svg="<svg/>"
    )


def test_rows_name_nobody_they_should_not(cast: Cast, thread: Thread) -> None:
    """A mute says who is not seen and nothing of by whom; only those whose view changed are told to look again."""
    mute(cast.bob, by(cast.alice))
    row = Mute.objects.get()
    assert bytes(row.key) == mutes_key(cast.bob, cast.harbour)
    assert set(StandingEvent.objects.values_list("ref", flat=True)) == {cast.bob.tag(cast.harbour).hex()}
    block(cast.bob, cast.alice, cast.harbour)
    told = set(StandingEvent.objects.values_list("ref", flat=True))
    assert told == {cast.bob.tag(cast.harbour).hex(), cast.alice.tag(cast.harbour).hex()}
    assert Mute.objects.count() == 1, (
        "a block adds no mute: two lists of the same people would be one person's"
    )


def test_hiding_many_costs_no_more_than_hiding_one(cast: Cast, thread: Thread) -> None:
    urls = (at("thread", cast.harbour, thread.public_id), at("group", cast.harbour), "/home/")
    mute(cast.bob, by(cast.mona))
    few = [cost(cast.bob, url) for url in urls]
    for number in range(8):
        person = make_person(name=f"p{number}")
        add(person, cast.harbour, handle=f"Name {number}")
        mute(cast.bob, send(person, thread))
        block(person, cast.bob, cast.harbour)
    assert [cost(cast.bob, url) for url in urls] == few
