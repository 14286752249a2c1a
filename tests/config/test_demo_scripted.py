"""The made-up member who answers visitors: never where a made-up line would hurt."""

from __future__ import annotations

from typing import Any

import pytest

from chat.models import Post, Thread
from config.demo import cast as demo_cast
from config.demo import content, lively, scripted
from moderation.enums import Kind, Step
from moderation.models import Switch
from tests.chat.saying import send
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
REPLY = "Seen, read, and waved at from my chair."


@pytest.fixture
def thread(cast: Cast, monkeypatch: Any) -> Thread:
    """A talk in a group whose scripted member is Bob."""
    made = make_thread(cast.harbour)
    group = {
        "group": {"name": cast.harbour.name, "key": "harbour"},
        "people": [],
        "scripted": {"reply_by": "Bob", "replies": [REPLY, "Hello."]},
        "threads": [{"title": made.title}],
        "lively": {"lines": [REPLY]},
    }
    monkeypatch.setattr(content, "groups", lambda: [group])
    monkeypatch.setattr(demo_cast, "here", lambda *_: cast.bob.here(cast.harbour))
    monkeypatch.setattr(scripted, "_answered", set())
    return made


def answers(thread: Thread) -> int:
    before = Post.objects.filter(thread=thread).count()
    scripted._answer(thread.pk)
    return Post.objects.filter(thread=thread).count() - before


def test_words_of_worry_get_no_scripted_answer_and_nor_does_what_follows(cast: Cast, thread: Thread) -> None:
    send(cast.alice, thread, "I want to kill myself")
    assert answers(thread) == 0
    send(cast.alice, thread, "Is anybody there")
    assert answers(thread) == 0


def test_words_that_the_group_looks_out_for_get_none(cast: Cast, thread: Thread) -> None:
    Switch.objects.create(
        group=cast.harbour, kind=Kind.PHRASES, step=Step.FLAG, phrases="you are lazy", of_messages=0, found=0,
        is_on=True,
    )  # fmt: skip
    send(cast.alice, thread, "You are lazy, all of you")
    assert answers(thread) == 0


def test_other_words_get_one_answer(cast: Cast, thread: Thread) -> None:
    send(cast.alice, thread, "The rain has stopped")
    assert answers(thread) == 1


def test_small_talk_does_not_follow_words_of_worry(cast: Cast, thread: Thread, monkeypatch: Any) -> None:
    person = {"handle": "Bob"}
    monkeypatch.setitem(content.groups()[0], "people", [person])
    monkeypatch.setattr(demo_cast, "is_played", lambda *_: False)
    send(cast.alice, thread, "The rain has stopped")
    lively.say_something()
    assert Post.objects.filter(text=REPLY).count() == 1
    send(cast.alice, thread, "I want to kill myself")
    lively.say_something()
    assert Post.objects.filter(text=REPLY).count() == 1
