"""Quick exit."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Session, SessionEvent
from accounts.session_store import fingerprint_of
from tests.accounts.journeys import is_in, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return sign_up().client


def test_the_link_ends_the_session_and_leads_somewhere_plain(client, settings):
    settings.KITH_EXIT_TO = "https://weather.example/"
    ref = fingerprint_of(client.session.session_key).hex()
    answer = client.get("/leave/")
    assert answer.status_code == 303 and answer.headers["Location"] == "https://weather.example/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client) and not Session.objects.exists()
    assert SessionEvent.objects.get().ref == ref


def test_the_beacon_needs_no_token(client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post("/leave/")
    assert answer.status_code == 204 and not answer.content
    assert not Session.objects.exists()


@pytest.mark.parametrize("where", ["next", "to", "url", "exit_to"])
def test_nothing_in_the_address_has_a_say_in_where_it_leads(client, settings, where):
    answer = client.get("/leave/", {where: "https://evil.example/"})
    assert answer.headers["Location"] == settings.KITH_EXIT_TO


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
    ],
)
def test_a_browser_that_looks_ahead_ends_nothing(client, header):
    assert client.get("/leave/", **header).status_code == 204
    assert is_in(client)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_of_another_site_ends_and_clears_nothing(client, settings, site):
    answers = [ask("/leave/", headers={"sec-fetch-site": site}) for ask in (client.get, client.post)]
    assert [answer.status_code for answer in answers] == [303, 204]
    assert answers[0].headers["Location"] == settings.KITH_EXIT_TO
    assert is_in(client) and not any("Clear-Site-Data" in answer.headers for answer in answers)
    for site_of_ours in ("same-origin", "none"):  # the link itself; an address that was typed
        client = sign_up().client
        client.get("/leave/", headers={"sec-fetch-site": site_of_ours})
        assert not is_in(client)


def test_an_exit_that_is_owed_is_made_good_on_a_page_that_is_looked_at_ahead(client):
    assert client.post("/leave/", HTTP_SEC_PURPOSE="prefetch;prerender").status_code == 204
    assert not is_in(client) and not Session.objects.exists()


def test_leaving_without_a_session_works_alike():
    assert Client().get("/leave/").status_code == 303
    assert Client().post("/leave/").status_code == 204


def test_signing_out_forgets_words_that_were_not_sent(client):
    answer = client.post("/sign-out/")
    assert answer.status_code == 302
    assert "storage" in answer.headers["Clear-Site-Data"]
    landed = client.get(answer.headers["Location"])
    assert b"You are signed out." in landed.content
    assert b"You are signed out." not in client.get("/").content
