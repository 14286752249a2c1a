"""One's own message in two tabs: the second does not win in silence, and loses no word."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from chat.actions.posts import edit_post
from chat.errors import ChangedSince
from chat.models import Post
from chat.selectors.posts import mark_of
from community.actions import standing
from community.actions.standing import Effect
from community.models import DueAct
from tests.chat.saying import face, send
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
WHY = "This message was changed since you opened it."


def address(post: Post) -> str:
    return reverse(
        "chat:post_edit", args=[post.thread.group.public_id, post.thread.public_id, post.public_id]
    )


def mark_on(page: str) -> str:
    found = re.search(r'name="was" value="(\w+)"', page)
    assert found
    return found[1]


def opened(person: Person, post: Post) -> str:
    """The mark that an open page has."""
    return mark_on(person.client.get(address(post)).content.decode())


def test_the_second_of_two_tabs_gets_its_words_back(cast: Cast) -> None:
    post = send(cast.alice, make_thread(cast.harbour), "As it was")
    first, second = opened(cast.alice, post), opened(cast.alice, post)
    saved = cast.alice.client.post(address(post), {"text": "From the first", "was": first})
    assert saved.status_code == 302
    answer = cast.alice.client.post(address(post), {"text": "From the second", "was": second})
    shown = answer.content.decode()
    assert answer.status_code == 409 and WHY in shown
    assert "From the second</textarea>" in shown and "<p>From the first</p>" in shown
    assert Post.objects.get().text == "From the first"
    again = cast.alice.client.post(address(post), {"text": "From the second", "was": mark_on(shown)})
    assert again.status_code == 302
    assert Post.objects.get().text == "From the second"


def test_it_is_looked_at_once_more_while_the_thread_is_locked(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "As it was")
    was = mark_of(post)
    edit_post(face=face(cast.alice, thread), post=post, text="Newer", was=was)
    with pytest.raises(ChangedSince):
        edit_post(face=face(cast.alice, thread), post=post, text="Older", was=was)
    assert Post.objects.get().text == "Newer"


def test_words_for_the_team_are_held_to_it_too(cast: Cast) -> None:
    post = send(cast.alice, make_thread(cast.harbour), "As it was")
    was = opened(cast.alice, post)
    Post.objects.update(text="Changed", html="<p>Changed</p>")
    limit = Effect(is_checked_first=True)
    standing.limit(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), effect=limit)
    answer = cast.alice.client.post(address(post), {"text": "Mine", "was": was})
    assert answer.status_code == 409 and not DueAct.objects.exists()


def test_a_page_from_before_has_no_mark_and_is_taken(cast: Cast) -> None:
    post = send(cast.alice, make_thread(cast.harbour), "As it was")
    assert cast.alice.client.post(address(post), {"text": "Without a mark"}).status_code == 302
    assert Post.objects.get().text == "Without a mark"
