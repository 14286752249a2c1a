"""A thief with a copy of the database sends every stored value as the session cookie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client, override_settings

from accounts import session_store
from proof.harness import Defence, Result, none_found, swapped

PEOPLE = {"small": 8, "full": 40}


def prove(size: str) -> list[Result]:
    """Every value of every column of every table, in each shape a cookie could have, is replayed."""
    from tests.accounts.test_traces import shapes, stored
    from tests.people import make_person

    people = [make_person(name=f"person{number}") for number in range(PEOPLE[size])]
    assert all(_signs_in(person.client) for person in people), "the control: the real cookies sign in"
    tried = {shape for value in stored() for shape in shapes(value)}
    sendable = [t for t in tried if len(t) >= 16 and t.isascii() and t.isprintable() and ";" not in t]
    found = sum(_signs_in(_thief(text)) for text in sendable)
    return [none_found("a copied database signs in nobody", tried=len(sendable), found=found)]


def _thief(cookie: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return client


def _signs_in(client: Client) -> bool:
    return SESSION_KEY in client.session


@contextmanager
def _stock_store() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE django_session (session_key varchar(40) PRIMARY KEY, "
            "session_data text NOT NULL, expire_date timestamp NOT NULL)"
        )
    apps = [*settings.INSTALLED_APPS, "django.contrib.sessions"]
    with override_settings(INSTALLED_APPS=apps, SESSION_ENGINE="django.contrib.sessions.backends.db"):
        yield


DEFENCES = [
    Defence(
        name="only a fingerprint of the cookie is stored",
        off=swapped(session_store, "fingerprint_of", session_store._raw),
    ),
    Defence(name="an own session store (the stock one as control)", off=_stock_store),
]
