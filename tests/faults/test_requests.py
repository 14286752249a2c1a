"""Requests that no page of ours sends: too long, broken, in the wrong way. Each is told so in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django import forms
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts.forms import fields as account_fields  # noqa: F401 loaded, so that its forms are known
from chat.models import Post
from config import bodies, kept
from config.asgi import application
from tests.faults.scene import JSON, WORDS, Scene, browser, is_calm_message, is_calm_page

LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
FORM = "application/x-www-form-urlencoded"
WHO = ("nobody", "alice", "lead")
OTHERS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")  # than to read and to write
NONSENSE = ("-1", "x", "1.5", "9" * 40, "%00", "%ff", "\u0661")
QUERIES = ("after", "around", "newest", "q", "page", "next", "promise", "before")


@pytest.mark.parametrize("by_script", [False, True])
def test_a_body_too_long_is_refused_unread_and_says_the_words_are_not_here(
    scene: Scene, by_script: bool
) -> None:
    before = scene.rows()
    answer = scene.send(by_script=by_script, text="x" * LIMIT)
    if by_script:
        is_calm_message(answer, status=413)
    else:
        assert "We do not have your words" in is_calm_page(answer, status=413)
    assert scene.rows() == before


def test_the_longest_post_is_far_from_the_limit(scene: Scene) -> None:
    text = "\U0001f469" * 8_000  # four bytes each, and three letters a byte on the line
    assert scene.send(text=text).status_code == 201


def test_a_file_nobody_asked_for_is_not_taken_in(scene: Scene) -> None:
    parts = f'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n{"x" * LIMIT}\r\n--b--\r\n'
    answer = scene.alice.post(
        f"{scene.page}posts/", parts.encode(), content_type="multipart/form-data; boundary=b"
    )
    is_calm_page(answer, status=413)


def test_too_many_fields_are_refused(scene: Scene) -> None:
    data = {f"field{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)} | {"text": WORDS}
    is_calm_page(scene.alice.post(f"{scene.page}posts/", data), status=413)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"--b\r\n", 400),  # no boundary named
        ("multipart/form-data; boundary=\xff", b"--b\r\n", 400),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; na", 422),  # cut off
        (f"{FORM}; charset=latin-1", b"text=caf%e9", 400),
        (f"{FORM}; charset=nonsense", b"text=", 422),
        (FORM, b"text=%00", 422),
        (FORM, b"&&&===;;;", 422),
        ("application/json", b'{"text": "hi"}', 422),  # no form: nothing is in it
        ("", b"text=hi", 422),
    ],
)  # fmt: skip
def test_a_broken_form_writes_nothing(scene: Scene, kind: str, body: bytes, status: int) -> None:
    before = scene.rows()
    answer = scene.alice.generic("POST", f"{scene.page}posts/", body, content_type=kind)
    assert answer.status_code == status
    assert b"<h1" in answer.content
    if status == 400:
        is_calm_page(answer, status=400)
    assert scene.rows() == before


def test_letters_that_are_none_are_marked_as_such_and_the_rest_is_kept(scene: Scene) -> None:
    answer = scene.alice.post(f"{scene.page}posts/", b"text=good%ff%feday", content_type=FORM, headers=JSON)
    assert answer.status_code == 201
    assert Post.objects.latest("seq").text == "good\ufffd\ufffdday"


def test_a_broken_cookie_is_no_cookie(scene: Scene) -> None:
    for cookie in ("%", "\x00", "A" * 43, "A" * 5000, "é", '"', "=;=;="):
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        assert client.get("/").status_code == 200
        assert client.get(scene.page).status_code == 404


def _addresses(scene: Scene) -> Iterator[str]:
    """Every address of the site, with places that are there and what is not."""
    words = {
        "gid": scene.cast.harbour.public_id,
        "tid": scene.thread.public_id,
        "pid": Post.objects.get().public_id,
    }

    def walk(patterns: list[Any], start: str) -> Iterator[str]:
        for found in patterns:
            piece = start + str(found.pattern)
            if isinstance(found, URLResolver):
                yield from walk(found.url_patterns, piece)
            else:
                yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: words.get(part[1], "1"), piece)

    yield from walk(get_resolver().url_patterns, "")


@pytest.mark.once
@pytest.mark.parametrize("who", WHO)
def test_whatever_the_method_each_address_answers_in_words(scene: Scene, who: str) -> None:
    """Each address is read and written to by all three, and meets each other method by one of them."""
    found = list(_addresses(scene))
    assert len(found) > 40 and scene.page in found
    refused, turn = 0, WHO.index(who)
    client = Client(raise_request_exception=False)
    for number, address in enumerate(found):
        for method in ("GET", "POST", *OTHERS[(number + turn) % len(WHO) :: len(WHO)]):
            client.cookies = (
                Client().cookies if who == "nobody" else scene.cast.people[who].client.cookies.copy()
            )
            answer = client.generic(method, address)
            assert answer.status_code < 500, (method, address)
            if answer.status_code == 405:
                refused += 1
                assert answer["Allow"]
                if method != "HEAD":
                    is_calm_page(answer, status=405)
            elif answer.status_code >= 400 and method != "HEAD":
                assert answer.content, (method, address)
    assert refused


def test_a_wrong_method_tells_a_script_in_its_own_way_and_keeps_words(scene: Scene) -> None:
    is_calm_message(scene.alice.delete(f"{scene.page}posts/", headers=JSON), status=405)
    html = is_calm_page(scene.alice.post(scene.page, {"text": WORDS}), status=405)
    assert WORDS.replace("&", "&amp;") in html


@pytest.mark.once
def test_nonsense_behind_the_question_mark_breaks_no_page(scene: Scene) -> None:
    lead = browser(scene.cast.lead)
    for address in _addresses(scene):
        for value in NONSENSE:
            query = "&".join(f"{name}={value}" for name in QUERIES)
            answer = lead.get(f"{address}?{query}")
            assert answer.status_code < 500, (address, value)
            if answer.status_code in {404, 405}:
                break  # no page, whatever is behind the question mark


def test_an_address_with_a_nul_is_not_there(scene: Scene) -> None:
    gid, tid = scene.cast.harbour.public_id, scene.thread.public_id
    for address in (
        "/%00",
        "/g/%00/",
        f"/g/{gid}/t/%00/",
        f"/g/{gid}/t/{tid}/p/%00/",
        "/g/%00/about/",
        "/a/%00.svg",
    ):
        answer = scene.alice.get(address)
        assert answer.status_code == 404, address
        assert b"<h1>" in answer.content


def test_every_box_for_sentences_is_kept_and_no_secret_is() -> None:
    assert get_resolver().url_patterns  # every page, and so every form, is loaded now
    boxes, secrets = set(), set()
    todo = list(forms.Form.__subclasses__())
    while todo:
        form = todo.pop()
        todo += form.__subclasses__()
        for name, field in form.base_fields.items():
            if (
                isinstance(field.widget, forms.PasswordInput)
                or "code" in name
                or "word" in name.lower().split("_")
            ):
                secrets.add(name)
            elif isinstance(field.widget, forms.Textarea) and not form.__module__.startswith("accounts."):
                boxes.add(name)
    assert {"text", "answer"} <= boxes and "passphrase" in secrets
    assert boxes <= kept.WRITTEN
    assert not secrets & kept.WRITTEN and "words" not in kept.WRITTEN


# --- the server of one process ----------------------------------------------------------------------------------
async def _post_in_pieces(pieces: int, size: int) -> tuple[int, dict[str, str], bytes]:
    scope = {
        "type": "http", "method": "POST", "path": "/g/x/t/y/posts/", "raw_path": b"", "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"content-type", FORM.encode()), (b"accept", b"application/json")],
    }  # fmt: skip
    wire = ApplicationCommunicator(application, scope)
    for _ in range(pieces):
        await wire.send_input({"type": "http.request", "body": b"x" * size, "more_body": True})
    if pieces * size <= LIMIT:
        await wire.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await wire.receive_output(timeout=5)
    body = (await wire.receive_output(timeout=5))["body"]
    await wire.wait()
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body


@pytest.mark.django_db(transaction=True)
async def test_a_body_in_pieces_that_never_ends_is_refused_before_its_end() -> None:
    status, _, body = await _post_in_pieces(40, 8192)
    assert status == 413 and set(json.loads(body)) == {"message"}
    status, _, _ = await _post_in_pieces(2, 8192)
    assert status != 413


async def test_a_body_within_the_limit_is_handed_on_whole_and_a_lost_line_is_not_answered() -> None:
    got: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        got.append((await receive(), await receive()))

    parts = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.request", "body": b"b"},
    ]
    sent = iter([*parts, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(sent)

    await bodies.bounded(app)({"headers": []}, receive, app)
    assert got == [({"type": "http.request", "body": b"ab", "more_body": False}, {"type": "http.disconnect"})]
    sent = iter([parts[0], {"type": "http.disconnect"}])
    await bodies.bounded(app)({"headers": []}, receive, app)
    assert len(got) == 1
