"""Every text field of every form takes hostile strings as text, or refuses them clearly and keeps them."""

from __future__ import annotations

import functools
import re
import uuid
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import transaction
from django.forms import BaseForm
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


@pytest.fixture
def read_by(monkeypatch: pytest.MonkeyPatch) -> dict[str, BaseForm]:
    """A field as the browser names it -> the form that read it last."""
    found: dict[str, BaseForm] = {}
    clean = BaseForm.full_clean

    def noting(form: BaseForm) -> None:
        found.update({form.add_prefix(name): form for name in form.fields})
        clean(form)

    monkeypatch.setattr(BaseForm, "full_clean", noting)
    return found


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[f"{p.who}{p.url}" for p in PAGES])
def test_hostile_strings_are_text_or_are_refused_and_kept(number: int, cast: Cast, places, read_by) -> None:
    """Each field: a line of every kind by itself (rows of one table share them), then every line there is in a few
    heaps (refused as too long, and shown again), and the breaking lines one by one through the form that read it."""
    where = PAGES[number]
    url = where.url.format(**places)
    client = _client(cast, where.who)
    first = client.post(url, {"token": _a_name()}) if url == SIGN_UP else client.get(url)
    assert first.status_code == 200, url
    forms = [form for form in pages.read(first.content.decode()).forms if form.typed]
    assert forms, "a page without a text field tests nothing"
    for form in forms:
        for nth, typed in enumerate(form.typed):
            lines = corpora.for_field(number + nth)
            rows = [name for name in form.typed if _shape(name) == _shape(typed)]
            for payload in [*lines[rows.index(typed) :: len(rows)], *_heaps()]:
                with transaction.atomic():  # each attempt starts from the same page
                    _try(client, url, form, typed, payload)
                    transaction.set_rollback(True)
            _read_one_by_one(read_by[typed], typed)


def _shape(name: str) -> str:
    """What the fields of one column have in common."""
    return re.sub(r"\d+", "n", name)


@functools.cache
def _heaps() -> list[str]:
    lines = [line for line in corpora.everything() if corpora.can_be_sent(line)]
    fits = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 10_000  # room for the other fields
    return list(corpora.packed(lines, size=lambda line: len(line.encode()), most=fits))


def _read_one_by_one(form: BaseForm, typed: str) -> None:
    form.data = form.data.copy()
    for payload in corpora.breaking():
        form.data[typed] = payload
        form.full_clean()
        assert all(str(reason) for reasons in form.errors.values() for reason in reasons), payload[:80]


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
    assert "Ensure this value" not in answer.content.decode(), (target, typed)
    assert not reader.dangers, (target, typed, payload[:80], reader.dangers)
    if answer.status_code == 422 and typed not in NOT_SHOWN_AGAIN and payload not in reader.shown:
        kept = ["", *map(pages.plain, reader.shown)]
        assert pages.plain(payload) in kept, (target, typed, payload[:80])
