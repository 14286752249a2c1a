"""Discreet mode: nothing at the edges of the screen says where somebody is."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from tests.people import Cast, make_cast, make_thread

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = "/account/discreet/"
SITE = "Plantedsite"


@pytest.fixture
def cast(settings) -> Cast:
    settings.KITH_SITE_NAME = SITE
    return make_cast()


def edges(html: str) -> str:
    """What shows around a page: its head, and the bar."""
    return html.split("<main", maxsplit=1)[0]


def pages_of(cast: Cast) -> list[str]:
    gid = cast.harbour.public_id
    thread = make_thread(cast.harbour)
    names = [
        "chat:group",
        "community:promise",
        "community:name",
        "community:rota",
        "community:front",
        "community:names",
    ]
    return [
        reverse("chat:home"), reverse("landing"), "/groups/", "/account/", "/help/", "/safety/", "/sign-out/",
        "/g/nothing-here/", reverse("chat:thread", args=[gid, thread.public_id]),
        *(reverse(name, args=[gid]) for name in names),
    ]  # fmt: skip


def test_strangers_are_asked_to_sign_in_and_change_nothing() -> None:
    assert reverse("accounts:discreet") == PAGE
    for answer in (Client().get(PAGE), Client().post(PAGE, {"on": "1"})):
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")


def test_looking_changes_nothing_and_one_press_changes_ones_own_alone(cast: Cast) -> None:
    cast.alice.client.get(PAGE)
    assert not Account.objects.filter(discreet=True).exists()
    cast.alice.client.post(PAGE, {"on": "1"})
    assert Account.objects.get(discreet=True).pk == cast.alice.account.pk
    cast.alice.client.post(PAGE, {"off": "1"})
    assert not Account.objects.filter(discreet=True).exists()


def test_every_page_is_called_home_and_has_the_plain_icon(cast: Cast) -> None:
    urls = pages_of(cast)
    assert any(SITE in edges(cast.alice.client.get(url).content.decode()) for url in urls), (
        "it is there to be hidden"
    )
    cast.alice.client.post(PAGE, {"on": "1"})
    for url in urls:
        said = edges(cast.alice.client.get(url, follow=True).content.decode())
        assert re.findall(r"<title>(.*?)</title>", said) == ["Home"], url
        assert SITE not in said and "kith.svg" not in said, url
        assert said.count("img/plain.") == 2 and 'apple-mobile-web-app-title" content="Home"' in said, url
    wrong = cast.alice.client.post("/account/passphrase/", {})
    assert "<title>Home</title>" in wrong.content.decode()


def test_the_way_out_is_also_among_the_first_links(cast: Cast) -> None:
    for client in (cast.alice.client, cast.nobody):
        for url in ("/", "/help/", "/safety/"):
            links = re.findall(r"<a [^>]*>", client.get(url, follow=True).content.decode())
            assert "/leave/" in links[1] and "data-exit" in links[1] and "skip" in links[1]


def test_the_first_page_hides_what_groups_are_called_until_asked(cast: Cast) -> None:
    name = f">{cast.harbour.name}</a>"
    assert name in cast.alice.client.get("/home/").content.decode()
    cast.alice.client.post(PAGE, {"on": "1"})
    home = cast.alice.client.get("/home/").content.decode()
    assert name not in home and ">Group 1</a>" in home and "Its name" in home
