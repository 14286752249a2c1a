"""The doorbell between processes: ids only, and no harm when Redis is away."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
import redis
from asgiref.sync import sync_to_async
from django.test import override_settings

from chat.actions import posts
from core.live import doorbell, hub, subscription
from tests import servers
from tests.live.conftest import Open
from tests.live.test_hub import Desk, until
from tests.people import make_cast, make_thread

DEAD = "redis://127.0.0.1:1/0"


@pytest.fixture
def own_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "_client", None)
    monkeypatch.setattr(doorbell, "_paused_until", 0.0)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"[]", b'["a"]', b"[1, 2]", b'["a", "b"]', b'{"a": 1}', None, b"[" * 100_000]
)
def test_what_is_no_ring_is_not_heard(data: bytes | None) -> None:
    assert subscription.parse({"type": "message", "data": data}) is None
    assert subscription.parse({"type": "subscribe", "data": 1}) is None
    assert subscription.parse({"type": "message", "data": b'["t:5", 9]'}) == ("t:5", 9)


def test_a_listener_that_breaks_harms_neither_the_writer_nor_the_others() -> None:
    heard: list[tuple[str, int]] = []

    def broken(stream: str, seq: int) -> None:
        raise RuntimeError

    ends = [doorbell.listen(broken), doorbell.listen(lambda *ring: heard.append(ring))]
    try:
        doorbell.ring(stream="t:1", seq=2)
    finally:
        for end in ends:
            end()
    assert heard == [("t:1", 2)]


def test_a_dead_redis_costs_one_short_try_and_then_nothing_for_a_while(own_client: None) -> None:
    with override_settings(KITH_REDIS_URL=DEAD):
        started = time.monotonic()
        for seq in range(50):
            doorbell.ring(stream="t:1", seq=seq)
        assert time.monotonic() - started < 1
        assert doorbell.state() == "away"


@pytest.mark.django_db(transaction=True)
async def test_with_redis_dead_sockets_of_this_process_still_hear_at_once(
    sockets: Open, own_client: None
) -> None:
    with override_settings(KITH_REDIS_URL=DEAD):
        people = await sync_to_async(make_cast)()
        thread = await sync_to_async(make_thread)(people.harbour)
        socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id)
        here = await sync_to_async(people.alice.here)(people.harbour)
        await sync_to_async(posts.publish_post)(
            here=here, thread=thread, text="hello", client_id=str(uuid.uuid4())
        )
        assert [event["seq"] for event in await socket.events(upto=1, timeout=1.5)] == [1]


@pytest.mark.redis
async def test_two_hubs_hear_one_ring_through_redis(
    own_client: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.revocations, "_streams", {})
    with override_settings(KITH_REDIS_URL=servers.REDIS_URL):
        desks = [Desk(writes=True), Desk(writes=False)]
        for desk in desks:
            desk.hub.timing = hub.Timing(tend=60)  # nothing is healed: only the bell can tell
        desks[1].paper = desks[0].paper
        lines = [await desk.join() for desk in desks]
        await asyncio.sleep(0.5)  # both have subscribed
        monkeypatch.setattr(doorbell, "_listeners", [])  # as if the writer were another process
        desks[0].paper.write("hello", ring=False)
        ringing = threading.Thread(target=lambda: doorbell.ring(stream="paper:7", seq=1))
        ringing.start()
        await until(lambda: all(line.seqs == [1] for line in lines))
        ringing.join()
        for desk in desks:
            desk.hub._unlisten = None
            desk.close()


@pytest.mark.redis
async def test_a_subscription_that_was_cut_comes_back_and_asks_for_what_it_missed(own_client: None) -> None:
    heard: list[tuple[str, int]] = []
    connected: list[float] = []
    listening = asyncio.create_task(
        subscription.listen(
            url=servers.REDIS_URL,
            heard=lambda *ring: heard.append(ring),
            connected=lambda: connected.append(time.monotonic()),
        )
    )
    await until(lambda: connected)
    with redis.Redis.from_url(servers.REDIS_URL) as server:
        for client in server.client_list(_type="pubsub"):
            if client["sub"] == "1":
                server.client_kill_filter(_id=client["id"])
        await until(lambda: len(connected) == 2, 4)
        await asyncio.sleep(0.1)
        server.publish(doorbell.CHANNEL, json.dumps(["t:1", 2]))
        await until(lambda: ("t:1", 2) in heard)
    listening.cancel()


@asynccontextmanager
async def line_to_redis() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """An address by which Redis is reached, and what makes every line there go dead without a word."""
    there, dead = urlsplit(servers.REDIS_URL), asyncio.Event()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            if not dead.is_set():
                writer.write(data)

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        others = await asyncio.open_connection(there.hostname, there.port)
        await asyncio.gather(pass_on(reader, others[1]), pass_on(others[0], writer))

    async with await asyncio.start_server(join, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield there._replace(netloc=f"127.0.0.1:{port}").geturl(), dead


@pytest.mark.redis
async def test_a_line_that_went_dead_without_a_word_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscription, "QUIET", 0.2)
    heard: list[tuple[str, int]] = []
    connected: list[float] = []
    async with line_to_redis() as (url, dead):
        listening = asyncio.create_task(
            subscription.listen(
                url=url,
                heard=lambda *ring: heard.append(ring),
                connected=lambda: connected.append(time.monotonic()),
            )
        )
        await until(lambda: connected)
        await asyncio.sleep(1)  # silence alone is no fault
        assert len(connected) == 1
        dead.set()
        await asyncio.sleep(0.7)
        dead.clear()
        await until(lambda: len(connected) == 2, 4)
        with redis.Redis.from_url(servers.REDIS_URL) as server:
            server.publish(doorbell.CHANNEL, json.dumps(["t:1", 2]))
        await until(lambda: ("t:1", 2) in heard)
        listening.cancel()


class Client:
    """A Redis client that loses a cancellation, as the real one may: where it sends, or since it closes badly."""

    def __init__(self, *, closes_badly: bool) -> None:
        self._closes_badly = closes_badly

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._closes_badly:
            raise redis.ConnectionError

    def pubsub(self) -> Client:
        return self

    async def subscribe(self, _: str) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            if self._closes_badly:
                raise

    async def get_message(self, timeout: float) -> None:
        await asyncio.sleep(60)


@pytest.mark.parametrize("closes_badly", [True, False])
async def test_a_subscription_ends_though_its_client_loses_the_cancellation(
    monkeypatch: pytest.MonkeyPatch, closes_badly: bool
) -> None:
    monkeypatch.setattr(
        subscription.redis.asyncio.Redis, "from_url", lambda *_, **__: Client(closes_badly=closes_badly)
    )
    listening = asyncio.create_task(
        subscription.listen(url="", heard=lambda *_: None, connected=lambda: None)
    )
    await asyncio.sleep(0.05)  # it subscribes
    listening.cancel()
    ended, _ = await asyncio.wait([listening], timeout=2)
    listening.cancel()
    assert ended


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_redis_hears_ids_only(own_client: None) -> None:
    people = make_cast()
    thread = make_thread(people.harbour, title="planted title")
    with (
        override_settings(KITH_REDIS_URL=servers.REDIS_URL),
        redis.Redis.from_url(servers.REDIS_URL) as server,
    ):
        bells = server.pubsub()
        bells.psubscribe("*")
        bells.get_message(timeout=1)
        posts.publish_post(
            here=people.alice.here(people.harbour),
            thread=thread,
            text="planted words",
            client_id=str(uuid.uuid4()),
        )
        message = bells.get_message(timeout=2)
        while message and (message["type"] != "pmessage" or b"t:" not in message["data"]):
            message = bells.get_message(timeout=2)
        bells.close()
    assert message
    assert json.loads(message["data"]) == [f"t:{thread.pk}", 1]
    for told in ("planted", thread.public_id, people.harbour.public_id, "Heron"):
        assert told.encode() not in message["data"]
