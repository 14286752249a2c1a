"""The socket of a team: who may open it, what it never says, and what ends it."""

from __future__ import annotations

import json

import pytest
from asgiref.sync import sync_to_async

from chat.models import Thread
from community.actions import roles, standing
from community.actions.standing import Effect
from community.enums import Role
from core import keyring
from moderation.actions import claims
from moderation.models import Case
from moderation.selectors import cases
from tests.chat.saying import send
from tests.live.conftest import Open, Socket, headers_of
from tests.moderation.judging import judge, report
from tests.people import Cast, Person, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED, NOT_ALLOWED = 4404, 4403


@pytest.fixture
async def people() -> Cast:
    return await sync_to_async(make_cast)()


@pytest.fixture
async def thread(people: Cast) -> Thread:
    return await sync_to_async(make_thread)(people.harbour)


@sync_to_async
def reported(reporter: Person, writer: Person, thread: Thread) -> Case:
    return report(reporter, send(writer, thread, "You are lazy."), note="It hurt.").case


# --- who may not ---------------------------------------------------------------------------------------------------
async def test_everybody_but_the_team_is_refused_alike(people: Cast, sockets: Open) -> None:
    harbour = people.harbour.public_id
    tries = [(None, harbour), (people.mona, "nosuchgroup"), (people.mona, people.meadow.public_id)]
    tries += [(people.people[name], harbour) for name in (
        "alice", "bob", "lena", "muted", "barred", "weak", "ned", "olga"
    )]  # fmt: skip
    for person, gid in tries:
        socket = await sockets(person, gid=gid)
        assert (socket.is_open, socket.code) == (False, REFUSED), (person, gid)


async def test_other_pages_cannot_open_it(people: Cast, sockets: Open) -> None:
    socket = await sockets(people.mona, gid=people.harbour.public_id, origin="http://evil.example")
    assert (socket.is_open, socket.code) == (False, REFUSED)


@pytest.mark.parametrize("after", ["", "-1", "x"])
async def test_a_bad_after_opens_nothing(people: Cast, sockets: Open, after: str) -> None:
    assert not (await sockets(people.mona, gid=people.harbour.public_id, after=after)).is_open


async def test_an_address_below_it_is_nothing(people: Cast) -> None:
    path = f"/live/g/{people.harbour.public_id}/team/x/?after=0"
    assert not (await Socket(path, headers_of(people.mona)).connect()).is_open


# --- what it says --------------------------------------------------------------------------------------------------
async def test_it_says_that_something_changed_and_nothing_of_what(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    """Also to whoever is part of it: what they may see, their page asks for."""
    open_ = [await sockets(one, gid=people.harbour.public_id) for one in (people.mona, people.lead)]
    case = await reported(people.mona, people.alice, thread)
    for socket in open_:
        events = await socket.events(upto=1)
        assert events == [{"seq": 1, "kind": "case_changed", "id": "", "html": ""}]
        assert case.public_id not in json.dumps(events)
    lead = await sync_to_async(judge)(people.lead, people.harbour)
    await sync_to_async(
        lambda: claims.claim(judge=lead, case=cases.find(judge=lead, public_id=case.public_id))
    )()
    (event,) = await open_[1].events(upto=2)
    assert (event["seq"], event["id"], event["html"]) == (2, "", "")


async def test_what_was_missed_comes_first_and_other_groups_stay_out(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    await reported(people.bob, people.alice, thread)
    missed = await (await sockets(people.mona, gid=people.harbour.public_id)).events(upto=1)
    assert [event["seq"] for event in missed] == [1]
    other = await sockets(people.ned, gid=people.meadow.public_id)
    await reported(people.lena, people.alice, thread)
    assert await other.silent()


async def test_it_needs_no_key_ring(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live process has none."""
    await reported(people.bob, people.alice, thread)
    monkeypatch.setattr(keyring, "_read", lambda: pytest.fail("the key ring was read"))
    assert await (await sockets(people.mona, gid=people.harbour.public_id)).events(upto=1)


# --- what ends it --------------------------------------------------------------------------------------------------
async def test_losing_the_role_ends_it(people: Cast, sockets: Open) -> None:
    socket = await sockets(people.mona, gid=people.harbour.public_id)
    lead = await sync_to_async(people.lead.here)(people.harbour)
    await sync_to_async(roles.give_role)(here=lead, role=Role.MEMBER, handle="Clear Brook")
    assert (await socket.frame())["type"] == "gone"
    assert (await socket.closing())[0] == NOT_ALLOWED


async def test_a_limit_ends_it(people: Cast, sockets: Open) -> None:
    socket = await sockets(people.mona, gid=people.harbour.public_id)
    tag = await sync_to_async(people.mona.tag)(people.harbour)
    await sync_to_async(standing.limit)(group=people.harbour, owner_tag=tag, effect=Effect(may_read=False))
    assert (await socket.frame())["type"] == "gone"


async def test_a_limit_for_the_site_set_in_another_group_ends_it(people: Cast, sockets: Open) -> None:
    socket = await sockets(people.mona, gid=people.harbour.public_id)
    tag = people.mona.tag(people.meadow)
    effect = Effect(may_read=False, site_wide=True)
    await sync_to_async(standing.limit)(group=people.meadow, owner_tag=tag, effect=effect)
    assert (await socket.frame())["type"] == "gone"


async def test_signing_out_ends_it(people: Cast, sockets: Open) -> None:
    socket = await sockets(people.mona, gid=people.harbour.public_id)
    await sync_to_async(people.mona.client.get)("/leave/")
    assert (await socket.frame())["type"] == "gone"
