"""What a whole journey leaves behind: sessions, caches, Redis and logs hold no edge between the worlds."""

from __future__ import annotations

import io
import json
import logging
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.actions import accounts
from accounts.models import Session
from accounts.session_store import SessionStore
from chat.models import Post, Thread
from community.models import Group, Member, Persona
from core import sealing
from tests.conftest import STRICT
from tests.people import PASSPHRASE, make_group

ADDRESS = "203.0.113.77"
AGENT = "PlantedAgent/9.9"
GROUP, TITLE, HANDLE = "Plantedgroup of the harbour", "Plantedtitle at dusk", "Plantedhandle"
TEXT, EDITED = "plantedtext about the stock cupboard", "plantededit about the other cupboard"
NAME = "planted-signin-4821"
WORDS = (ADDRESS, AGENT, GROUP, TITLE, HANDLE, TEXT, EDITED, NAME, PASSPHRASE)
SESSION_KEYS = {
    "s", "_auth_user_id", "_auth_user_backend", "_auth_user_hash", "_session_expiry", "words",
    "account_authentication_methods", "account_authentication_methods_user",
}  # fmt: skip


@dataclass
class Journey:
    """Somebody's whole way through Kith, and the ids it made."""

    client: Client
    account_id: int
    group: Group
    thread: Thread
    persona: Persona

    def persona_ids(self) -> list[str]:
        posts = Post.objects.values_list("public_id", flat=True)
        return [
            self.group.public_id, self.thread.public_id, self.persona.public_id, self.persona.avatar_id,
            str(self.group.pk), str(self.thread.pk), str(self.persona.pk), str(self.persona.member_id), *posts,
        ]  # fmt: skip


def _send(client: Client, url: str, **data: str):
    return client.post(url, data, REMOTE_ADDR=ADDRESS, headers={"user-agent": AGENT})


@pytest.fixture
def journey(transactional_db: None) -> Journey:
    """Sign in, write, write the same again, edit, react, read, and meet every kind of error."""
    group = make_group(name=GROUP)
    opened = accounts.create(name=NAME, passphrase=PASSPHRASE)
    client = Client(raise_request_exception=False)
    answer = _send(client, "/sign-in/", name=NAME, passphrase=PASSPHRASE)
    assert answer.status_code == 302, answer.content
    tag = sealing.tag(key=opened.secret, parts=("member", group.public_id))
    member = Member.objects.create(group=group, owner_tag=tag, accepted_version=1)
    persona = Persona.objects.create(
        member=member, group=group, handle=HANDLE, handle_key=HANDLE.lower(), avatar_svg="<svg/>"
    )
    thread = Thread.objects.create(group=group, title=TITLE, ask="advice_welcome")
    base = f"/g/{group.public_id}/t/{thread.public_id}/"
    client_id = str(uuid.uuid4())
    for _ in range(2):  # the second is a repeat
        assert _send(client, f"{base}posts/", text=TEXT, client_id=client_id).status_code == 302
    post = Post.objects.get()
    for url, data in {
        f"{base}p/{post.public_id}/edit/": {"text": EDITED},
        f"{base}p/{post.public_id}/react/": {"kind": "same_here"},
        f"{base}read/": {"seq": "1"},
        f"{base}posts/": {"text": ""},
        f"/g/{group.public_id}/t/nothing/": {},
    }.items():
        _send(client, url, **data)
    for url in (
        "/home/",
        f"/g/{group.public_id}/",
        base,
        f"{base}events/?after=0",
        f"{base}events/?after=x",
        "/account/",
    ):
        client.get(url, REMOTE_ADDR=ADDRESS, headers={"user-agent": AGENT})
    assert Post.objects.get().text == EDITED
    return Journey(client=client, account_id=opened.account.pk, group=group, thread=thread, persona=persona)


