"""The database is locked, full, cut off or gone: a plain answer, the words kept, nothing half done, and trying
again works once."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import NotSupportedError, connection

from accounts.models import Session
from chat.actions import posts as posting
from config import logs
from config.asgi import application
from tests.accounts import journeys
from tests.faults import breaking
from tests.faults.breaking import Fault
from tests.faults.scene import WORDS, Scene, browser, is_calm_message, is_calm_page, next_request

each = pytest.mark.parametrize("fault", breaking.everything.values(), ids=breaking.everything.keys())
each_held = pytest.mark.parametrize("fault", breaking.held.values(), ids=breaking.held.keys())


@each
def test_a_form_gets_a_page_with_its_words_and_nothing_is_half_done(scene: Scene, fault: Fault) -> None:
    before = scene.rows()
    with fault():
        answer = scene.send(by_script=False)
    next_request()
    html = is_calm_page(answer, status=503)
    assert int(answer["Retry-After"]) > 0
    assert WORDS.replace("&", "&amp;") + "</textarea>" in html
    assert scene.rows() == before
    scene.sends_once(seq=2)


@each
def test_a_script_gets_a_message_and_may_try_again_with_the_same_id(scene: Scene, fault: Fault) -> None:
    before = scene.rows()
    with fault():
        answer = scene.send()
    next_request()
    is_calm_message(answer, status=503)
    assert int(answer["Retry-After"]) > 0
    assert scene.rows() == before
    scene.sends_once(seq=2)


def test_a_table_that_changed_under_a_planned_query_is_no_fault_of_ours(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(*_: Any, **__: Any) -> None:
        raise NotSupportedError("cached plan must not change result type")

    with monkeypatch.context() as patched:
        patched.setattr(posting, "publish_post", changed)
        is_calm_message(scene.send(), status=503)
    scene.sends_once(seq=2)


def test_a_line_that_led_to_an_error_is_not_kept_for_the_next_request(scene: Scene) -> None:
    """A server that was made to read only still answers."""
    connection.close_at = None
    with next(iter(breaking.everything.values()))():
        scene.send()
    assert connection.close_at is not None and connection.close_at <= time.monotonic()


@each_held
def test_reading_goes_on_while_writing_waits(scene: Scene, fault: Fault) -> None:
    with fault():
        for page in (scene.page, f"{scene.page}events/?after=0", "/home/"):
            answer = scene.alice.get(page)
            assert answer.status_code == 200, page
    assert "first" in scene.alice.get(scene.page).content.decode()


def test_with_the_database_gone_every_page_says_so_calmly(scene: Scene) -> None:
    with breaking.away():
        for page in (scene.page, "/home/", "/groups/", "/account/"):
            html = is_calm_page(scene.alice.get(page), status=503)
            assert "<textarea" not in html
        is_calm_message(
            scene.alice.get(f"{scene.page}events/?after=0", headers={"Accept": "application/json"}),
            status=503,
        )
        health = scene.alice.get("/healthz")
        assert (health.status_code, health.json()["database"]) == (503, "away")
    assert scene.alice.get(scene.page).status_code == 200


def test_what_nobody_may_read_again_is_not_on_the_page(scene: Scene) -> None:
    person = journeys.sign_up()
    before = Session.objects.count()
    with breaking.away():
        client = browser(scene.cast.olga)
        answer = client.post("/sign-in/", {"name": person.name, "passphrase": person.passphrase})
    html = is_calm_page(answer, status=503)
    assert person.passphrase not in html and person.name not in html
    assert Session.objects.count() == before
    assert journeys.sign_in(person.name, person.passphrase)[1].status_code == 302


def test_all_that_was_written_comes_back_and_only_that(scene: Scene) -> None:
    with breaking.away():
        data = {
            "title": "My title",
            "text": "My words",
            "passphrase": "secret",
            "code": "secret",
            "form-0-text": "A rule",
        }
        html = scene.alice.post(f"/g/{scene.cast.harbour.public_id}/new/", data).content.decode()
    assert [words in html for words in ("My title", "My words", "A rule", "secret")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_log_says_what_broke_and_not_what_was_written(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    with breaking.away(), caplog.at_level(logging.ERROR):
        scene.send()
    lines = [logs.Plain().format(record) for record in caplog.records]
    assert any("answered 503" in line and "OperationalError" in line for line in lines), lines
    assert not [line for line in lines if "long night" in line or scene.thread.public_id in line]


async def _ask(
    path: str, *, method: str, headers: list[tuple[bytes, bytes]], body: bytes
) -> tuple[int, bytes]:
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"testserver"), *headers],
    }  # fmt: skip
    wire = ApplicationCommunicator(application, scope)
    await wire.send_input({"type": "http.request", "body": body, "more_body": False})
    start = await wire.receive_output(timeout=5)
    answer = b""
    while True:
        message = await wire.receive_output(timeout=5)
        answer += message["body"]
        if not message.get("more_body"):
            await wire.wait()
            return start["status"], answer


@pytest.mark.django_db(transaction=True)
async def test_the_server_of_one_process_answers_alike() -> None:
    form = [(b"content-type", b"application/x-www-form-urlencoded"), (b"accept", b"application/json")]
    with breaking.unreachable():
        cookie = (b"cookie", b"kith=" + b"A" * 43)
        status, body = await _ask(
            "/g/x/t/y/posts/", method="POST", headers=[*form, cookie], body=b"text=hello"
        )
    assert status == 503 and set(json.loads(body)) == {"message"}
