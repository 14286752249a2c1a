"""Somebody's sign-in ends while a page is open: forms and scripts are told so, and there is a way back."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from community.presenters.services import COOKIE
from core import ids
from tests.chat.saying import send
from tests.people import Cast, make_thread

pytestmark = [pytest.mark.django_db, pytest.mark.once]
JSON = {"Accept": "application/json"}
NUMBERS = 'href="tel:999">999 in the UK</a>,'
MARK = re.compile(r'data-keep="(\w+)"')


def mark_on(client: Client, url: str) -> str:
    return MARK.search(client.get(url).content.decode())[1]


def test_a_draft_has_another_mark_for_each_account_and_each_place(cast: Cast) -> None:
    talks = [
        reverse("chat:thread", args=[cast.harbour.public_id, make_thread(cast.harbour).public_id])
        for _ in "ab"
    ]
    places = [*talks, reverse("chat:thread_new", args=[cast.harbour.public_id])]
    marks = [mark_on(person.client, place) for person in (cast.alice, cast.bob) for place in places]
    assert len(set(marks)) == 6
    assert mark_on(cast.alice.client, talks[0]) == marks[0]  # the words of one's own come back


def test_a_script_is_told_that_the_sign_in_is_over(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    for name in ("events", "post_send"):
        url = reverse(f"chat:{name}", args=[cast.harbour.public_id, thread.public_id])
        for client, over in ((Client(), "out"), (cast.olga.client, "")):
            ask = client.get if name == "events" else client.post
            found = ask(url, headers=JSON)
            missing = ask(url.replace(thread.public_id, ids.new_public_id()), headers=JSON)
            assert found.status_code == 404 and found.json()["over"] == over
            assert found.content == missing.content
    strict = Client(enforce_csrf_checks=True, headers=JSON)
    strict.cookies = cast.alice.client.cookies
    refused = strict.post(url, {"text": "Hi"})
    assert refused.status_code == 403 and refused.json()["over"] == "old"  # the sign-in is not
    assert "signed out" not in refused.json()["message"]
    strict.cookies.clear()
    refused = strict.post(url, {"text": "Hi"})
    assert refused.status_code == 403 and refused.json()["over"] == "out"


def test_the_way_in_leads_back_to_where_one_was(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    url = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    client = Client()
    assert "/sign-in/?again=1" in client.get(url).content.decode()
    asked = client.get(
        "/sign-in/?again=1", headers={"Referer": f"http://testserver{url}", "Host": "testserver"}
    )
    assert asked.headers["Location"] == f"/sign-in/?next={url.replace('/', '%2F')}"
    for elsewhere in ("http://evil.example/g/", ""):
        answer = client.get("/sign-in/?again=1", headers={"Referer": elsewhere, "Host": "testserver"})
        assert answer.headers["Location"] == "/sign-in/", elsewhere
    ours = {"Referer": f"http://testserver{url}", "Host": "testserver"}
    sent = client.post(f"{url}posts/", {"text": "Hi"}, headers=ours)
    page = sent.content.decode()
    assert (
        sent.status_code == 404
        and f"/sign-in/?next={url.replace('/', '%2F')}" in page
        and ">\nHi</textarea>" in page
    )


def test_numbers_to_call_are_on_the_page_before_the_line_is_lost(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    url = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    assert NUMBERS in cast.bob.client.get(url).content.decode()
    call_command("services", "import", str(settings.BASE_DIR / "community/data/regions.csv"), verbosity=0)
    call_command("services", "import", str(settings.BASE_DIR / "community/data/services.csv"), verbosity=0)
    cast.bob.client.cookies[COOKIE] = "gb"
    page = cast.bob.client.get(url).content.decode()
    assert 'href="tel:999"' in page and NUMBERS not in page


def test_days_are_explained_to_who_is_new_in_a_talk(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    url = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    first, again = (cast.bob.client.get(url).content.decode() for _ in range(2))
    why = "Messages say the day, and not the time."
    assert why in first and why not in again
    assert "Someone who has the talk open just then sees a message come." in first
    assert "data-go-to" not in first and 'data-go-to="latest"' in again
    assert "data-go-to" not in cast.bob.client.get(url + "?newest=1").content.decode()
    send(cast.alice, thread, text="More")
    assert 'data-go-to="new"' in cast.bob.client.get(url).content.decode()
