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
    assert "a long night &amp; what helped</textarea>" in answer.content.decode()
