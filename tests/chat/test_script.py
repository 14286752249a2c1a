"""The pages of talk as the page's own script meets them: the same acts, answered in JSON."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chat.actions.posts import delete_post
from chat.models import Thread
from community.models import Group
from tests.chat.saying import face, fresh, send
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def _page(thread: Thread) -> str:
    return reverse("chat:thread", args=[thread.group.public_id, thread.public_id])


def call(person: Person, thread: Thread, **data: str):
    url = reverse("chat:post_send", args=[thread.group.public_id, thread.public_id])
    return person.client.post(url, data, headers=JSON)


def test_a_post_sent_by_script(cast: Cast) -> None:
    thread, client_id = make_thread(cast.harbour), fresh()
    first = call(cast.alice, thread, text="Hi", client_id=client_id)
    again = call(cast.alice, thread, text="Hi", client_id=client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() and first.json()["seq"] == 1
    shown = cast.bob.client.get(_page(thread)).content.decode().replace('<span id="latest"></span>', "")
    assert first.json()["html"].strip() in shown


def test_refusals_to_the_script(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    empty = call(cast.alice, thread, text=" ")
    assert (empty.status_code, empty.json()) == (422, {"errors": {"text": ["Write something first."]}})
    unnamed = call(cast.lena, thread, text="Hi")
    assert unnamed.status_code == 409 and unnamed.json()["next"].endswith("/name/")
    muted = call(cast.muted, thread, text="Hi")
    assert muted.status_code == 403 and "limit is set for you" in muted.json()["message"]
    Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
    changed = call(cast.alice, thread, text="Hi")
    assert changed.status_code == 409 and changed.json()["next"].endswith("/promise/")
    assert call(cast.olga, thread, text="Hi").status_code == 404
    for _ in range(25):
        last = call(cast.bob, thread, text="")
    assert last.status_code == 429 and int(last["Retry-After"]) > 0 and last.json()["message"]


def test_a_reaction_by_script(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    url = reverse("chat:react", args=[cast.harbour.public_id, thread.public_id, post.public_id])
    answer = cast.bob.client.post(url, {"kind": "same_here"}, headers=JSON)
    assert answer.status_code == 200 and "One or more people: same here" in answer.json()["html"]
    assert cast.bob.client.post(url, {"kind": "hate"}, headers=JSON).status_code == 404
    assert cast.muted.client.post(url, {"kind": "same_here"}, headers=JSON).status_code == 403
    assert cast.muted.client.post(url, {"kind": "same_here"}).status_code == 403
    delete_post(face=face(cast.alice, thread), post=post)
    assert cast.bob.client.post(url, {"kind": "same_here"}, headers=JSON).status_code == 403
