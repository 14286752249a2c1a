"""Coming back with a ticket: it is worth as much as a socket that stayed open, and ends with all that would have ended
that."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import functools
import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from accounts.actions import sessions
from accounts.keys import session_tag
from accounts.models import SessionStream
from chat import consumers
from chat.models import Thread
from community.actions import leaving, roles, standing
from community.enums import Role
from community.models import Group
from core import clock, sealing
from core.live import consumer, doorbell, hub, tickets
from tests.accounts.journeys import close_account as close
from tests.chat import hiding
from tests.chat.saying import send
from tests.live.conftest import Open, Socket
from tests.people import Cast, Person, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)
write, mute, block = sync_to_async(send), sync_to_async(hiding.mute), sync_to_async(hiding.block)
RENEW, GONE = {"type": "renew"}, {"type": "gone"}


@pytest.fixture
async def people() -> Cast:
    await SessionStream.objects.acreate(name="sessions")  # on this site somebody signed out before
    return await sync_to_async(make_cast)()


@pytest.fixture
async def thread(people: Cast) -> Thread:
    return await sync_to_async(make_thread)(people.harbour)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time the door is asked."""
    found: list[str] = []
    real = consumers.admit

    @functools.wraps(real)
    def counted(*where: Any, **how: Any) -> hub.Seat:
        found.append("asked")
        return real(*where, **how)

    monkeypatch.setattr(consumers, "admit", counted)
    return found


@pytest.fixture(params=["the same process", "another process"])
async def elsewhere(request: pytest.FixtureRequest, people: Cast, thread: Thread, sockets: Open) -> Open:
    """Somebody else reads on, so that the hub works on; or nobody does, so that it begins anew, as after a restart."""
    if request.param == "the same process":
        await sockets(people.lena, gid=people.harbour.public_id, tid=thread.public_id)
    return sockets


async def ticket_of(sockets: Open, person: Person, thread: Thread) -> str:
    """Come in by the door, take a ticket, and lose the line."""
    socket = await sockets(person, gid=thread.group.public_id, tid=thread.public_id, after="0&ticket=wanted")
    frame = await socket.frame()
    assert frame["type"] == "ticket", frame
    await socket.leave()
    found: str = frame["ticket"]
    return found


async def back(
    sockets: Open, person: Person | None, thread: Thread, ticket: str, *, after: int = 0, more: str = ""
) -> Socket:
    """Come back with a ticket."""
    asked = f"{after}&ticket=shown{more}"
    socket = await sockets(person, gid=thread.group.public_id, tid=thread.public_id, after=asked)
    assert socket.is_open
    await socket.say(json.dumps({"type": "ticket", "ticket": ticket}))
    return socket


async def is_refused(socket: Socket) -> None:
    assert (await socket.closing())[0] == 4403


# --- what ends it -------------------------------------------------------------------------------------------


def sign_out(cast: Cast) -> None:
    sessions.end_all(owner_tag=session_tag(cast.bob.client.session) or b"")


def close_account(cast: Cast) -> None:
    close(cast.bob)


def ban(cast: Cast) -> None:
    limit(cast.bob, cast.harbour, may_read=False)


def suspend(cast: Cast) -> None:
    limit(cast.alice, cast.meadow, may_read=False, site_wide=True)


def limit(person: Person, group: Group, **effect: Any) -> None:
    standing.limit(group=group, owner_tag=person.tag(group), effect=standing.Effect(**effect))


def leave(cast: Cast) -> None:
    leaving.leave_group(here=cast.bob.here(cast.harbour), key_of=cast.bob.keyed)


def make_researcher(cast: Cast) -> None:
    roles.give_role(here=cast.lead.here(cast.harbour), role=Role.RESEARCHER, handle="Calm Otter")


ENDINGS: dict[str, tuple[str, Callable[[Cast], None]]] = {
    "signed out": ("bob", sign_out),
    "the account closed": ("bob", close_account),
    "banned": ("bob", ban),
    "kept from the site in another group": ("alice", suspend),
    "left": ("bob", leave),
    "made a researcher, who may not follow by socket": ("bob", make_researcher),
}


@pytest.mark.parametrize(("name", "ends"), ENDINGS.values(), ids=ENDINGS.keys())
async def test_a_ticket_does_not_outlive_the_place(
    people: Cast, thread: Thread, elsewhere: Open, name: str, ends: Callable[[Cast], None]
) -> None:
    person = people.people[name]
    ticket = await ticket_of(elsewhere, person, thread)
    cookie = person.client.cookies[settings.SESSION_COOKIE_NAME].value
    await sync_to_async(ends)(people)
    person.client.cookies[settings.SESSION_COOKIE_NAME] = cookie  # a thief's browser keeps it
    await asyncio.sleep(0.3)
    await write(people.lead, thread, "not for them")
    await is_refused(await back(elsewhere, person, thread, ticket))


