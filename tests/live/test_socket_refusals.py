"""Who may not open a thread's socket: everybody is told the same nothing."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from chat.models import Thread
from community.enums import Role
from community.models import Group, Member
from core import clock
from core.live import frames
from tests.live.conftest import Open, Socket, headers_of
from tests.people import Cast, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = 4404


@pytest.fixture
async def people() -> Cast:
    return await sync_to_async(make_cast)()


async def _thread(group: Group) -> str:
    return (await sync_to_async(make_thread)(group)).public_id


async def test_a_member_may_listen_even_one_who_only_reads_or_is_muted(people: Cast, sockets: Open) -> None:
    tid = await _thread(people.harbour)
    for name in ("alice", "lena", "muted", "mona"):
        assert (await sockets(people.people[name], gid=people.harbour.public_id, tid=tid)).is_open


async def test_everybody_else_gets_the_same_refusal(people: Cast, sockets: Open) -> None:
    harbour = people.harbour.public_id
    tid, elsewhere = await _thread(people.harbour), await _thread(people.meadow)
    hidden = await _thread(people.cellar)
    tries = [
        (None, harbour, tid),  # signed out
        (people.olga, harbour, tid),  # an outsider
        (people.barred, harbour, tid),
        (people.ned, harbour, tid),  # another group's moderator
        (people.alice, people.cellar.public_id, hidden),  # a hidden group
        (people.alice, "nosuchgroup", tid),  # no such group
        (people.alice, harbour, "nosuchthread"),
        (people.alice, harbour, elsewhere),  # her own other group's thread
        (people.alice, people.meadow.public_id, tid),
        (people.bob, people.meadow.public_id, elsewhere),
    ]
    for person, gid, thread in tries:
        socket = await sockets(person, gid=gid, tid=thread)
        assert (socket.is_open, socket.code) == (False, REFUSED), (gid, thread)


@pytest.mark.parametrize(
    "origin",
    [
        None, "null", "", "https://localhost:8000", "http://localhost", "http://localhost:8001",
        "http://localhost.evil.example:8000", "http://evil.example", "http://127.0.0.1:80000",
        "http://user@localhost:8000", "http://localhost:8000/", "http://localhost:8000?x", "localhost:8000",
        "//localhost:8000", "ws://localhost:8000", "http://localhost:8000 http://evil.example",
    ],
)  # fmt: skip
async def test_other_pages_cannot_open_a_members_socket(
    people: Cast, sockets: Open, origin: str | None
) -> None:
    tid = await _thread(people.harbour)
    socket = await sockets(people.alice, gid=people.harbour.public_id, tid=tid, origin=origin)
    assert (socket.is_open, socket.code) == (False, REFUSED)


async def test_the_origin_is_compared_as_scheme_host_and_port(
    people: Cast, sockets: Open, settings: object
) -> None:
    settings.KITH_ORIGINS = ["https://kith.example"]  # type: ignore[attr-defined]
    tid = await _thread(people.harbour)
    gid = people.harbour.public_id
    for origin in ("https://kith.example", "https://KITH.example:443"):
        assert (await sockets(people.alice, gid=gid, tid=tid, origin=origin)).is_open
    for origin in ("http://kith.example", "https://kith.example:8443", "https://a.kith.example"):
        assert not (await sockets(people.alice, gid=gid, tid=tid, origin=origin)).is_open


async def test_two_origins_are_no_origin(people: Cast) -> None:
    tid = await _thread(people.harbour)
    headers = [*headers_of(people.alice), (b"origin", b"http://evil.example")]
    socket = await Socket(f"/live/g/{people.harbour.public_id}/t/{tid}/?after=0", headers).connect()
    assert not socket.is_open


async def test_the_origin_is_asked_before_anything_else(people: Cast, sockets: Open) -> None:
    tid = await _thread(people.harbour)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("config.sockets.SocketCarrier", lambda _: pytest.fail("the session was touched"))
        socket = await sockets(
            people.alice, gid=people.harbour.public_id, tid=tid, origin="http://evil.example"
        )
    assert not socket.is_open


async def test_addresses_that_are_nothing_are_refused(people: Cast) -> None:
    for path in ("/", "/live/", "/live/g/x/", "/g/x/t/y/?after=0"):
        socket = await Socket(path, headers_of(people.alice)).connect()
        assert (socket.is_open, socket.code) == (False, REFUSED), path


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5", "9" * 17, "\u0661", "0x1"])
async def test_a_bad_after_opens_nothing(people: Cast, sockets: Open, after: str) -> None:
    tid = await _thread(people.harbour)
    socket = await sockets(people.alice, gid=people.harbour.public_id, tid=tid, after=after)
    assert not socket.is_open
    assert frames.parse_seq(after) is None


async def test_a_forged_or_ended_cookie_opens_nothing(people: Cast, sockets: Open) -> None:
    tid = await _thread(people.harbour)
    name = next(iter(people.alice.client.cookies))
    people.alice.client.cookies[name] = people.alice.client.cookies[name].value[:-4] + "AAAA"
    assert not (await sockets(people.alice, gid=people.harbour.public_id, tid=tid)).is_open


async def test_a_changed_passphrase_ends_the_older_cookie(people: Cast, sockets: Open) -> None:
    tid = await _thread(people.harbour)
    people.alice.account.set_password("eight other boats at noon")
    await people.alice.account.asave()
    assert not (await sockets(people.alice, gid=people.harbour.public_id, tid=tid)).is_open


async def test_somebody_who_left_is_an_outsider(people: Cast, sockets: Open) -> None:
    tid = await _thread(people.harbour)
    await Member.objects.filter(owner_tag=people.lena.tag(people.harbour)).adelete()
    assert not (await sockets(people.lena, gid=people.harbour.public_id, tid=tid)).is_open


async def test_whoever_is_here_to_watch_asks_again_and_again_instead(people: Cast, sockets: Open) -> None:
    """A researcher's page follows a talk by asking: each day on which it does is told to all."""
    tid = await _thread(people.harbour)
    await Thread.objects.filter(public_id=tid).aupdate(
        watched_on=clock.today(), watched_by=["Asking quietly"]
    )
    assert (await sockets(people.lena, gid=people.harbour.public_id, tid=tid)).is_open
    await Member.objects.filter(owner_tag=people.lena.tag(people.harbour)).aupdate(role=Role.RESEARCHER)
    assert not (await sockets(people.lena, gid=people.harbour.public_id, tid=tid)).is_open
