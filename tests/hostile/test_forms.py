"""Every text field of every form takes hostile strings as text, or refuses them clearly and keeps them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client

from community.models import Region
from tests import limits
from tests.hostile import corpora, pages
from tests.people import PASSPHRASE, Cast, make_thread

GOOD = {
    "text": "hello", "title": "A title", "passphrase": PASSPHRASE, "new_passphrase": "eight slow boats at noon",
    "name": "alice-otter-1234", "words": " ".join(["acorn"] * 8), "own": "", "about": "", "answer": "A reason",
    "code": "ABCDEFGHJKMN", "handle": "Grey Heron", "starts": "19:00", "ends": "22:00", "note": "",
}  # fmt: skip
SIGN_UP = "/sign-up/passphrase/"
NOT_SHOWN_AGAIN = {"passphrase", "new_passphrase", "words", "code", "client_id"}


@dataclass(frozen=True)
class Where:
    """A page with forms, and who opens it."""

    who: str
    url: str


PAGES = [
    Where("nobody", "/sign-in/"), Where("nobody", "/way-back/"), Where("olga", "/join/"),
    Where("nobody", SIGN_UP), Where("ned", "/g/{harbour}/ask/?promise=1"),
    Where("alice", "/account/passphrase/"), Where("alice", "/account/again/"),
    Where("alice", "/g/{harbour}/new/"), Where("alice", "/g/{harbour}/t/{thread}/"),
    Where("alice", "/g/{harbour}/t/{thread}/p/{post}/edit/"),
    Where("lena", "/g/{harbour}/name/"), Where("lena", "/g/{harbour}/t/{thread}/"),
    Where("lead", "/g/{harbour}/promise/change/"), Where("lead", "/g/{harbour}/invitations/"),
    Where("lead", "/g/{harbour}/roles/"), Where("lead", "/g/{harbour}/rota/"),
    Where("lead", "/g/{harbour}/requests/"), Where("mona", "/operator/code/"),
]  # fmt: skip


@pytest.fixture
def places(cast: Cast) -> dict[str, str]:
    Region.objects.create(code="gb", name="United Kingdom")
    thread = make_thread(cast.harbour)
    base = f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"
    cast.alice.client.post(f"{base}posts/", {"text": "first", "client_id": str(uuid.uuid4())})
    post = thread.posts.get()
    olga = cast.olga.client
    olga.post(f"/g/{cast.harbour.public_id}/ask/", {"answer": "please", "version": "1"})
    return {"harbour": cast.harbour.public_id, "thread": thread.public_id, "post": post.public_id}


def _a_name() -> str:
    page = Client().get("/sign-up/name/")
    return next(f.values["token"] for f in pages.read(page.content.decode()).forms if "token" in f.values)


def _client(cast: Cast, who: str) -> Client:
    return cast.nobody if who == "nobody" else getattr(cast, who).client


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[f"{p.who}{p.url}" for p in PAGES])
def test_hostile_strings_are_text_or_are_refused_and_kept(number: int, cast: Cast, places) -> None:
    where = PAGES[number]
    url = where.url.format(**places)
    client = _client(cast, where.who)
    first = client.post(url, {"token": _a_name()}) if url == SIGN_UP else client.get(url)
    assert first.status_code == 200, url
    forms = [form for form in pages.read(first.content.decode()).forms if form.typed]
    assert forms, "a page without a text field tests nothing"
    for form in forms:
        for typed in form.typed:
            for payload in corpora.for_field(number + len(typed)):
                with transaction.atomic():  # each attempt starts from the same page
                    _try(client, url, form, typed, payload)
                    transaction.set_rollback(True)


def _try(client: Client, url: str, form: pages.Form, typed: str, payload: str) -> None:
    limits.forget_all()
    values = {name: value or GOOD.get(name, value) for name, value in form.values.items()}
    values[typed] = payload
    if "client_id" in values:
        values["client_id"] = str(uuid.uuid4())
    target = form.action or url
    send = client.post if form.method == "post" else client.get
    try:
        answer = send(target, values)
    except UnicodeEncodeError:  # a lone surrogate cannot be sent by any browser
        return
    assert answer.status_code < 500, (target, typed, payload[:80])
    assert answer.status_code != 404, (target, typed, payload[:80])
    if "text/html" not in answer.headers.get("Content-Type", ""):
        return
    reader = pages.read(answer.content.decode())
    assert not reader.dangers, (target, typed, payload[:80], reader.dangers)
    if answer.status_code == 422 and typed not in NOT_SHOWN_AGAIN and pages.plain(payload):
        kept = [pages.plain(value) for value in reader.shown]
        assert pages.plain(payload) in kept, (target, typed, payload[:80])