async def test_where_nobody_can_tell_any_more_the_door_is_asked(
    people: Cast, thread: Thread, sockets: Open, asked: list[str]
) -> None:
    """What changed is soon forgotten by the database; a process that begins then cannot know whom it was about."""
    ticket = await ticket_of(sockets, people.bob, thread)
    await sync_to_async(limit)(people.muted, people.harbour, may_post=False)
    forget = standing.Pruning()
    await sync_to_async(forget)()
    await sync_to_async(forget)()
    before = len(asked)
    await back(sockets, people.bob, thread, ticket)
    await asyncio.sleep(0.2)
    assert len(asked) == before + 1


async def test_a_lost_bell_gives_no_more_than_it_gives_an_open_socket(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.here().timing = hub.Timing(heal=3600)  # not before they are back
    await sockets(people.lena, gid=people.harbour.public_id, tid=thread.public_id)
    ticket = await ticket_of(sockets, people.bob, thread)
    monkeypatch.setattr(doorbell, "ring", lambda **_: None)
    await sync_to_async(ban)(people)
    socket = await back(sockets, people.bob, thread, ticket)
    frame = await socket.frame()
    hub.here()._healing.ask()
    while frame["type"] in {"ticket", "events"}:
        frame = await socket.frame()
    assert frame == GONE


async def test_a_ticket_made_while_somebody_is_looked_at_again_does_not_hold(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    gid = people.harbour.public_id
    await sockets(people.lena, gid=gid, tid=thread.public_id)
    socket = await sockets(people.bob, gid=gid, tid=thread.public_id, after="0&ticket=wanted")
    await socket.frame()
    desk = hub.here()
    (reader,) = desk._by_key["standings", people.bob.tag(people.harbour).hex()]
    held = asyncio.Event()

    async def slow(_: object) -> None:
        await held.wait()
        reader.end(hub.reader.REVOKED)

    desk._look_again = slow  # type: ignore[method-assign]
    await sync_to_async(ban)(people)
    while desk._settled == {name: recent.head for name, recent in desk._recent.items()}:
        await asyncio.sleep(0.01)
    assert reader.ticket is not None
    meanwhile = json.loads(reader.ticket())["ticket"]
    held.set()
    assert await socket.frame() == GONE
    del desk._look_again
    await is_refused(await back(sockets, people.bob, thread, meanwhile))


async def test_it_lasts_no_longer_than_an_open_socket(
    people: Cast, thread: Thread, elsewhere: Open, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await ticket_of(elsewhere, people.bob, thread)
    before, now = len(asked), clock.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + dt.timedelta(seconds=hub.MAX_AGE - 100))
    again = await (await back(elsewhere, people.bob, thread, ticket)).frame()
    assert len(asked) == before
    for shown in (ticket, again["ticket"]):  # one that was made anew counts from the door too
        monkeypatch.setattr("django.utils.timezone.now", lambda: now + dt.timedelta(seconds=hub.MAX_AGE + 5))
        await (await back(elsewhere, people.bob, thread, shown)).frame()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now - dt.timedelta(hours=1))
    await (await back(elsewhere, people.bob, thread, ticket)).frame()
    assert len(asked) == before + 3, "nor does it hold before it was made"


async def test_after_a_restore_no_ticket_of_before_holds(
    people: Cast, thread: Thread, sockets: Open, asked: list[str]
) -> None:
    """Ended sessions are in no backup: their log begins anew, and nobody is signed in."""
    ticket = await ticket_of(sockets, people.bob, thread)
    await SessionStream.objects.all().adelete()
    await SessionStream.objects.acreate(name="sessions")
    await sync_to_async(people.bob.client.session.delete)()
    await is_refused(await back(sockets, people.bob, thread, ticket))
    await SessionStream.objects.all().adelete()
    await back(sockets, people.alice, thread, await ticket_of(sockets, people.alice, thread))
    await asyncio.sleep(0.2)
    assert len(asked) == 4, "while no log could tell a restore, the door is asked"


# --- whom it is for ------------------------------------------------------------------------------------------


async def test_it_is_worth_nothing_to_anybody_else_or_anywhere_else(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    ticket = await ticket_of(sockets, people.bob, thread)
    await is_refused(await back(sockets, people.olga, thread, ticket))
    await is_refused(await back(sockets, people.barred, thread, ticket))
    own = await ticket_of(sockets, people.alice, await sync_to_async(make_thread)(people.meadow))
    other = await sync_to_async(make_thread)(people.cellar)
    await is_refused(await back(sockets, people.alice, other, own))
    missing = Thread(public_id="nosuchthread", group=Group(public_id="nosuchgroup"))
    await is_refused(await back(sockets, people.alice, missing, own))


async def test_what_was_altered_or_made_by_another_site_is_as_none(
    people: Cast, thread: Thread, sockets: Open, asked: list[str], settings: Any
) -> None:
    ticket = await ticket_of(sockets, people.bob, thread)
    tries = [ticket[:-8] + "AAAAAAA=", ticket[:100] + "x" + ticket[101:], "x", ticket[:40], "A" * 900]
    for shown in tries:
        socket = await back(sockets, people.bob, thread, shown)
        assert (await socket.frame())["type"] == "ticket"
    settings.SECRET_KEY = "another site"
    await back(sockets, people.bob, thread, ticket)
    async with asyncio.timeout(5):
        while len(asked) < 1 + len(tries) + 1:
            await asyncio.sleep(0.01)


def test_one_of_another_version_of_kith_is_as_none() -> None:
    for content in (b"[1,2]", b"[1,2,3,4,5,6,7]", b""):
        sealed = sealing.seal(key=tickets._key("c"), value=content.ljust(640), place=f"{tickets.PLACE}|here")
        shown = base64.urlsafe_b64encode(sealed).decode()
        assert tickets.unseal(shown, cookie="c", place="here", language="en", lasts=60) is None


BAD = {
    "another frame": '{"type":"after","seq":0}',
    "no text": '{"type":"ticket","ticket":7}',
    "more": '{"type":"ticket","ticket":"x","x":1}',
    "odd letters": '{"type":"ticket","ticket":"a b"}',
    "empty": "",
    "too long": json.dumps({"type": "ticket", "ticket": "A" * 1300}),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
async def test_a_bad_first_frame_closes_the_socket(
    people: Cast, thread: Thread, sockets: Open, text: str
) -> None:
    gid = people.harbour.public_id
    socket = await sockets(people.bob, gid=gid, tid=thread.public_id, after="0&ticket=shown")
    await socket.say(text)
    assert (await socket.closing())[0] == 4400


async def test_whoever_shows_nothing_is_cut_off_and_told_nothing(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.live.consumer.PATIENCE", 0.1)
    await write(people.alice, thread, "not for who says nothing")
    socket = await sockets(
        people.bob, gid=people.harbour.public_id, tid=thread.public_id, after="0&ticket=shown"
    )
    assert (await socket.closing())[0] == 1013


async def test_who_has_no_session_is_refused_before_anything_is_open(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    """At a talk that is there and at none alike, as without a ticket."""
    for gid, tid in ((people.harbour.public_id, thread.public_id), ("nosuchgroup", "nosuchthread")):
        for after in (0, "0&ticket=shown"):
            socket = await sockets(None, gid=gid, tid=tid, after=after)
            assert (socket.is_open, socket.code) == (False, 4404)


async def test_no_more_than_so_many_wait_for_their_ticket(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "MAX_WAITING", 2)
    gid, tid = people.harbour.public_id, thread.public_id

    async def comes() -> Socket:
        return await sockets(people.bob, gid=gid, tid=tid, after="0&ticket=shown")

    first, second, third = await comes(), await comes(), await comes()
    assert first.is_open and third.is_open
    assert (await first.closing())[0] == 1013  # whoever said nothing for the longest has to go
    await second.say('{"type":"ticket","ticket":"x"}')
    assert (await second.frame())["type"] == "ticket"  # is in, and waits no more
    fourth = await comes()
    assert fourth.is_open and await third.silent()
    await fourth.leave()
    assert (await comes()).is_open and await third.silent()


async def test_a_crowd_at_the_door_keeps_nobody_out_who_has_one(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await ticket_of(sockets, people.bob, thread)
    monkeypatch.setattr(hub, "MAX_JOINING", 0)
    assert (await (await back(sockets, people.bob, thread, ticket)).frame())["type"] == "ticket"
    made_up = await back(sockets, people.bob, thread, "made-up")
    assert (await made_up.closing())[0] == 1013


async def test_a_team_asks_at_the_door_each_time(people: Cast, sockets: Open) -> None:
    for person, is_in in ((people.mona, True), (people.bob, False)):
        socket = await sockets(person, gid=people.harbour.public_id, after="0&ticket=shown")
        await socket.say('{"type":"ticket","ticket":"x"}')
        if is_in:
            assert await socket.silent()
        else:
            await is_refused(socket)


# --- what it tells --------------------------------------------------------------------------------------------


async def test_nobody_gets_a_ticket_who_does_not_ask(people: Cast, thread: Thread, sockets: Open) -> None:
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id)
    assert await socket.silent()


async def test_it_tells_nothing_not_even_by_its_length(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = await ticket_of(sockets, people.bob, thread)
    await block(people.alice, people.bob, people.harbour)
    hiding_one = await ticket_of(sockets, people.bob, thread)
    monkeypatch.setattr(tickets, "SIZE", 300)
    too_much = await ticket_of(sockets, people.bob, thread)
    monkeypatch.undo()
    assert len(plain) == len(hiding_one) > len(too_much)
    raw = base64.urlsafe_b64decode(plain)
    tag = people.bob.tag(people.harbour)
    for told in (tag, tag.hex().encode(), str(thread.pk).encode(), b"sessions", b"Otter"):
        assert told not in raw
    assert plain != await ticket_of(sockets, people.bob, thread)


async def test_one_too_full_is_as_none_and_looks_the_same(
    people: Cast, thread: Thread, sockets: Open, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = frozenset(f"p{2**62 + number}" for number in range(40))
    usual = await ticket_of(sockets, people.bob, thread)
    monkeypatch.setattr("chat.policies.hidden.Hidden.refs", property(lambda _: everybody))
    full = await ticket_of(sockets, people.bob, thread)
    assert len(full) == len(usual) <= 920
    await (await back(sockets, people.bob, thread, full)).frame()
    assert len(asked) == 3
