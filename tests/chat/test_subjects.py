"""Every kind of subject that talk offers to moderation keeps one contract."""

from __future__ import annotations

import pytest

from chat.actions.posts import delete_post, edit_post
from community.errors import NotHere
from core.registries.subjects import subjects
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


def test_what_is_not_there(cast: Cast) -> None:
    subject = subjects()["post"]
    for act in (subject.describe, subject.snapshot, subject.hide, subject.restore, subject.author_tag):
        with pytest.raises(NotHere):
            act(public_id="nosuchpost")


def test_a_post_as_a_subject(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "A **secret**")
    subject = subjects()["post"]
    first = subject.snapshot(public_id=post.public_id)
    assert (first.text, first.group_id) == ("A **secret**", cast.harbour.pk)
    assert first.byline_public_id == post.byline.public_id
    assert "secret" not in subject.describe(public_id=post.public_id)
    assert subject.author_tag(public_id=post.public_id) == cast.alice.tag(cast.harbour)
    edit_post(face=face(cast.alice, thread), post=post, text="Changed")
    second = subject.snapshot(public_id=post.public_id)
    assert second.version > first.version and second.text == "Changed"
    subject.hide(public_id=post.public_id)
    assert subject.snapshot(public_id=post.public_id).text == "Changed"
    subject.restore(public_id=post.public_id)
    delete_post(face=face(cast.alice, thread), post=post)
    assert subject.snapshot(public_id=post.public_id).text == ""


def test_the_writer_behind_an_alias(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    post = send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    assert subjects()["post"].author_tag(public_id=post.public_id) == cast.alice.tag(cast.harbour)
