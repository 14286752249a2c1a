"""Sockets while the database is away: told to come back later, never that they are not wanted. What may come in
over a socket, and from where, is tried in tests/live."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from chat.models import Thread
from config import live
from core.live import doorbell, frames, hub
from core.live.reader import TRY_LATER
from tests.faults import breaking
from tests.live.conftest import Open, sockets  # noqa: F401 a fixture
from tests.people import Cast, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def people() -> Cast:
    return await sync_to_async(make_cast)()


@pytest.fixture
async def thread(people: Cast) -> Thread:
    return await sync_to_async(make_thread)(people.harbour)


async def test_a_socket_opened_meanwhile_is_asked_to_come_back(
    people: Cast,
    thread: Thread,
    sockets: Open,  # noqa: F811
) -> None:
    gid, tid = people.harbour.public_id, thread.public_id
    with breaking.unreachable():
        refused = await sockets(people.bob, gid=gid, tid=tid)
    assert (refused.is_open, refused.code) == (False, TRY_LATER)
    assert (await sockets(people.bob, gid=gid, tid=tid)).is_open


async def test_an_open_socket_outlives_it_and_misses_nothing(
    people: Cast,
    thread: Thread,
    sockets: Open,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "TIMING", hub.Timing(tend=0.05, heal=0.1))
    monkeypatch.setattr(doorbell, "ring", lambda **_: None)  # only healing tells
    gid, tid = people.harbour.public_id, thread.public_id
    socket = await sockets(people.bob, gid=gid, tid=tid)
    with breaking.unreachable():
        assert await socket.silent(1), "a hub that cannot read keeps quiet, and the socket open"
    answer = await sync_to_async(people.alice.client.post)(f"/g/{gid}/t/{tid}/posts/", {"text": "after all"})
    assert answer.status_code == 302
    assert [event["seq"] for event in await socket.events(upto=1, timeout=3)] == [1]


def test_the_server_takes_in_no_frame_longer_than_a_few_of_ours() -> None:
    assert frames.MAX_INBOUND <= live.options()["ws_max_size"] <= 5 * frames.MAX_INBOUND
