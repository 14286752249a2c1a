"""Somebody who was signed out, or put out, while writing gets their words back, whoever asks and for what."""

from __future__ import annotations

from django.test import Client

from tests.people import Cast, make_thread

WORDS = "a long night & what helped"


def test_words_come_back_when_the_door_is_shut(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    there = f"/g/{cast.harbour.public_id}/t/{thread.public_id}/posts/"
    for client in (cast.nobody, cast.olga.client, cast.barred.client):
        for url in (there, "/g/nowhere/t/nothing/posts/"):
            answer = client.post(url, {"text": WORDS})
            assert answer.status_code == 404
            assert "a long night &amp; what helped</textarea>" in answer.content.decode()


def test_words_come_back_when_the_forms_token_is_old(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/g/{cast.harbour.public_id}/t/{thread.public_id}/posts/", {"text": WORDS})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "<h1>This was not sent</h1>" in page
    words, step = page.index("a long night &amp; what helped</textarea>"), page.index("Copy your words.")
    assert words < step < page.index('class="btn"') and page.count('class="btn"') == 1


def test_where_nothing_was_written_no_box_is_spoken_of(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    came = {"Referer": "http://testserver/sign-in/?next=/home/", "Host": "testserver"}
    page = client.post("/sign-in/", {"name": "a", "passphrase": "b"}, headers=came).content.decode()
    assert "Copy" not in page and "words" not in page
    assert 'class="btn" href="/sign-in/"' in page
    came["Referer"] = "http://testserver//elsewhere.example/"
    assert 'class="btn" href="/elsewhere.example/"' in client.post("/sign-in/", headers=came).content.decode()
