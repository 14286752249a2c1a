"""The pages before the door: they say what they must, and leave nothing on the device."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from community.actions import services
from community.models import Group
from tests.people import Cast

PAGES = ["landing", "safety", "safety_model", "cover_tracks", "about"]


@pytest.mark.parametrize("name", PAGES)
def test_a_post_is_refused(db: None, name: str) -> None:
    assert Client().post(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", [*PAGES, "community:services"])
def test_no_cookie_and_no_session(db: None, name: str, django_assert_max_num_queries) -> None:
    from accounts.models import Session

    with django_assert_max_num_queries(1):
        answer = Client().get(reverse(name))
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Session.objects.exists()


def test_a_cookie_of_nobodys_brings_no_error_and_no_new_one(db: None) -> None:
    client = Client()
    client.cookies["kith"] = client.cookies["place"] = "x'\0<é"
    answer = client.get("/")
    assert answer.status_code == 200
    assert not {name: morsel for name, morsel in answer.cookies.items() if morsel.value}


def test_whoever_is_signed_in_goes_on(cast: Cast) -> None:
    answer = cast.alice.client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("chat:home"))


def test_the_first_button_leads_to_the_list(cast: Cast) -> None:
    page = cast.nobody.get("/").content.decode()
    assert f'<a class="btn" href="{reverse("community:directory")}"' in page
    assert "harbour" not in page and cast.harbour.public_id not in page


def test_numbers_are_shown_only_for_a_place_kept_on_the_device(db: None) -> None:
    services.load_starter_services()
    client = Client(headers={"accept-language": "en-IE"})
    assert client.get("/").context["help_services"] == []
    client.get(
        reverse("community:services"),
        {"region": "ie", "remember": "on"},
        headers={"referer": "http://testserver/help/"},
    )
    first, second = client.get("/").context["help_services"]
    assert (first.phone, second.name) == ("112", "Samaritans")


@pytest.mark.parametrize("count", [10, 1000])
def test_no_query_for_ten_or_a_thousand_groups(db: None, count: int, django_assert_num_queries) -> None:
    Group.objects.bulk_create(Group(name=f"Group {number}", kind="other") for number in range(count))
    with django_assert_num_queries(0):
        assert Client().get("/").status_code == 200


def test_the_safety_model_is_the_document_itself(client: Client) -> None:
    page = client.get("/safety/model/").content.decode()
    headings = re.findall(
        r"^## (.+)$", (Path(settings.BASE_DIR) / "docs" / "safety-model.md").read_text(), re.M
    )
    assert len(headings) > 10
    for heading in headings:
        assert f"<h2>{heading}</h2>" in page
    assert '<a href="../' not in page and '<a href="decisions' not in page


@pytest.mark.once
def test_the_way_out_is_told_as_it_is(client: Client) -> None:
    """Which key, what becomes of other tabs, and what an exit without a line can do."""
    page = client.get(reverse("cover_tracks")).content.decode()
    assert "Esc does not do it" in page
    assert "Do the same in each other tab" in page and "Close other tabs" not in page
    assert "With no line, it locks when one of our pages is next opened" in page
    assert "press Shift three times" in client.get(reverse("safety")).content.decode()


@pytest.mark.once
def test_what_is_seen_of_the_time_of_writing_is_told_as_it_is(client: Client) -> None:
    page = client.get(reverse("safety")).content.decode()
    assert "about 14:00" in page and "Each group says so" in page
    assert "“just now” there for five minutes" in page


def test_what_is_promised_is_no_more_than_what_is_so(cast: Cast) -> None:
    """How and what somebody writes can tie two names; and more than a group can read what is written in it."""
    landing = cast.nobody.get("/").content.decode()
    naming = cast.lena.client.get(reverse("community:name", args=[cast.harbour.public_id]))
    for page in (landing, naming.content.decode()):
        assert "What you write, and how and when, still can." in page
    for beyond in ("cannot tell that two", "Nobody outside can"):
        assert beyond not in landing
    for reader in ("its moderators, and the people who run this place", "Anyone can join an open group"):
        assert reader in landing
    assert "If you leave and let it stay, you cannot." in landing
    assert "They can read what is written here." in cast.nobody.get(reverse("safety")).content.decode()


def test_what_back_shows_after_an_exit_is_told_in_the_words_of_that_page(cast: Cast) -> None:
    told = cast.nobody.get(reverse("cover_tracks")).content.decode()
    seen = cast.nobody.get(reverse("chat:group", args=[cast.cellar.public_id])).content.decode()
    for words in ("We can't show that page", "You are not signed in."):
        assert words in told.replace("&#x27;", "'") and words in seen.replace("&#x27;", "'")
