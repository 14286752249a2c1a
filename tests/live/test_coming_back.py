"""A crowd that comes back with tickets: the database is asked nothing for it, and nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db.backends.utils import CursorWrapper

from chat.models import Thread
from community.actions import standing
from core.live import hub
from tests.live import test_tickets
from tests.live.conftest import Open
from tests.live.test_tickets import GONE, RENEW, back, ban, limit, mute, ticket_of, write
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)
BY_ITSELF = (
    3  # statements: every few seconds the hub looks at its logs, whoever is there; fewer than who comes back
)
people, thread = test_tickets.people, test_tickets.thread
asked, elsewhere = test_tickets.asked, test_tickets.elsewhere


@pytest.fixture
async def questions(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Every statement that any thread sends to the database."""
    found: list[str] = []
    real = CursorWrapper.execute

    def counted(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        found.append(sql)
        return real(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", counted)
    yield found


async def test_a_crowd_that_comes_back_asks_the_database_nothing_and_misses_nothing(
    people: Cast, thread: Thread, sockets: Open, questions: list[str]
) -> None:
    stays = await sockets(people.lena, gid=people.harbour.public_id, tid=thread.public_id)
    crowd = [people.people[name] for name in ("alice", "bob", "muted", "mona", "lead", "weak")] * 3
    shown = [await ticket_of(sockets, person, thread) for person in crowd]
    for number in range(4):
        await write(people.alice, thread, f"meanwhile {number}")
    await stays.events(upto=4)
    questions.clear()
    returned = [await back(sockets, *who, after=1) for who in zip(crowd, [thread] * 18, shown, strict=True)]
    seqs = [[event["seq"] for event in await socket.events(upto=4)] for socket in returned]
    assert len(questions) <= BY_ITSELF
    assert seqs == [[2, 3, 4]] * len(crowd)
    await write(people.bob, thread, "and on")
    seqs = [[event["seq"] for event in await socket.events(upto=5)] for socket in returned]
    assert seqs == [[5]] * len(crowd)


async def test_after_a_restart_the_process_asks_once_for_all(
    people: Cast, thread: Thread, sockets: Open, questions: list[str], asked: list[str]
) -> None:
    crowd = [people.people[name] for name in ("alice", "bob", "muted", "mona", "lead", "weak")]
    shown = [await ticket_of(sockets, person, thread) for person in crowd]
    await write(people.alice, thread, "meanwhile")
    assert hub.here()._inside == 0
    questions.clear()
    first = await back(sockets, crowd[0], thread, shown[0])
    assert [event["seq"] for event in await first.events(upto=1)] == [1]
    at_start = len(questions)
    for person, ticket in zip(crowd[1:], shown[1:], strict=True):
        socket = await back(sockets, person, thread, ticket)
        assert [event["seq"] for event in await socket.events(upto=1)] == [1]
    assert len(questions) <= at_start + BY_ITSELF and len(asked) == len(crowd)
    assert not [sql for sql in questions if "accounts_session" in sql and "stream" not in sql]


async def test_a_change_while_away_shows_when_one_is_back(
    people: Cast, thread: Thread, elsewhere: Open
) -> None:
    post = await write(people.alice, thread, "by alice")
    page = await ticket_of(elsewhere, people.bob, thread)
    await mute(people.bob, post)
    await write(people.lead, thread, "by the lead")
    socket = await back(elsewhere, people.bob, thread, page, more="&view=" + "0" * 16)
    assert (await socket.frame())["type"] == "ticket"
    assert await socket.frame() == RENEW
    assert [event["seq"] for event in await socket.events(upto=2)] == [2]


async def test_the_word_of_a_page_is_compared_without_a_look_up(
    people: Cast, thread: Thread, sockets: Open, asked: list[str]
) -> None:
    ticket = await ticket_of(sockets, people.bob, thread)
    page = await sync_to_async(people.bob.client.get)(f"/g/{people.harbour.public_id}/t/{thread.public_id}/")
    word = page.content.decode().partition('data-view="')[2][:16]
    same = await back(sockets, people.bob, thread, ticket, more=f"&view={word}")
    assert (await same.frame())["type"] == "ticket"
    assert await same.silent()
    old = await back(sockets, people.bob, thread, ticket, more="&view=0123456789abcdef")
    assert [(await old.frame())["type"], (await old.frame())["type"]] == ["ticket", "renew"]
    assert len(asked) == 1


async def test_who_came_by_ticket_looks_again_like_anybody(
    people: Cast, thread: Thread, elsewhere: Open
) -> None:
    ticket = await ticket_of(elsewhere, people.bob, thread)
    socket = await back(elsewhere, people.bob, thread, ticket)
    await socket.frame()
    post = await write(people.alice, thread, "by alice")
    await socket.events(upto=1)
    await mute(people.bob, post)
    assert await socket.frame() == RENEW
    await write(people.alice, thread, "again")
    assert await socket.events(upto=2) == []
    await sync_to_async(ban)(people)
    assert await socket.frame() == GONE


async def test_each_heartbeat_brings_a_new_ticket_whatever_happens_and_one_holds_after_all_is_forgotten(
    people: Cast, thread: Thread, sockets: Open, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.here().timing = hub.Timing(tend=0.05, heartbeat=0.2)
    socket = await sockets(
        people.bob, gid=people.harbour.public_id, tid=thread.public_id, after="0&ticket=wanted"
    )
    first = await socket.frame()

    async def beats() -> list[str]:
        return sorted([(await socket.frame())["type"] for _ in range(4)])

    quiet = await beats()
    assert quiet == ["heartbeat", "heartbeat", "ticket", "ticket"]
    await sync_to_async(limit)(people.muted, people.harbour, may_post=False)
    assert await beats() == quiet  # that somebody's place changed is no news to anybody else
    frame = await socket.frame()
    while frame["type"] != "ticket":
        frame = await socket.frame()
    assert frame != first
    await socket.leave()
    forget = standing.Pruning()
    await sync_to_async(forget)()
    await sync_to_async(forget)()
    again = await back(sockets, people.bob, thread, frame["ticket"])
    assert (await again.frame())["type"] == "ticket"
    assert len(asked) == 1
    hub.here().timing = hub.TIMING


async def test_a_session_still_opens_a_bounded_number_of_sockets(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    ticket = await ticket_of(sockets, people.bob, thread)
    found = [await back(sockets, people.bob, thread, ticket) for _ in range(hub.MAX_PER_KEY + 1)]
    assert (await found[-1].closing())[0] == 1013
    assert (await found[0].frame())["type"] == "ticket"