def _rows() -> Iterator[tuple[str, str]]:
    """Every row of every table as text, with the table's name."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            plain = {k: bytes(v).hex() if isinstance(v, (bytes, memoryview)) else v for k, v in row.items()}
            yield model._meta.db_table, json.dumps(plain, default=str)


def test_no_row_holds_an_address_or_a_browser(journey: Journey) -> None:
    for table, row in _rows():
        assert ADDRESS not in row, table
        assert AGENT not in row, table


def test_no_row_of_one_world_names_the_other(journey: Journey) -> None:
    for table, row in _rows():
        private = table.startswith(("accounts_", "mfa_", "account_"))
        if private:
            for found in journey.persona_ids():
                assert found not in row, table
        else:
            assert str(journey.account_id) not in row, table
            assert NAME not in row, table


def test_a_session_holds_the_sign_in_and_nothing_else(journey: Journey) -> None:
    cookie = journey.client.cookies[settings.SESSION_COOKIE_NAME].value
    assert Session.objects.count() == 1
    payload = SessionStore(cookie).load()
    assert payload["_auth_user_id"] == str(journey.account_id)
    assert set(payload) <= SESSION_KEYS
    text = json.dumps(payload)
    for found in [*journey.persona_ids(), GROUP, TITLE, HANDLE, TEXT, ADDRESS, AGENT]:
        assert found not in text


def test_no_cached_value_holds_anything_of_a_group(journey: Journey) -> None:
    text = repr(getattr(cache, "_cache", {}))
    for found in [*journey.persona_ids(), *WORDS]:
        assert found not in text


@pytest.mark.postgres
def test_redis_holds_no_word_and_no_account(journey: Journey) -> None:
    assert settings.KITH_REDIS_URL, "the part with PostgreSQL has Redis too"
    import redis

    client = redis.Redis.from_url(settings.KITH_REDIS_URL)
    keys = list(client.scan_iter("*"))
    assert keys, "the journey counts in Redis"
    for key in keys:
        text = repr(key) + repr(client.dump(key))
        for found in [*WORDS, str(journey.account_id), *journey.persona_ids()]:
            assert found not in text


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the real log handler writes, in the real format."""
    handler = logging.getLogger("kith").handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    assert handler in logging.getLogger("django").handlers
    before = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(before)


def test_no_log_line_holds_a_word_or_an_id(logged, monkeypatch, request) -> None:
    journey: Journey = request.getfixturevalue("journey")
    monkeypatch.setattr("chat.views.home.render", lambda *_, **__: 1 / 0)
    answer = journey.client.get("/home/", REMOTE_ADDR=ADDRESS, headers={"user-agent": AGENT})
    assert answer.status_code == 500
    lines = logged.getvalue()
    assert "ZeroDivisionError" in lines, "the error is logged, so there was something to look at"
    for found in [*WORDS, str(journey.account_id), *journey.persona_ids()]:
        assert found not in lines


def _postgres_log() -> Path:
    named = os.environ.get("KITH_TEST_POSTGRES_LOG")
    found = [named] if named else sorted(Path("/var/log/postgresql").glob("*.log"))
    readable = [Path(path) for path in found if os.access(path, os.R_OK)]
    if not readable:
        give_up = pytest.fail if STRICT else pytest.skip
        give_up("PostgreSQL's own log cannot be read here: name it in KITH_TEST_POSTGRES_LOG")
    return readable[-1]


@pytest.mark.postgres
def test_postgresqls_own_log_holds_no_word(request) -> None:
    log = _postgres_log()
    start = log.stat().st_size
    request.getfixturevalue("journey")
    with log.open() as handle:
        handle.seek(start)
        written = handle.read()
    for found in WORDS:
        assert found not in written


@pytest.mark.postgres
def test_the_log_would_show_a_refused_statement(transactional_db: None) -> None:
    """The control: without the setting, a violated constraint writes the row into the log."""
    import psycopg

    log = _postgres_log()
    start = log.stat().st_size
    parts = settings.DATABASES["default"]
    with psycopg.connect(
        host=parts["HOST"], port=parts["PORT"], user=parts["USER"], password=parts["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    ) as other, pytest.raises(psycopg.errors.NotNullViolation):  # fmt: skip
        other.execute("INSERT INTO community_region (id, code, name) VALUES (1, 'plantedctrl', NULL)")
    with log.open() as handle:
        handle.seek(start)
        assert "plantedctrl" in handle.read()
