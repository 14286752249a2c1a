"""Words of worry that are not sent yet: help is there at once, above any step that comes first. Nothing is raised."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from chat.models import Post, Thread
from moderation.models import Case
from tests.chat.saying import fresh, send
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
DARK = "I want to die and I do not know who to tell"
HELP = "That sounds very hard. You are not in trouble."


@pytest.fixture
def thread(cast: Cast) -> Thread:
    made = make_thread(cast.harbour)
    send(cast.alice, made)
    return made


def say(person: Person, thread: Thread, text: str, **given: Any) -> Any:
    url = reverse("chat:post_send", args=[thread.group.public_id, thread.public_id])
    headers = given.pop("headers", {})
    return person.client.post(url, {"text": text, "client_id": fresh()} | given, headers=headers)


def held(answer: Any, *, step: str) -> str:
    """The page that was answered, with help above its step, and nothing sent or raised."""
    page = answer.content.decode()
    assert answer.status_code >= 400 and Post.objects.filter(text=DARK).count() == 0
    assert not Case.objects.exists()
    assert page.index(HELP) < page.index(step)
    assert "The team has not been told. You can tell them." in page
    return page


def test_others_words_get_no_card(cast: Cast, thread: Thread) -> None:
    assert HELP not in say(cast.lena, thread, "My first words").content.decode()


def test_before_a_name_is_picked(cast: Cast, thread: Thread) -> None:
    page = held(say(cast.lena, thread, DARK), step='name="handle"')
    assert re.search(r'href="[^"]*/now/"', page) and DARK in page
    # the step itself may be below the screen
    assert 'href="#next-step">One more step: pick a name here.</a>' in page
    offered = re.findall(r'name="offered" value="([^"]*)"', page)[0]
    again = held(say(cast.lena, thread, DARK, offered=offered), step='name="handle"')
    assert 'href="#next-step">Not sent yet. Pick a name first.</a>' in again


def test_before_a_name_is_picked_for_a_new_talk(cast: Cast) -> None:
    url = reverse("chat:thread_new", args=[cast.harbour.public_id])
    given = {"title": "Tonight", "ask": "just_listening", "text": DARK, "client_id": fresh()}
    held(cast.lena.client.post(url, given), step='name="handle"')


def test_before_the_promise(cast: Cast, thread: Thread) -> None:
    cast.harbour.charter_version += 1
    cast.harbour.save()
    held(say(cast.alice, thread, DARK), step='name="agrees"')


def test_before_a_second_look(cast: Cast, thread: Thread) -> None:
    text = f"{DARK}. Ring me on 07700 900123."
    page = say(cast.alice, thread, text).content.decode()
    assert page.index(HELP) < page.index("Look at this once.") and not Case.objects.exists()


def test_when_it_goes_too_fast(cast: Cast, thread: Thread, monkeypatch: Any) -> None:
    monkeypatch.setattr("chat.views.answers.seconds_to_wait", lambda **_: 60)
    held(say(cast.alice, thread, DARK), step='id="composer"')


def test_the_script_gets_it_too(cast: Cast, thread: Thread, monkeypatch: Any) -> None:
    asked = say(cast.lena, thread, DARK, headers={"accept": "application/json"})
    assert asked.status_code == 409 and HELP in asked.json()["care"]
    calm = say(cast.lena, thread, "My first words", headers={"accept": "application/json"})
    assert "care" not in calm.json() and not Case.objects.exists()


def test_before_a_change_is_taken(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread, "My tomatoes are ripe")
    url = reverse("chat:post_edit", args=[cast.harbour.public_id, thread.public_id, post.public_id])
    page = cast.alice.client.post(url, {"text": f"{DARK}. Ring me on 07700 900123."}).content.decode()
    assert page.index(HELP) < page.index("Look at this once.") and not Case.objects.exists()
