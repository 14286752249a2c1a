"""The pages of talk as a browser without scripts meets them: refusals first."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from chat.enums import PostState
from chat.models import Alias, Post, Reaction, Thread
from community.models import Group, Persona, Standing
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
    assert cast.alice.client.delete(url).status_code == 405
    assert cast.alice.client.post(at("group", cast.harbour)).status_code == 405


# --- what was written is kept, whatever happens ----------------------------------------------------------------


def test_the_muted_keep_their_words(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    answer = say(cast.muted, thread, "Kept <words>")
    assert answer.status_code == 403
    assert "Kept &lt;words&gt;" in answer.content.decode()
    assert "A limit is set for you" in answer.content.decode()
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
    assert "8,499 letters. Keep it to 8,000. Take some away, or send it in parts." in answer.content.decode()
    assert say(cast.alice, thread, "  ").status_code == 422


def test_too_fast_keeps_the_words_and_says_how_long(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    answers = [say(cast.alice, thread, f"Words {n}") for n in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert int(answers[-1]["Retry-After"]) > 0 and b"Words 20" in answers[-1].content


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
    assert "One or more people: thank you" in reacted.content.decode()
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


def test_taking_a_message_away_says_how_long_copies_keep(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Words")
    address = at("post_delete", cast.harbour, thread.public_id, post.public_id)
    assert "Backup copies keep them for 35 days." in cast.alice.client.get(address).content.decode()
    assert "Copies keep for 35 days" in cast.nobody.get("/safety/").content.decode()


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
        and mine.replace(" mine", "")
        .replace('<span class="you">you</span>', "")
        .replace("Change or take away", "React or report")
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


def test_home_lists_ones_own_groups_and_what_is_new(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Hidden words")
    send(cast.bob, thread)
    home = cast.alice.client.get(reverse("chat:home")).content.decode()
    assert "harbour" in home and "meadow" in home and "cellar" not in home
    assert "1 talk has messages you have not read" in home and "Hidden words" not in home
    page(cast.alice, thread)
    assert "New messages" not in cast.alice.client.get(reverse("chat:home")).content.decode()
    assert "You are in no group yet" in cast.olga.client.get(reverse("chat:home")).content.decode()
    assert "harbour" not in cast.barred.client.get(reverse("chat:home")).content.decode()


def test_the_page_of_ones_own_message_has_no_kind_words_to_oneself(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    url = at("post", cast.harbour, thread.public_id, send(cast.alice, thread).public_id)
    for_another = cast.bob.client.get(url).content.decode()
    assert "React to this message" in for_another and "?newest=1#composer" in for_another
    assert for_another.index("Thinking of you") < for_another.index(
        "data-post="
    )  # near, however long the message
    assert "React to this message" not in cast.alice.client.get(url).content.decode()


def test_no_title_or_address_says_what_it_is_about(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Very private")
    send(cast.alice, thread)
    shown = page(cast.alice, thread)
    title = re.search(r"<title>(.*?)</title>", shown)
    assert title is not None and "private" not in title[1] and "harbour" not in title[1]
    assert not re.search(r' style=| onclick=|<script(?! type="module" src=| src="/static/js/exit\.)', shown)


def test_a_limit_set_while_the_form_was_open(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Before")
    Standing.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_post=False)
    url = at("post_edit", cast.harbour, thread.public_id, post.public_id)
    answer = cast.alice.client.post(url, {"text": "After, kept"})
    assert answer.status_code == 403 and b"After, kept" in answer.content
    assert Post.objects.get().text == "Before"


@pytest.mark.once
def test_ones_own_message_names_both_that_one_can_do_with_it(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    html = page(cast.alice, thread)
    assert html.count(">Change or take away</a>") == 1
    assert '<p title="yours">Change or take away</p>' in html, "what the script says is the same"
    assert "Change or take away</a>" not in page(cast.bob, thread)


@pytest.mark.once
def test_who_has_no_name_yet_is_asked_in_plain_words(cast: Cast) -> None:
    html = page(cast.lena, make_thread(cast.harbour))
    assert "Want to write? Just start." in html and "If you want to write, start." not in html
