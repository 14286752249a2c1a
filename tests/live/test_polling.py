"""The same events over plain HTTP, for browsers where sockets do not get through."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from chat.actions import posts
from chat.models import Post, Thread
from tests.chat.saying import fill
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return make_thread(cast.harbour)


def _address(thread: Thread, after: object = 0) -> str:
    return f"/g/{thread.group.public_id}/t/{thread.public_id}/events/?after={after}"


def _write(person: Person, thread: Thread, text: str) -> Post:
    here = person.here(thread.group)
    return posts.publish_post(here=here, thread=thread, text=text, client_id=str(uuid.uuid4()))[0]


def test_only_members_may_ask(cast: Cast, thread: Thread) -> None:
    _write(cast.alice, thread, "for the group")
    askers: list[Client] = [cast.nobody, cast.olga.client, cast.barred.client, cast.ned.client]
    for client in askers:
        answer = client.get(_address(thread))
        assert answer.status_code == 404
        assert b"for the group" not in answer.content
    assert cast.lena.client.get(_address(thread)).status_code == 200


def test_a_thread_of_another_group_is_not_there(cast: Cast, thread: Thread) -> None:
    other = make_thread(cast.meadow)
    crossed = f"/g/{cast.harbour.public_id}/t/{other.public_id}/events/?after=0"
    assert cast.alice.client.get(crossed).status_code == 404


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5", "9" * 17])
def test_a_bad_after_is_told_how_to_ask(cast: Cast, thread: Thread, after: str) -> None:
    answer = cast.bob.client.get(_address(thread, after))
    assert answer.status_code == 400
    assert "after" in answer.json()["message"]


def test_what_was_missed_comes_with_the_same_html_as_the_page(cast: Cast, thread: Thread) -> None:
    for number in range(3):
        _write(cast.alice, thread, f"message {number}")
    found = cast.bob.client.get(_address(thread, 1)).json()
    assert [event["seq"] for event in found["events"]] == [2, 3]
    assert (found["to"], found["head"]) == (3, 3)
    page = cast.bob.client.get(f"/g/{thread.group.public_id}/t/{thread.public_id}/").content.decode()
    page = page.replace('<span id="latest"></span>', "")  # the page marks where its newest message is
    assert all(event["html"] in page for event in found["events"])
    assert cast.bob.client.get(_address(thread, 3)).json() == {"to": 3, "head": 3, "events": []}


def test_too_far_behind_or_ahead_means_reload(cast: Cast, thread: Thread) -> None:
    assert cast.bob.client.get(_address(thread, 7)).json() == {"reload": True}
    fill(cast.alice, thread, [f"m{number}" for number in range(201)])
    assert cast.bob.client.get(_address(thread, 0)).json() == {"reload": True}
    assert len(cast.bob.client.get(_address(thread, 1)).json()["events"]) == 200


def test_asking_costs_the_same_for_one_message_and_for_forty(
    cast: Cast, thread: Thread, django_assert_max_num_queries: object
) -> None:
    fill(cast.alice, thread, [f"m{number}" for number in range(40)])
    for after in (39, 0):
        with django_assert_max_num_queries(11):  # type: ignore[operator]  # a fixture without a type
            cast.bob.client.get(_address(thread, after))


def test_only_get(cast: Cast, thread: Thread) -> None:
    assert cast.bob.client.post(_address(thread)).status_code == 405
