"""What is left in the database after whole journeys: nothing that signs in, nothing that names a device or place."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.apps import apps
from django.conf import settings as live_settings
from django.db import connection
from django.test import Client

from accounts.models import Account, Session
from accounts.session_store import SessionStore
from tests.accounts import journeys
from tests.accounts.journeys import PASSPHRASE, is_in, sign_in, sign_up
from tests.accounts.test_second_step import add_codes, add_passkey, code_of

pytestmark = pytest.mark.django_db
COOKIE = live_settings.SESSION_COOKIE_NAME
ADDRESS, FORWARDED, AGENT = "198.51.100.77", "203.0.113.199", "Peculiar/7.3 (Walnut; Teapot)"
WHO = {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": AGENT, "HTTP_X_FORWARDED_FOR": FORWARDED}


def stored() -> Iterator[Any]:
    """Every value of every column of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 our own names
            for row in cursor.fetchall():
                yield from row


def shapes(value: Any) -> Iterator[str]:
    """The ways in which a stored value could be tried as a cookie."""
    if isinstance(value, memoryview | bytes):
        raw = bytes(value)
        yield raw.hex()
        yield base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        yield raw.decode("latin-1")
    elif value is not None:
        yield str(value)
        yield base64.urlsafe_b64encode(str(value).encode()).rstrip(b"=").decode()


def that_sign_in() -> int:
    """How many stored values sign somebody in when they are sent as the session cookie."""
    tried = {shape for value in stored() for shape in shapes(value)}
    sendable = [t for t in tried if len(t) >= 16 and t.isascii() and t.isprintable() and ";" not in t]
    assert sendable
    found = 0
    for text in sendable:
        thief = Client()
        thief.cookies[COOKIE] = text
        found += is_in(thief)
    return found


def whole_journey() -> tuple[journeys.Newcomer, Client]:
    """Sign up, add both second steps, sign in with them, guess wrong, come back with the words."""
    person = journeys.settle(sign_up(Client(**WHO)))
    key = add_codes(person.client)
    add_passkey(person.client)
    client, _ = sign_in(person.name, PASSPHRASE, client=Client(**WHO), address=ADDRESS)
    client.post("/sign-in/second-step/", {"code": code_of(key)})
    sign_in(person.name, "not it", client=Client(**WHO), address=ADDRESS)
    back, answer = journeys.way_back(person, client=Client(**WHO), address=ADDRESS)
    back.post(answer.headers["Location"], {"code": code_of(key)})
    assert is_in(back)
    return person, back


def test_a_copied_database_signs_in_nobody():
    _, client = whole_journey()
    assert is_in(client)
    assert that_sign_in() == 0


def test_with_djangos_own_session_store_it_would(settings):
    """The control: the same copy of the same journey, with the stock store, signs in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE django_session (session_key varchar(40) PRIMARY KEY, "
            "session_data text NOT NULL, expire_date timestamp NOT NULL)"
        )
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.sessions"]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    person = sign_up()
    assert is_in(person.client)
    assert that_sign_in() >= 1


def test_no_address_and_no_user_agent_anywhere():
    whole_journey()
    _, client = whole_journey()
    cookies = [c.cookies[COOKIE].value for c in (client,)]
    seen = [json.dumps(SessionStore(cookie).load()) for cookie in cookies]
    for value in stored():
        seen += [bytes(value).decode("latin-1") if isinstance(value, memoryview | bytes) else str(value)]
    for trace in (ADDRESS, FORWARDED, AGENT, "Walnut", "198.51.100", "203.0.113"):
        assert not [text for text in seen if trace in text], trace


def test_a_form_sent_without_a_fresh_passphrase_is_not_set_aside():
    """allauth would keep the whole request, address and browser name included, in the session."""
    person = journeys.settle(sign_up(Client(**WHO)))
    session = person.client.session
    session["account_authentication_methods"] = []
    session.save()
    for path in ("second-step/codes/", "second-step/passkey/", "second-step/removed/", "words/new/"):
        assert person.client.post(f"/account/{path}", {"code": "123456"}).status_code == 302
    assert "Walnut" not in json.dumps(dict(person.client.session))
    stranger = Client(**WHO)
    stranger.post("/account/second-step/codes/", {"code": "123456"})
    assert COOKIE not in stranger.cookies


def test_allauths_email_tables_stay_empty():
    whole_journey()
    assert not EmailAddress.objects.exists() and not EmailConfirmation.objects.exists()
    assert not apps.is_installed("allauth.usersessions")


def test_a_session_holds_the_sign_in_and_nothing_else(cast):
    person = sign_up(go_to=f"/g/{cast.harbour.public_id}/join/")
    settled = journeys.settle(person)
    settled.client.get("/account/sessions/")
    gid = cast.harbour.public_id
    client = Client()
    client.post(
        "/sign-in/", {"name": person.name, "passphrase": PASSPHRASE}, query_params={"next": f"/g/{gid}/"}
    )
    allowed = {
        "_auth_user_id", "_auth_user_backend", "_auth_user_hash", "_session_expiry", "s",
        "account_authentication_methods", "account_authentication_methods_user",
    }  # fmt: skip
    for browser in (settled.client, client):
        payload = dict(browser.session)
        assert set(payload) <= allowed
        assert set(payload["account_authentication_methods"][0]) <= {"method", "at"}
        for told in (gid, str(cast.harbour.pk), person.name, "harbour"):
            assert told not in json.dumps(payload)


def test_no_row_ties_a_session_to_its_account():
    whole_journey()
    account = Account.objects.get()
    for row in Session.objects.all():
        values = [
            bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in vars(row).values()
        ]
        assert not [v for v in values if str(account.pk).encode() in v or account.username.encode() in v]
    assert not [f for f in Session._meta.get_fields() if f.is_relation]


def test_the_name_is_in_no_address_and_no_title():
    person, _ = whole_journey()
    for answer in person.visited:
        assert person.name not in answer.headers.get("Location", "")
        title = answer.content.decode().partition("<title>")[2].partition("</title>")[0]
        assert person.name not in title


def test_nothing_else_of_allauth_is_routed():
    for path in ("/accounts/login/", "/password/reset/", "/email/", "/signup/", "/login/", "/2fa/"):
        assert Client().get(path).status_code == 404
