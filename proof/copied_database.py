"""A thief with a copy of the database sends every stored value as the session cookie."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

PEOPLE = 40


def prove() -> dict[str, Any]:
    """Every value of every column of every table, in each shape a cookie could have, is replayed."""
    from accounts.models import Session
    from tests.accounts.test_traces import shapes, stored
    from tests.people import make_person

    people = [make_person(name=f"person{number}") for number in range(PEOPLE)]
    assert Session.objects.count() == PEOPLE
    assert all(_signs_in(person.client) for person in people), "the control: the real cookies sign in"
    tried = {shape for value in stored() for shape in shapes(value)}
    sendable = [t for t in tried if len(t) >= 16 and t.isascii() and t.isprintable() and ";" not in t]
    found = sum(_signs_in(_thief(text)) for text in sendable)
    return {
        "promise": "a copied database signs in nobody",
        "tried": len(sendable),
        "found": found,
        "goal": "0",
        "holds": found == 0,
    }


def _thief(cookie: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return client


def _signs_in(client: Client) -> bool:
    return SESSION_KEY in client.session
