"""One-thread names in the composer: refusals first; then who signs, what is kept, and what nobody can tell."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from chat.actions.bylines import owner_tag_of
from chat.models import Alias, Byline, Post, ReadMark, Thread
from chat.selectors import faces as choosing
from community import handles
from community.models import Group, Persona
from community.selectors.names import Policy
from tests.chat.saying import alias_key, fresh, send
from tests.chat.test_pages import at, page, say
from tests.people import Cast, Person, add, make_person, make_thread

pytestmark = pytest.mark.django_db
ONCE, OTHER = "Soft Lantern", "Calm Harbour"
JSON = {"Accept": "application/json"}


def set_policy(monkeypatch, one_thread: str) -> None:
    """Let all groups run under another policy."""
    policy = Policy(one_thread=one_thread)
    for module in ("chat.selectors.faces", "chat.actions.bylines"):
        monkeypatch.setattr(f"{module}.policy_of", lambda _: policy)


def offered(shown: str) -> str:
    """The one-thread name on a page."""
    return unescape(re.findall(r'name="once" value="([^"]*)"', shown)[0])


def once(person: Person, thread: Thread, text: str = "Nobody knows", **more: str):
    return say(person, thread, text, **{"face": "once", "once": ONCE} | more)


def start(person: Person, group: Group, **more: str):
    data = {"title": "New", "ask": "advice_welcome", "text": "Hello", "client_id": fresh()} | more
    return person.client.post(at("thread_new", group), data)


# --- refusals --------------------------------------------------------------------------------------------------


def test_who_may_not_write_may_not_under_another_name(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    assert once(cast.muted, thread).status_code == 403
    assert start(cast.muted, cast.harbour, face="once", once=ONCE).status_code == 403
    for who in (cast.barred, cast.olga, cast.ned):
        assert once(who, thread).status_code == 404
        assert start(who, cast.harbour, face="once", once=ONCE).status_code == 404
    Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
    assert once(cast.alice, thread).status_code == 409
    assert not Alias.objects.exists() and Thread.objects.count() == 1


def test_where_the_group_has_none_nobody_gets_one(cast: Cast, monkeypatch) -> None:
    thread, kept = make_thread(cast.harbour), make_thread(cast.harbour)
    once(cast.alice, kept)
    set_policy(monkeypatch, "off")
    assert 'name="face"' not in page(cast.alice, thread)
    refused = once(cast.alice, thread, "Kept words")
    assert refused.status_code == 403 and b"Kept words" in refused.content
    opened = start(cast.alice, cast.harbour, face="once", once=ONCE)
    assert opened.status_code == 403 and b"does not use one-thread names" in opened.content
    assert Alias.objects.count() == 1 and Thread.objects.count() == 2
    # Who had one in a talk goes on under it: changing to their name there would tie the two.
    assert "Send as Soft Lantern" in page(cast.alice, kept)
    assert once(cast.alice, kept, "I am still here").status_code == 302


@pytest.mark.parametrize(
    "name", ["Grey Heron", "grey heron", "Dr Smith", "Jo 1988", "Soft  Lantern", "<b>x</b>", ""]
)
def test_only_a_free_name_that_the_server_drew_is_taken(cast: Cast, name: str) -> None:
    thread = make_thread(cast.harbour)
    answer = once(cast.bob, thread, "Kept words", once=name)
    assert answer.status_code == 409 and b"Kept words" in answer.content
    assert not Alias.objects.exists() and handles.is_ours(offered(answer.content.decode()))


def test_no_name_of_the_group_is_taken_either(cast: Cast) -> None:
    Persona.objects.filter(handle="Calm Otter").update(handle=ONCE, handle_key=handles.key_of(ONCE))
    assert once(cast.alice, make_thread(cast.harbour)).status_code == 409
    assert once(cast.alice, make_thread(cast.meadow)).status_code == 302


def test_two_people_in_a_talk_never_share_a_name(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    assert once(cast.alice, thread).status_code == 302
    answer = once(cast.bob, thread, "Kept words")
    shown = answer.content.decode()
    assert answer.status_code == 409 and "Someone here has that name" in shown
    assert offered(shown) != ONCE and 'value="once" checked' in shown and "Kept words" in shown
    assert once(cast.bob, thread, once=offered(shown)).status_code == 302


def test_no_other_name_signs_than_the_page_said(cast: Cast) -> None:
    """A page from before, in another tab: who would sign is shown first."""
    thread = make_thread(cast.harbour)
    once(cast.alice, thread)
    answer = once(cast.alice, thread, "Kept words", once=OTHER)
    assert answer.status_code == 409 and b"Send as Soft Lantern" in answer.content
    assert offered(answer.content.decode()) == ONCE and b"Kept words" in answer.content
    assert offered(once(cast.alice, thread, " ", once=OTHER).content.decode()) == ONCE
    Persona.objects.filter(handle="Calm Otter").update(handle="New Otter")
    answer = say(cast.bob, thread, "Kept words", face="name", named="Calm Otter")
    assert answer.status_code == 409 and b"Send as New Otter" in answer.content
    assert Post.objects.count() == 1


# --- who signs -------------------------------------------------------------------------------------------------


def test_a_one_thread_name_is_the_same_in_its_talk_and_another_elsewhere(cast: Cast) -> None:
    thread, other = make_thread(cast.harbour), make_thread(cast.harbour)
    for text in ("One", "Two"):
        assert once(cast.alice, thread, text).status_code == 302
    once(cast.alice, other, once=OTHER)
    names = [post.byline.face.handle for post in Post.objects.order_by("thread_id", "seq")]
    assert sorted(names) == sorted([ONCE, ONCE, OTHER]) and Alias.objects.count() == 2
    alias = Alias.objects.get(handle=ONCE)
    assert bytes(alias.key) == alias_key(cast.alice, thread) and alias.avatar_svg.startswith("<svg")
    assert owner_tag_of(alias=alias) == cast.alice.tag(cast.harbour)


def test_somebody_who_only_reads_writes_without_a_name_of_the_group(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    shown = page(cast.lena, thread)
    assert "You have no name here yet" in shown and handles.is_ours(offered(shown))
    assert once(cast.lena, thread, once=offered(shown)).status_code == 302
    assert start(cast.lena, cast.harbour, face="once", once=ONCE).status_code == 302
    assert not Persona.objects.filter(member=cast.lena.member(cast.harbour)).exists()
    assert once(cast.lena, thread, "Again", once=offered(shown), handle="Grey Fox").status_code == 302
    assert not Persona.objects.filter(member=cast.lena.member(cast.harbour)).exists()


def test_the_face_that_signed_last_is_the_one_picked(cast: Cast, monkeypatch) -> None:
    thread = make_thread(cast.harbour)
    picked = [re.search(r'value="(\w+)" checked', page(cast.alice, thread))[1]]
    once(cast.alice, thread)
    picked.append(re.search(r'value="(\w+)" checked', page(cast.alice, thread))[1])
    say(cast.alice, thread, "As myself", face="name")
    picked.append(re.search(r'value="(\w+)" checked', page(cast.alice, thread))[1])
    assert picked == ["name", "once", "name"]
    set_policy(monkeypatch, "first")
    assert re.search(r'value="(\w+)" checked', page(cast.alice, thread))[1] == "name"
    assert re.search(r'value="(\w+)" checked', page(cast.bob, thread))[1] == "once"
    answers = page(cast.mona, thread)  # the group sees that its team speaks
    assert re.search(r'value="(\w+)" checked', answers)[1] == "name" and 'value="once"' in answers


def test_a_talk_is_opened_once_whoever_signs(cast: Cast) -> None:
    same = fresh()
    for more in ({"face": "once", "once": ONCE}, {"face": "once", "once": ONCE}, {"face": "name"}):
        assert start(cast.alice, cast.harbour, client_id=same, **more).status_code == 302
    thread = Thread.objects.get()
    assert Post.objects.get().byline.alias.key == alias_key(cast.alice, thread)
    assert "Send as Soft Lantern" in page(cast.alice, thread) and ONCE in page(cast.bob, thread)
    start(cast.bob, cast.harbour, client_id=same)
    start(cast.alice, cast.meadow, client_id=same)
    assert Thread.objects.count() == 3


def test_the_same_words_never_stand_under_both_faces(cast: Cast) -> None:
    """The answer was lost, the writer changed faces and sent again: twice the same words would tie the two."""
    thread, same = make_thread(cast.harbour), fresh()
    given = {"face": "name"}, {"face": "once", "once": ONCE}, {"face": "name"}
    told = [say(cast.alice, thread, "Same words", client_id=same, **more).status_code for more in given]
    assert told == [302, 409, 302]
    assert Post.objects.count() == 1


def test_own_messages_are_ones_own_under_either_face(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    once(cast.alice, thread, "My secret")
    post = Post.objects.get()
    assert "post mine" in page(cast.alice, thread) and "post mine" not in page(cast.bob, thread)
    url = at("post", cast.harbour, thread.public_id, post.public_id)
    assert b"Take it away" in cast.alice.client.get(url).content
    assert b"Take it away" not in cast.bob.client.get(url).content
    assert cast.alice.client.post(url + "edit/", {"text": "Changed"}).status_code == 302
    assert cast.alice.client.post(url + "delete/").status_code == 302
    assert "Taken away by its writer" in page(cast.bob, thread)


def test_an_answer_under_a_one_thread_name_is_an_answer(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    once(cast.bob, thread)
    assert Thread.objects.get().is_answered


# --- nothing that was written is lost --------------------------------------------------------------------------


def test_another_name_is_drawn_and_all_else_stays(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    given = {"face": "once", "when": "24", "stays": "7", "reroll": "1", "client_id": fresh()}
    answer = once(cast.alice, thread, "Kept <words>", **given)
    shown = answer.content.decode()
    assert answer.status_code == 200 and "Kept &lt;words&gt;</textarea>" in shown
    assert offered(shown) != ONCE and handles.is_ours(offered(shown)) and given["client_id"] in shown
    assert 'value="once" checked' in shown
    assert '<option value="24" selected>' in shown and '<option value="7" selected>' in shown
    assert (
        '<details class="how" open>' in shown and "Write something first" not in shown.split("<template")[0]
    )
    empty = once(cast.alice, thread, "", reroll="1")
    assert (
        empty.status_code == 200
        and "Write something first" not in empty.content.decode().split("<template")[0]
    )
    opening = start(
        cast.alice, cast.harbour, title="Kept title", heads_ups="money", face="once", once=ONCE, reroll="1"
    ).content.decode()
    assert "Kept title" in opening and "Hello</textarea>" in opening and 'value="money"' in opening
    assert re.search(r'value="money"[^>]* checked', opening) and 'value="advice_welcome"' in opening
    assert not Post.objects.exists() and not Alias.objects.exists() and Thread.objects.count() == 1


@pytest.mark.parametrize("text", [" ", "long " * 1_700])
def test_an_error_keeps_every_choice(cast: Cast, text: str) -> None:
    thread = make_thread(cast.harbour)
    shown = once(cast.alice, thread, text, when="3", stays="30").content.decode()
    assert offered(shown) == ONCE and 'value="once" checked' in shown
    assert '<option value="3" selected>' in shown and '<option value="30" selected>' in shown
    assert text.strip() in shown


def test_drawing_names_is_not_held_back(cast: Cast) -> None:
    for _ in range(8):
        assert start(cast.alice, cast.harbour, reroll="1").status_code == 200


def test_the_script_is_answered_like_the_form(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    url = at("post_send", cast.harbour, thread.public_id)
    data = {"text": "Hi", "client_id": fresh(), "face": "once", "once": ONCE}
    first, again = (cast.alice.client.post(url, data, headers=JSON) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200) and ONCE in first.json()["html"]
    taken = cast.bob.client.post(url, data, headers=JSON)
    assert taken.status_code == 409 and "has that name" in taken.json()["message"]


# --- what the composer says ------------------------------------------------------------------------------------


def test_both_faces_and_who_sees_them_stand_above_the_button(cast: Cast) -> None:
    shown = page(cast.alice, make_thread(cast.harbour))
    button = shown.index('<button class="btn"><span class="two">')
    assert shown.index("You are <b>Grey Heron</b> here") < button
    assert shown.index(f"You are <b>{offered(shown)}</b> in this talk") < button
    says = "Members of this group see it under this name. Whoever looks after this group can limit"
    assert shown.count(says) == 2
    assert f"Send as {offered(shown)}" in shown and "Send as Grey Heron" in shown


def test_among_few_it_says_that_some_may_guess(cast: Cast) -> None:
    thread, says = make_thread(cast.harbour), "some may guess that it is you"
    for number in range(9):
        person = make_person(name=f"more{number}")
        add(person, cast.harbour, handle=f"More {number}")
        send(person, thread)
        once(person, thread, once=offered(page(person, thread)))  # a second face is nobody more
    assert says in page(cast.alice, thread) and choosing.is_few(group=cast.harbour)
    send(cast.bob, thread)
    assert says not in page(cast.alice, thread)
    Post.objects.update(posted_on="2020-01-01")
    assert says in page(cast.alice, thread)


# --- what nobody can tell --------------------------------------------------------------------------------------


def normal(shown: str) -> str:
    """A page with its random tokens numbered in the order they come in, and the drawn name taken out."""
    drawn = offered(shown)
    shown = shown.replace(drawn, "DRAWN").replace(f">{drawn[0]}</span>", "></span>")
    seen: dict[str, str] = {}
    token = re.compile(r"\b[0-9A-Za-z-]{14,64}\b")
    shown = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", shown)
    return token.sub(lambda found: seen.setdefault(found[0], f"#{len(seen)}"), shown)


def test_others_pages_are_the_same_whoever_wrote(cast: Cast) -> None:
    """Two worlds that differ in who is behind the one-thread name; a reader and a moderator look."""
    worlds = []
    for writer in (cast.alice, cast.bob):
        thread = make_thread(cast.harbour)
        for person in (cast.alice, cast.bob):
            send(person, thread, "As myself")
        once(writer, thread)
        worlds.append([normal(page(looks, thread)) for looks in (cast.lena, cast.mona)])
    assert worlds[0] == worlds[1]


def test_ones_own_page_differs_from_anothers_in_the_marks_alone(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    once(cast.alice, thread)
    log = re.compile(r"<ol data-posts>.*?</ol>", re.DOTALL)
    own, other = (log.search(page(person, thread))[0] for person in (cast.alice, cast.bob))
    bare = (
        own.replace(" mine", "")
        .replace('<span class="you">you</span>', "")
        .replace("Change or take away", "React or report")
    )
    assert own != other == bare


def test_a_one_thread_name_touches_nothing_of_the_name_here(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.bob, thread)
    page(cast.alice, thread)
    before = set(ReadMark.objects.values_list("key", "seq"))
    personas = list(Persona.objects.order_by("pk").values())
    url = at("post_send", cast.harbour, thread.public_id)
    cast.alice.client.post(
        url, {"text": "Hi", "face": "once", "once": ONCE, "client_id": fresh()}, headers=JSON
    )
    assert set(ReadMark.objects.values_list("key", "seq")) == before
    assert list(Persona.objects.order_by("pk").values()) == personas
    byline = Byline.objects.get(alias__handle=ONCE)
    assert byline.persona is None and cast.alice.tag(cast.harbour) not in bytes(byline.alias.sealed_owner_tag)


def test_ones_own_one_thread_posts_are_no_news(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.bob, thread)
    page(cast.alice, thread)
    url = at("post_send", cast.harbour, thread.public_id)
    for _ in range(2):
        cast.alice.client.post(url, {"text": "Hi", "face": "once", "once": ONCE}, headers=JSON)
    assert "new to you" not in cast.alice.client.get(at("group", cast.harbour)).content.decode()
    assert "Nothing new since you were here" in cast.alice.client.get(reverse("chat:home")).content.decode()
    assert 'id="new"' not in page(cast.alice, thread)
    assert "messages you have not read" in cast.mona.client.get(reverse("chat:home")).content.decode()


def test_a_talk_one_opened_does_not_wait_for_oneself(cast: Cast) -> None:
    start(cast.alice, cast.harbour, face="once", once=ONCE)
    group = at("group", cast.harbour)
    assert "Someone is waiting" in cast.bob.client.get(group).content.decode()
    assert "Someone is waiting" not in cast.alice.client.get(group).content.decode()


def test_the_address_of_a_talk_tells_nothing(cast: Cast) -> None:
    same = fresh()
    for person in (cast.alice, cast.bob):
        start(person, cast.harbour, client_id=same, face="once", once=ONCE)
    first, second = Thread.objects.order_by("pk")
    assert first.public_id != second.public_id and len(first.public_id) == 14
