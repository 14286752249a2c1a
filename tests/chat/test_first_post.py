"""A first message: a name and the changed promise are settled in the same press, and no word is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest

from chat.actions.bylines import Voice
from chat.errors import TooSoon
from chat.models import Post, Thread
from community import avatars
from community.models import Group, Member, Persona
from moderation.actions import care
from tests.chat.saying import alias_key, fresh, send, sign_as_alias
from tests.chat.test_alias import set_policy
from tests.chat.test_later import ONCE
from tests.chat.test_pages import at, page, say
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
NASTY = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) "
    "![p](https://tracker.example/p.gif) </li></ol> \u202egnp.exe {{ 7|add:1 }} {% load x %} &lt;b&gt;"
)


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


def test_at_the_step_of_the_name_nothing_points_to_a_next_step(cast: Cast) -> None:
    """Both names that could sign are in sight: the one to pick, and the one for this talk only."""
    thread = make_thread(cast.harbour)
    before = page(cast.lena, thread)
    assert "you pick it in the next step" in before and '<details class="how">' in before
    shown = say(cast.lena, thread, "First words").content.decode()
    assert "the one you pick above" in shown and "next step" not in shown
    assert "Or use a name for this talk only: it is further down." in shown
    assert '<details class="how" open>' in shown


def test_where_there_are_no_one_thread_names_the_step_of_the_name_offers_none(
    cast: Cast, monkeypatch
) -> None:
    set_policy(monkeypatch, "off")
    shown = say(cast.lena, make_thread(cast.harbour), "First words").content.decode()
    assert "a name for this talk only" not in shown and '<details class="how">' in shown


def test_a_one_thread_name_without_a_picture_yet_says_so(cast: Cast) -> None:
    thread, says = make_thread(cast.harbour), "It gets a picture of its own when you send."
    assert says in page(cast.alice, thread)
    say(cast.alice, thread, "As another", face="once", once=ONCE)
    assert says not in page(cast.alice, thread)


def pictures(shown: str) -> list[str]:
    return re.findall(r'type="radio" name="avatar" value="([^"]+)"', shown)


def test_the_picture_picked_beside_the_name_is_the_one_shown(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    shown = say(cast.lena, thread, "First words").content.decode()
    assert len(set(pictures(shown))) == 6 and shown.count("data:image/svg+xml;base64,") == 6
    assert len(re.findall(r'name="avatar"[^>]* checked', shown)) == 1
    picked = pictures(shown)[3]
    again = say(cast.lena, thread, "First words", avatar=picked, other_names="1").content.decode()
    assert "First words" in again and pictures(again)[0] == picked and len(set(pictures(again))) == 6
    assert re.search(rf'value="{picked}"[^>]* checked', again)
    assert say(cast.lena, thread, "First words", avatar=picked, handle="Free Bird").status_code == 302
    assert Persona.objects.get(handle="Free Bird").avatar_svg == avatars.draw(choice=picked)


@pytest.mark.parametrize("forged", ["", "stack-<svg>", "other-" + "ab" * 16, "stack-" + "AB" * 16])
def test_a_picture_that_was_never_on_offer_is_drawn_by_chance(cast: Cast, forged: str) -> None:
    thread = make_thread(cast.harbour)
    assert say(cast.lena, thread, "Words", handle="Free Bird", avatar=forged).status_code == 302
    assert Persona.objects.get(handle="Free Bird").avatar_svg.startswith("<svg")


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


def offers(shown: str) -> list[str]:
    return re.findall(r'name="handle" value="([^"]+)"', shown)


def test_a_press_without_a_name_says_so_and_offers_the_same(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    first = say(cast.lena, thread, "My words").content.decode()
    [offered] = re.findall(r'name="offered" value="([^"]+)"', first)
    assert "Pick a name first" not in first and offered.split("|") == offers(first)
    again = say(cast.lena, thread, "My words", offered=offered)
    shown = again.content.decode()
    assert again.status_code == 409 and "Not sent yet. Pick a name first." in shown and "My words" in shown
    assert offers(shown) == offers(first) and not Post.objects.exists()
    others = say(cast.lena, thread, "My words", offered=offered, other_names="1").content.decode()
    assert offers(others) != offers(first)


@pytest.mark.parametrize("forged", ["<script>", "Grey Heron|Dr Brown", "|", "x" * 9000])
def test_names_that_were_never_on_offer_are_not_offered(cast: Cast, forged: str) -> None:
    shown = say(cast.lena, make_thread(cast.harbour), "My words", offered=forged).content.decode()
    assert len(set(offers(shown))) == 6 and not set(forged.split("|")) & {*offers(shown)} - {"Grey Heron"}


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


def test_what_is_refused_leaves_no_name_behind(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    lead = cast.lead.here(cast.harbour)
    care.slow_thread(here=lead, place=thread.public_id, minutes=30, hours=3)
    sign_as_alias(cast.lena, thread)
    send(cast.lena, thread, "For this talk only", key_for_alias=alias_key(cast.lena, thread))
    with pytest.raises(TooSoon):
        send(cast.lena, thread, "As myself", voice=Voice(handle="Quiet Lantern"))
    assert not Persona.objects.filter(handle="Quiet Lantern").exists()
