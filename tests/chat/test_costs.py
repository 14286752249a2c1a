"""What one member can cost everybody: texts are looked at a bounded way, rendered outside of every lock, and have a
pace. How long it takes is measured in bench/rendering.py."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.db import connection

from chat.actions import posts
from chat.models import Post, Thread
from community import handles
from community.actions import due
from core import clock, text
from tests.chat.saying import send
from tests.chat.test_pages import at, page
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


def test_an_address_is_looked_for_in_a_few_parts_alone() -> None:
    """More parts than any host has are no address: it is not sought again from each of them."""
    assert text.to_html("a.b.c.d.example.org/x").count("<a ") == 1
    assert "<a " not in text.to_html("a." * 30 + "example.org")
    assert "<a " not in text.to_html("me@example.org, ftp://example.org and http://me@example.org")


def test_no_letter_carries_more_marks_than_a_writing_needs() -> None:
    assert len(text.tidy("e" + "\u0323\u0301" * 500)) <= text.MOST_MARKS
    assert text.tidy("Việt, नमस्ते, שָׁלוֹם") == unicodedata.normalize("NFC", "Việt, नमस्ते, שָׁלוֹם")


def test_nothing_is_rendered_while_something_is_locked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    depths, real = list[int](), text.to_html

    def spy(words: str) -> str:
        depths.append(len(connection.savepoint_ids))
        return real(words)

    monkeypatch.setattr(text, "to_html", spy)
    given = {"title": "A talk", "ask": "advice_welcome", "text": "Words", "as_it_is": "1", "when": "3"}
    assert cast.alice.client.post(at("thread_new", cast.harbour), given).status_code == 302
    posts._rendered.cache_clear()  # another process does what is due
    with clock.held_at(clock.now() + dt.timedelta(hours=4)):
        due.do_due()
    assert Thread.objects.exists() and set(depths) == {0}


def test_changing_a_message_has_a_pace(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    url = at("post_edit", cast.harbour, thread.public_id, post.public_id)
    answers = [cast.alice.client.post(url, {"text": f"Take {n}", "as_it_is": "1"}) for n in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "Take 20" in answers[-1].content.decode() and answers[-1]["Retry-After"]
    assert "Take 19" in page(cast.alice, thread)


def test_a_huge_name_is_refused_before_anybody_looks_at_all_of_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = make_thread(cast.harbour)
    huge, looked_at, real = "\u0301\u0323" * 10_000, list[int](), unicodedata.normalize

    def spy(form: str, words: str) -> str:
        looked_at.append(len(words))
        return real(form, words)

    monkeypatch.setattr(unicodedata, "normalize", spy)
    for url, given in (
        (f"/g/{cast.harbour.public_id}/name/", {"handle": huge, "avatar": ""}),
        (at("post_send", cast.harbour, thread.public_id), {"text": "Hello", "handle": huge, "as_it_is": "1"}),
    ):
        assert cast.lena.client.post(url, given).status_code in {409, 422}
    assert looked_at and max(looked_at) <= handles.LOOKED_AT
    assert not Post.objects.filter(thread=thread).exists()
