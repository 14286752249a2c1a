"""The pages of talk as a browser without scripts meets them: refusals first."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from chat.enums import PostState
from chat.models import Alias, Post, Reaction, ReadMark, Thread
from community.models import Group, Member, Persona, Standing
from tests.chat.saying import alias_key, fresh, send, sign_as_alias
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
NASTY = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) "
    "![p](https://tracker.example/p.gif) </li></ol> \u202egnp.exe {{ 7|add:1 }} {% load x %} &lt;b&gt;"
)


def at(name: str, group: Group, *more: str) -> str:
    return reverse(f"chat:{name}", args=[group.public_id, *more])


def say(person: Person, thread: Thread, text: str, *, follow: bool = False, **more: str):
    url = at("post_send", thread.group, thread.public_id)
    data = {"text": text, "client_id": fresh()} | more
    return person.client.post(url, data, follow=follow, headers=more.pop("headers", None))


def page(person: Person, thread: Thread, query: str = "") -> str:
    answer = person.client.get(at("thread", thread.group, thread.public_id) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def without_tokens(content: bytes) -> bytes:
    return re.sub(rb'(value|nonce)="[^"]{20,}"', b"", content)


# --- refusals --------------------------------------------------------------------------------------------------


def addresses(thread: Thread, post: Post) -> list[tuple[str, str]]:
    gid, tid, pid = thread.group, thread.public_id, post.public_id
    return [
        ("get", at("group", gid)),
        ("get", at("thread_new", gid)),
        ("post", at("thread_new", gid)),
        ("get", at("thread", gid, tid)),
        ("post", at("post_send", gid, tid)),
        ("post", at("mark_read", gid, tid)),
        ("get", at("post", gid, tid, pid)),
        ("get", at("post_edit", gid, tid, pid)),
        ("post", at("post_edit", gid, tid, pid)),
        ("get", at("post_delete", gid, tid, pid)),
        ("post", at("post_delete", gid, tid, pid)),
        ("post", at("react", gid, tid, pid)),
    ]


@pytest.mark.parametrize("who", ["nobody", "olga", "barred", "ned"])
def test_missing_and_forbidden_are_one(cast: Cast, who: str) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Only for us")
    client: Client = cast.nobody if who == "nobody" else getattr(cast, who).client
    for method, url in addresses(thread, post):
        data = {"text": "x", "kind": "same_here", "title": "x", "ask": "advice_welcome"}
        send_as = getattr(client, method)
        there = send_as(url, data) if method == "post" else send_as(url)
        away = url.replace(thread.group.public_id, "nosuchgroup999")
        missing = send_as(away, data) if method == "post" else send_as(away)
        assert there.status_code == missing.status_code == 404, url
        assert without_tokens(there.content) == without_tokens(missing.content)
    assert Post.objects.get().state == PostState.SHOWN


def test_a_thread_of_another_group_is_not_found_here(cast: Cast) -> None:
    thread = make_thread(cast.meadow)
    post = send(cast.alice, thread)
    for method, url in addresses(thread, post):
        if thread.public_id in url:
            moved = url.replace(cast.meadow.public_id, cast.harbour.public_id)
            assert getattr(cast.bob.client, method)(moved).status_code == 404


@pytest.mark.parametrize("who", ["bob", "mona", "lead", "weak"])
def test_others_posts_have_no_page_to_change_them(cast: Cast, who: str) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    person: Person = getattr(cast, who)
    for name in ("post_edit", "post_delete"):
        url = at(name, cast.harbour, thread.public_id, post.public_id)
        assert person.client.get(url).status_code == person.client.post(url).status_code == 404
    shown = person.client.get(at("post", cast.harbour, thread.public_id, post.public_id)).content.decode()
    assert "/edit/" not in shown and "/delete/" not in shown


def test_home_asks_to_sign_in(cast: Cast) -> None:
    assert cast.nobody.get(reverse("chat:home")).status_code == 302


def test_no_address_answers_to_the_wrong_method(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    url = at("react", cast.harbour, thread.public_id, post.public_id)
    assert cast.alice.client.get(url).status_code == 405
    assert cast.alice.client.post(at("group", cast.harbour)).status_code == 405


# --- what was written is kept, whatever happens ----------------------------------------------------------------


def test_the_muted_keep_their_words(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    answer = say(cast.muted, thread, "Kept <words>")
    assert answer.status_code == 403
    assert "Kept &lt;words&gt;" in answer.content.decode()
    assert "A moderator set this limit" in answer.content.decode()
    started = cast.muted.client.post(
        at("thread_new", cast.harbour), {"title": "T", "ask": "advice_welcome", "text": "Kept words"}
    )
    assert started.status_code == 403 and b"Kept words" in started.content
    assert not Post.objects.exists()


def test_too_long_and_empty_keep_the_page(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    long = "long " * 1_700
    answer = say(cast.alice, thread, long)
    assert answer.status_code == 422 and long.strip() in answer.content.decode()
    assert "This is too long" in answer.content.decode()
    assert say(cast.alice, thread, "  ").status_code == 422


def test_too_fast_keeps_the_words_and_says_how_long(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    answers = [say(cast.alice, thread, f"Words {n}") for n in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert int(answers[-1]["Retry-After"]) > 0 and b"Words 20" in answers[-1].content


def test_a_first_post_asks_for_a_name_and_keeps_the_words(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    client_id = fresh()
    asked = say(cast.lena, thread, "My first words", client_id=client_id)
    shown = asked.content.decode()
    assert asked.status_code == 409 and "My first words" in shown and client_id in shown
    names = re.findall(r'name="handle" value="([^"]+)"', shown)
    assert len(set(names)) == 6 and "One more step" in shown and "Send as this name" in shown
    sent = say(cast.lena, thread, "My first words", client_id=client_id, handle=unescape(names[1]))
    assert sent.status_code == 302
    post = Post.objects.get(seq=2)
    assert post.byline.persona.handle == names[1] and post.client_id == client_id


def test_other_names_are_shown_and_the_words_stay(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    first = say(cast.lena, thread, "Kept words").content.decode()
    again = say(cast.lena, thread, "Kept words", other_names="1")
    names = [
        set(re.findall(r'name="handle" value="([^"]+)"', shown)) for shown in (first, again.content.decode())
    ]
    assert again.status_code == 200 and b"Kept words" in again.content and len(names[1]) == 6
    assert names[0] != names[1] and not Post.objects.exists()
    started = {"title": "New here", "ask": "just_listening", "text": "Hello", "other_names": "1"}
    again = cast.lena.client.post(at("thread_new", cast.harbour), started)
    assert again.status_code == 200 and b"New here" in again.content and Thread.objects.count() == 1
    assert say(cast.alice, thread, "Has one", other_names="1").status_code == 302


def test_a_name_somebody_has_is_asked_for_again(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    answer = say(cast.lena, thread, "Words", handle="Grey Heron")
    assert answer.status_code == 409 and b"Words" in answer.content
    assert len(re.findall(r'name="handle" value="', answer.content.decode())) == 6
    assert not Persona.objects.filter(member=cast.lena.member(cast.harbour)).exists()


@pytest.mark.parametrize(
    ("handle", "why"),
    [
        ("lena-otter-1234", "sign-in name"),
        ("Lena Otter 1234", "sign-in name"),
        ("The Mod", "from the team"),
        ("jo@example.org", "email"),
        ("Fresh\u034f", "letters, numbers"),
    ],
)
def test_a_name_sent_with_a_message_is_looked_over(cast: Cast, handle: str, why: str) -> None:
    thread = make_thread(cast.harbour)
    start = {"title": "Kept title", "ask": "advice_welcome", "text": "Kept words", "handle": handle}
    for answer in (
        say(cast.lena, thread, "Kept words", handle=handle),
        cast.lena.client.post(at("thread_new", cast.harbour), start),
    ):
        shown = answer.content.decode()
        assert answer.status_code == 422 and why in shown and "Kept words" in shown
        assert len(re.findall(r'name="handle" value="', shown)) == 6
    url = at("post_send", cast.harbour, thread.public_id)
    data = {"text": "Kept words", "client_id": fresh(), "handle": handle}
    told = cast.lena.client.post(url, data, headers={"accept": "application/json"})
    assert told.status_code == 422 and why in told.json()["message"]
    assert not Persona.objects.filter(member=cast.lena.member(cast.harbour)).exists()
    assert Post.objects.count() == 0 and Thread.objects.count() == 1


def test_a_changed_promise_is_agreed_to_in_the_same_press(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
    assert 'name="agrees"' in page(cast.alice, thread)
    refused = say(cast.alice, thread, "Words")
    assert refused.status_code == 409 and b"Words" in refused.content
    assert say(cast.alice, thread, "Words", agrees="on", version="1").status_code == 409
    assert say(cast.alice, thread, "Words", agrees="on", version="2").status_code == 302
    assert Member.objects.get(pk=cast.alice.member(cast.harbour).pk).accepted_version == 2
    assert 'name="agrees"' not in page(cast.alice, thread)


def test_a_thread_is_started_by_somebody_without_a_name(cast: Cast) -> None:
    url = at("thread_new", cast.harbour)
    data = {"title": "New here", "ask": "just_listening", "text": "Hello all", "client_id": fresh()}
    assert cast.lena.client.post(url, {"title": "New here"}).status_code == 422
    asked = cast.lena.client.post(url, data | {"heads_ups": ["money"]})
    assert asked.status_code == 409 and b"Hello all" in asked.content and b"New here" in asked.content
    assert b'value="money"' in asked.content and not Thread.objects.exists()
    name = unescape(re.findall(r'name="handle" value="([^"]+)"', asked.content.decode())[0])
    for _ in range(2):  # pressed twice
        sent = cast.lena.client.post(url, data | {"heads_ups": ["money"], "handle": name})
        assert sent.status_code == 302
    thread = Thread.objects.get()
    assert (thread.title, thread.ask, thread.heads_ups) == ("New here", "just_listening", ["money"])
    assert Post.objects.get().text == "Hello all"
    shown = page(cast.bob, thread)
    assert "Heads-up: money" in shown and "<details" in shown


# --- a journey without scripts ---------------------------------------------------------------------------------


def test_join_name_post_edit_react_delete_without_scripts(cast: Cast) -> None:
    thread, olga = make_thread(cast.meadow), cast.olga
    joined = olga.client.post(
        reverse("community:join", args=[cast.meadow.public_id]),
        {"version": "1", "accept": "on", "talk": "yes"},
    )
    assert joined.status_code == 302
    asked = say(olga, thread, "Good *morning*").content.decode()
    name = unescape(re.findall(r'name="handle" value="([^"]+)"', asked)[0])
    sent = say(olga, thread, "Good *morning*", handle=name, follow=True)
    assert "<em>morning</em>" in sent.content.decode() and f"Send as {name}" in sent.content.decode()
    more = re.search(r'href="(/g/[^"]+/p/[^"]+/)"', sent.content.decode())
    assert more is not None
    own = olga.client.get(more[1]).content.decode()
    assert "Change it" in own and "Take it away" in own
    edited = olga.client.post(more[1] + "edit/", {"text": "Good evening"}, follow=True)
    assert "Good evening" in edited.content.decode() and "changed</span>" in edited.content.decode()
    reacted = cast.alice.client.post(more[1] + "react/", {"kind": "thank_you"}, follow=True)
    assert "Some people: thank you" in reacted.content.decode()
    assert 'aria-pressed="true"' in cast.alice.client.get(more[1]).content.decode()
    assert 'aria-pressed="true"' not in own
    cast.alice.client.post(more[1] + "react/", {"undo": "thank_you"})
    assert not Reaction.objects.exists()
    asks = olga.client.get(more[1] + "delete/").content.decode()
    assert "Good evening" in asks and Post.objects.get().state == PostState.SHOWN
    gone = olga.client.post(more[1] + "delete/", follow=True).content.decode()
    assert "Taken away by its writer" in gone and "Good evening" not in gone
    assert olga.client.get(more[1] + "edit/").status_code == 404


# --- what the pages show ---------------------------------------------------------------------------------------


def test_nasty_text_is_text(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title=NASTY[:120])
    post = send(cast.alice, thread, NASTY)
    for url in (
        at("thread", cast.harbour, thread.public_id),
        at("group", cast.harbour),
        at("post", cast.harbour, thread.public_id, post.public_id),
        at("post_edit", cast.harbour, thread.public_id, post.public_id),
        at("post_delete", cast.harbour, thread.public_id, post.public_id),
    ):
        shown = cast.alice.client.get(url).content.decode()
        assert "<script>alert" not in shown and "<img src=x" not in shown
        assert 'href="javascript' not in shown and 'src="https://tracker' not in shown
        assert "\u202e" not in shown.replace(thread.title, "")
    shown = page(cast.bob, thread)
    assert shown.count("</ol>") == 1 and "{{ 7|add:1 }}" in shown


def test_the_fragment_is_the_same_for_everyone(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, "Words")

    def fragment(person: Person) -> str:
        found = re.search(r"<li id=\"p-.*?</li>", page(person, thread), re.DOTALL)
        assert found is not None
        return found[0]

    others = {fragment(person) for person in (cast.bob, cast.lena, cast.mona, cast.muted)}
    assert len(others) == 1
    mine = fragment(cast.alice)
    assert (
        mine not in others
        and mine.replace(" mine", "").replace('<span class="you">you</span>', "").replace("Change", "Respond")
        in others
    )
    assert len(others.pop().encode()) <= 700


def test_roles_show_on_the_current_name_and_never_on_an_alias(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.mona, thread)
    assert '<span class="badge">moderator</span>' in page(cast.bob, thread)
    Persona.objects.filter(member=cast.mona.member(cast.harbour)).update(is_current=False)
    assert "badge" not in page(cast.bob, thread)
    other = make_thread(cast.harbour)
    sign_as_alias(cast.mona, other)
    send(cast.mona, other, key_for_alias=alias_key(cast.mona, other))
    picture = reverse("community:avatar", args=[Alias.objects.get().avatar_id])
    assert picture in page(cast.bob, other) and cast.bob.client.get(picture).content == b"<svg/>"
    assert "Soft Lamp" in page(cast.bob, other) and "badge" not in page(cast.bob, other)


def test_the_unread_line_and_where_a_thread_opens(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    for n in range(60):
        send(cast.alice, thread, f"say{n:02}.")
    first = page(cast.bob, thread)
    assert "say59." in first and "say35." in first and "say34." not in first and 'id="new"' not in first
    assert "Show earlier messages" in first and 'data-head="60"' in first
    assert 'id="new"' not in page(cast.bob, thread)
    for n in range(60, 64):
        send(cast.alice, thread, f"say{n:02}.")
    group = cast.bob.client.get(at("group", cast.harbour)).content.decode()
    assert "4 new to you" in group and "64 messages" in group
    back = page(cast.bob, thread)
    assert back.index("say59.") < back.index('id="new"') < back.index("say60.")
    assert "new to you" not in cast.bob.client.get(at("group", cast.harbour)).content.decode()


def test_a_long_absence_opens_at_the_first_new_message(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, "say00.")
    page(cast.bob, thread)
    for n in range(1, 80):
        send(cast.alice, thread, f"say{n:02}.")
    assert "say79." in page(cast.bob, thread, "?newest=1")  # a jump: what it passed over stays new
    shown = page(cast.bob, thread)
    assert "say00." in shown and "say24." in shown and "say25." not in shown
    assert "data-socket" not in shown and "?after=25" in shown
    assert "say25." in page(cast.bob, thread, "?after=25")
    assert "say79." in page(cast.bob, thread, "?newest=1")
    assert "say10." in page(cast.bob, thread, "?before=20") and "say19." not in page(
        cast.bob, thread, "?before=20"
    )
    for odd in ("?before=x", "?after=99999999999999999999", "?before=-1", "?around=7", "?before=0"):
        page(cast.bob, thread, odd)


def test_ones_own_messages_are_never_new(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.bob, thread)
    page(cast.alice, thread)
    say(cast.alice, thread, "Mine, sent")  # the mark moves along
    assert cast.alice.keyed("read", thread.public_id) in {
        bytes(key) for key in ReadMark.objects.filter(seq=2).values_list("key", flat=True)
    }
    send(cast.alice, thread, "Mine, from elsewhere")
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, "Mine too", key_for_alias=alias_key(cast.alice, thread))
    group, home = at("group", cast.harbour), reverse("chat:home")
    assert "new to you" not in cast.alice.client.get(group).content.decode()
    assert 'id="new"' not in page(cast.alice, thread)
    send(cast.alice, make_thread(cast.harbour))
    assert "New messages" not in cast.alice.client.get(home).content.decode()
    send(cast.bob, thread)
    say(cast.alice, thread, "Crossed", headers={"Accept": "application/json"})
    assert "1 new to you" in cast.alice.client.get(group).content.decode()
    assert "New messages in 1 talk" in cast.alice.client.get(home).content.decode()


def test_somebody_waits_until_another_answers(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Alone")
    url, home = at("group", cast.harbour), reverse("chat:home")
    assert "Someone is waiting" not in cast.bob.client.get(url).content.decode()
    send(cast.alice, thread)
    assert "Someone is waiting" in cast.bob.client.get(url).content.decode()
    assert "Someone is waiting" in cast.bob.client.get(home).content.decode()
    assert "Someone is waiting" not in cast.alice.client.get(url).content.decode()
    send(cast.bob, thread)
    assert "Someone is waiting" not in cast.lena.client.get(url).content.decode()


def test_home_lists_ones_own_groups_and_what_is_new(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Hidden words")
    send(cast.bob, thread)
    home = cast.alice.client.get(reverse("chat:home")).content.decode()
    assert "harbour" in home and "meadow" in home and "cellar" not in home
    assert "New messages in 1 talk" in home and "Hidden words" not in home
    page(cast.alice, thread)
    assert "New messages" not in cast.alice.client.get(reverse("chat:home")).content.decode()
    assert "You are in no group yet" in cast.olga.client.get(reverse("chat:home")).content.decode()
    assert "harbour" not in cast.barred.client.get(reverse("chat:home")).content.decode()


def test_the_page_of_ones_own_message_has_no_kind_words_to_oneself(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    url = at("post", cast.harbour, thread.public_id, send(cast.alice, thread).public_id)
    assert "Say you read it" in cast.bob.client.get(url).content.decode()
    assert "Say you read it" not in cast.alice.client.get(url).content.decode()


def test_marks_without_a_page(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    url = at("mark_read", cast.harbour, thread.public_id)
    for seq in ("1", "x", "", "9" * 30):
        assert cast.bob.client.post(url, {"seq": seq}).status_code == 204
    assert "new to you" not in cast.bob.client.get(at("group", cast.harbour)).content.decode()


def test_no_title_or_address_says_what_it_is_about(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Very private")
    send(cast.alice, thread)
    shown = page(cast.alice, thread)
    title = re.search(r"<title>(.*?)</title>", shown)
    assert title is not None and "private" not in title[1] and "harbour" not in title[1]
    assert not re.search(r' style=| onclick=|<script(?! type="module" src=)', shown)


def test_a_limit_set_while_the_form_was_open(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Before")
    Standing.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_post=False)
    url = at("post_edit", cast.harbour, thread.public_id, post.public_id)
    answer = cast.alice.client.post(url, {"text": "After, kept"})
    assert answer.status_code == 403 and b"After, kept" in answer.content
    assert Post.objects.get().text == "Before"
