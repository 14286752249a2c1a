"""What people do on the pages of the private world, without JavaScript: read a page, fill its form, send it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

from accounts import facts
from accounts.actions import locks
from accounts.models.locks import LockKind
from tests import people
from tests.people import Person

PASSPHRASE = "green lamps over slow water"
OTHER_PASSPHRASE = "nine maps of quiet islands"
HOME = "/home/"


@dataclass
class Newcomer:
    """Somebody who signed up, with what they wrote down."""

    name: str
    words: list[str]
    client: Client
    passphrase: str = PASSPHRASE
    visited: list[HttpResponse] = field(default_factory=list)


def give_lock(person: Person) -> None:
    """Let a person of the cast, who has S alone, have it locked by their passphrase as everyone has."""
    phrase = people.PASSPHRASE
    locks.lock(account=person.account, kind=LockKind.PASSPHRASE, secret=person.secret, phrase=phrase)


def close_account(person: Person) -> str:
    """Through the last door, for good. Returns what the page says then."""
    give_lock(person)
    noted = facts.new() | facts.read(account=person.account, secret=person.secret)
    facts.write(account=person.account, secret=person.secret, sheet=noted)
    answer = person.client.post("/account/delete/sure/", {"passphrase": people.PASSPHRASE})
    return answer.content.decode()


def token_on(response: Any) -> str:
    """The signed name that the page carries."""
    return str(re.search(r'name="token" value="([^"]+)"', response.content.decode())[1])


def name_on(response: Any) -> str:
    """The proposed sign-in name as a person reads it."""
    return str(re.search(r"([a-z]+-[a-z]+-\d{4})", response.content.decode())[1])


def words_on(response: Any) -> list[str]:
    """The eight words as a person reads them."""
    listed = re.search(r'<ol class="words"[^>]*>(.*?)</ol>', response.content.decode(), re.S)[1]
    return re.findall(r"<li>([^<]+)</li>", listed)


def sign_up(
    client: Client | None = None, *, go_to: str = "", passphrase: str = PASSPHRASE, **extra: Any
) -> Newcomer:
    """Walk through sign-up to the page with the words."""
    client = client or Client(**extra)
    query = {"next": go_to} if go_to else None
    answer = client.post("/sign-up/", {"age": "adult"}, query_params=query)
    page = client.get(answer.headers["Location"])
    name, token = name_on(page), token_on(page)
    client.post("/sign-up/passphrase/", {"token": token}, query_params=query)
    done = client.post(
        "/sign-up/passphrase/", {"token": token, "new_passphrase": passphrase}, query_params=query
    )
    assert done.status_code == 302, done.content.decode()
    shown = client.get(done.headers["Location"])
    return Newcomer(
        name=name,
        words=words_on(shown),
        client=client,
        passphrase=passphrase,
        visited=[answer, page, done, shown],
    )


def settle(person: Newcomer) -> Newcomer:
    """Type two words back, so that nothing waits any more."""
    typed = {"word_3": person.words[2], "word_7": person.words[6]}
    assert person.client.post("/account/words/check/", typed).status_code == 302
    return person


def sign_in(
    name: str, passphrase: str, *, client: Client | None = None, **more: Any
) -> tuple[Client, HttpResponse]:
    """Fill in the sign-in page."""
    client = client or Client()
    address = more.pop("address", "203.0.113.7")
    answer = client.post("/sign-in/", {"name": name, "passphrase": passphrase} | more, REMOTE_ADDR=address)
    return client, answer


def way_back(
    person: Newcomer, *, client: Client | None = None, **changes: Any
) -> tuple[Client, HttpResponse]:
    """Fill in the way-back page."""
    client = client or Client()
    address = changes.pop("address", "203.0.113.7")
    typed = {"name": person.name, "words": " ".join(person.words), "new_passphrase": OTHER_PASSPHRASE}
    return client, client.post("/way-back/", typed | changes, REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    """Whether this browser is signed in."""
    return client.get("/account/").status_code == 200


def plain(response: Any, *, without: tuple[str, ...] = ()) -> str:
    """The page without what differs each time: form tokens, and what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    for typed in without:
        text = text.replace(escape(typed), "TYPED")
    return text
