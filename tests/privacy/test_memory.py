"""What a process remembers between requests: no words from days before, and none that were taken away."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from typing import Any

import pytest

from chat import presenters
from chat.actions import posts as posting
from core import clock, memory, ticker
from moderation.automatic import worry
from moderation.enums import Act
from moderation.selectors import console
from tests.chat.saying import face, send
from tests.moderation.judging import decide, report
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
SECRET = "zanderblik"


def _held_by(root: Any, *, deep: int = 6) -> Iterator[str]:
    """Every text that hangs on something."""
    layer = [root]
    for _ in range(deep):
        layer = [one for found in layer for one in gc.get_referents(found) if not isinstance(one, type)]
        yield from (one for one in layer if isinstance(one, str))


def test_due_work_lets_go_of_them_too() -> None:
    """As where what waited is published."""
    assert worry.worried(f"I want to die, {SECRET}") != worry.Level.NONE
    assert [text for text in _held_by(worry._found_last) if SECRET in text]
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        ticker.tick(moment=0.0)
    assert not [text for text in _held_by(worry._found_last) if SECRET in text]


@pytest.mark.parametrize("where", ["made ready", "fragments"])
def test_words_that_were_taken_away_are_not_in_memory_two_days_later(cast: Cast, where: str) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, f"One {SECRET} word")
    cast.bob.client.get(f"/g/{cast.harbour.public_id}/t/{thread.public_id}/")
    posting.delete_post(face=face(cast.alice, thread), post=post)
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        cast.bob.client.get("/")
        root = {"made ready": posting._rendered, "fragments": presenters._fragments}[where]
        assert not [text for text in _held_by(root) if SECRET in text]


def test_no_word_of_what_waits_for_a_team_is_kept_from_one_request_to_the_next(cast: Cast) -> None:
    post = send(cast.alice, make_thread(cast.harbour), f"One {SECRET} word")
    decide(cast.mona, report(cast.bob, post).case, Act.NOTHING)
    report(cast.bob, send(cast.alice, post.thread, f"Two {SECRET} words"))
    page = cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/fresh/")
    kept = console._last
    assert page.status_code == 200 and kept and kept.waiting and kept.decided and kept.made
    assert "It is unkind" in " ".join(_held_by(kept)), "what is looked through is what it is"
    assert not [text for text in _held_by(kept, deep=8) if SECRET in text]


def test_what_was_read_for_a_team_is_let_go_of_with_the_day(cast: Cast) -> None:
    memory.begin_day()
    console.read_now(group=cast.harbour)
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        cast.bob.client.get("/")
        assert console._last is None
