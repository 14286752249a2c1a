"""Advice before something is sent: once, with both ways open, and nothing of it kept or told."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from django.apps import apps
from django.urls import reverse

from chat.models import Alias, Post, Thread
from community.actions import due
from community.models import DueAct, Persona
from core import clock
from tests.chat.saying import alias_key, fresh, send, sign_as_alias
from tests.people import Cast, Person, make_thread

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NUMBER = "You can ring me on 07700 900123."
TOLD = "I have never told anyone that I drove to the bridge and sat there until the sun came up."
AGAIN = "words you wrote under another name"
JSON = {"Accept": "application/json"}
NOT_COUNTED = {"Session", "ReadMark"}  # the page that comes back is read


def say(person: Person, thread: Thread, text: str, *, headers: dict[str, str] | None = None, **more: str):
    url = reverse("chat:post_send", args=[thread.group.public_id, thread.public_id])
    return person.client.post(url, {"text": text, "client_id": fresh()} | more, headers=headers or {})


def said(answer) -> str:
    return unescape(answer.content.decode())


def rows() -> dict[str, int]:
    """How many rows every table holds."""
    return {
        model.__name__: model.objects.count()
        for model in apps.get_models()
        if model.__name__ not in NOT_COUNTED
    }


@pytest.mark.parametrize(("who", "status"), [("muted", 403), ("barred", 404), ("olga", 404), ("ned", 404)])
def test_who_may_not_write_learns_that_and_no_advice(cast: Cast, who: str, status: int) -> None:
    answer = say(getattr(cast, who), make_thread(cast.harbour), NUMBER, as_it_is="1")
    assert answer.status_code == status and not Post.objects.exists()


def test_the_page_comes_back_once_with_both_ways_open(cast: Cast) -> None:
    thread, before = make_thread(cast.harbour), rows()
    answer = say(cast.alice, thread, NUMBER)
    page = said(answer)
    assert answer.status_code == 409 and rows() == before
    assert "a way to reach you: “07700 900123”" in page
    assert page.count(NUMBER) == 1, "the words are kept in the box, and only there"
    assert 'href="#text">Change it' in page and 'name="as_it_is" value="1">Post as it is' in page
    assert say(cast.alice, thread, NUMBER).status_code == 409, "each plain press is looked at"
    assert say(cast.alice, thread, "You can tell me here.").status_code == 302
    assert say(cast.alice, thread, NUMBER, as_it_is="1").status_code == 302
    assert {post.text for post in Post.objects.all()} == {"You can tell me here.", NUMBER}


def test_advice_is_carried_through_the_next_steps(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    assert "Post as it is" in said(say(cast.lena, thread, NUMBER))
    named = said(say(cast.lena, thread, NUMBER, as_it_is="1"))
    assert "pick a name" in named and "Post as it is" not in named
    assert '<input type="hidden" name="as_it_is" value="1"' in named
    assert say(cast.lena, thread, NUMBER, as_it_is="1", handle="Wide Meadow").status_code == 302


def test_the_script_gets_the_same_words(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    answer = say(cast.alice, thread, NUMBER, headers=JSON)
    assert answer.status_code == 409 and "07700 900123" in answer.json()["advice"]
    assert answer.json()["advice"].strip() in say(cast.alice, thread, NUMBER).content.decode()
    assert say(cast.alice, thread, NUMBER, headers=JSON, as_it_is="1").status_code == 201


def test_a_new_talk_and_a_change_are_looked_at_too(cast: Cast) -> None:
    url = reverse("chat:thread_new", args=[cast.harbour.public_id])
    data = {"title": "My son Tom", "ask": "advice_welcome", "text": "He is ill.", "client_id": fresh()}
    answer = cast.alice.client.post(url, data)
    assert answer.status_code == 409 and "“My son Tom”" in said(answer) and not Thread.objects.exists()
    assert cast.alice.client.post(url, data | {"as_it_is": "1"}).status_code == 302
    post = Post.objects.get()
    page = reverse("chat:post_edit", args=[cast.harbour.public_id, post.thread.public_id, post.public_id])
    changed = cast.alice.client.post(page, {"text": NUMBER})
    assert changed.status_code == 409 and "07700 900123" in said(changed)
    assert Post.objects.get().text == "He is ill."
    assert cast.alice.client.post(page, {"text": NUMBER, "as_it_is": "1"}).status_code == 302
    assert Post.objects.get().text == NUMBER


def test_words_of_another_name_of_ones_own_are_noticed_and_neither_is_named(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.meadow, title="Plantedtitle"), TOLD)
    thread = make_thread(cast.harbour)
    before = rows()
    answer = say(cast.alice, thread, f"Hello. {TOLD}")
    page = said(answer)
    assert answer.status_code == 409 and AGAIN in page and rows() == before
    assert not any(name in page for name in ("meadow", "Plain Fern", "Plantedtitle", cast.meadow.public_id))
    assert say(cast.bob, thread, TOLD).status_code == 302, "what others wrote is no echo"
    assert (
        say(cast.alice, thread, "Something else that I have not told anyone before today.").status_code == 302
    )
    assert say(cast.alice, thread, TOLD, as_it_is="1").status_code == 302
    assert AGAIN not in said(say(cast.bob, thread, f"{TOLD} 07700 900123")), (
        "one's own name may repeat itself"
    )


def test_a_one_thread_name_and_the_name_here_do_not_tell_the_same(cast: Cast) -> None:
    first, second = make_thread(cast.harbour), make_thread(cast.harbour)
    sign_as_alias(cast.alice, first)
    send(cast.alice, first, TOLD, key_for_alias=alias_key(cast.alice, first))
    assert AGAIN in said(say(cast.alice, second, TOLD))
    assert AGAIN in said(say(cast.alice, second, TOLD, face="once", once="Soft Lantern"))
    alias = Alias.objects.get()
    assert say(cast.alice, first, TOLD, face="once", once=alias.handle).status_code == 302
    assert say(cast.bob, first, TOLD).status_code == 302


def test_a_new_name_does_not_repeat_the_old_one(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, TOLD)
    Persona.objects.filter(handle="Grey Heron").update(is_current=False)
    member = cast.alice.member(cast.harbour)
    Persona.objects.create(
        member=member, group=cast.harbour, handle="New Leaf", handle_key="newleaf", avatar_svg="<svg/>"
    )
    assert AGAIN in said(say(cast.alice, thread, TOLD))


def test_what_was_taken_away_is_no_echo(cast: Cast) -> None:
    post = send(cast.alice, make_thread(cast.meadow), TOLD)
    Post.objects.filter(pk=post.pk).update(state="deleted", text="", html="")
    assert say(cast.alice, make_thread(cast.harbour), TOLD).status_code == 302


def test_words_that_wait_to_appear_are_compared_too_and_nothing_names_them(cast: Cast) -> None:
    first, thread = make_thread(cast.harbour), make_thread(cast.harbour)
    say(cast.alice, make_thread(cast.meadow, title="Plantedtitle"), TOLD, when="24")
    before = rows()
    assert before["DueAct"] == 1
    answer = say(cast.alice, first, f"Hello. {TOLD}")
    page = said(answer)
    assert answer.status_code == 409 and AGAIN in page and rows() == before
    assert not any(name in page for name in ("meadow", "Plain Fern", "Plantedtitle", cast.meadow.public_id))
    assert say(cast.bob, first, TOLD).status_code == 302, "what others have waiting is no echo"
    DueAct.objects.all().delete()
    assert say(cast.alice, first, TOLD, when="24").status_code == 302
    assert say(cast.alice, thread, TOLD).status_code == 302, "one's own name may repeat itself"
    assert AGAIN in said(say(cast.alice, thread, TOLD, face="once", once="Soft Lantern"))


def test_a_one_thread_name_that_waits_is_compared_with_every_other_face(cast: Cast) -> None:
    first, second = make_thread(cast.harbour), make_thread(cast.harbour)
    once = {"face": "once", "once": "Soft Lantern"}
    assert say(cast.alice, first, TOLD, when="24", **once).status_code == 302
    assert say(cast.alice, first, TOLD, **once).status_code == 302, "the same face"
    Post.objects.all().delete()
    assert AGAIN in said(say(cast.alice, first, TOLD))
    assert AGAIN in said(say(cast.alice, second, TOLD, **once))


def test_a_talk_that_waits_to_be_opened_is_compared_until_it_cannot_appear(cast: Cast) -> None:
    url = reverse("chat:thread_new", args=[cast.meadow.public_id])
    data = {"title": "Mine", "ask": "advice_welcome", "text": TOLD, "client_id": fresh(), "when": "24"}
    assert cast.alice.client.post(url, data).status_code == 302
    thread = make_thread(cast.harbour)
    assert AGAIN in said(say(cast.alice, thread, TOLD))
    Persona.objects.filter(handle="Plain Fern").update(is_current=False)
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        due.do_due()
    assert DueAct.objects.get().due_at is None
    assert say(cast.alice, thread, TOLD).status_code == 302, "nobody will see it"
