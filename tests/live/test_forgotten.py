"""A live process that could not read the log for a while: whoever was kept out meanwhile hears nothing more, also where
the log has forgotten by then that they were."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError

from chat.models import Thread, ThreadEvent
from community.actions import standing
from community.actions.standing import Effect
from core.live import hub, revocations
from core.live.reader import COME_BACK, NOT_ALLOWED, TOO_FAR
from tests.chat.saying import send
from tests.live.conftest import Open
from tests.people import Cast, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def cast() -> Cast:
    return await sync_to_async(make_cast)()


@pytest.fixture
async def thread(cast: Cast, monkeypatch: Any) -> Thread:
    monkeypatch.setattr(hub, "TIMING", hub.Timing(tend=0.1, heal=0.5))
    return await sync_to_async(make_thread)(cast.harbour)


@sync_to_async
def ban(cast: Cast, *, prunes: int) -> None:
    tag = cast.bob.tag(cast.harbour)
    standing.limit(group=cast.harbour, owner_tag=tag, effect=Effect(may_read=False))
    forget = standing.Pruning()
    for _ in range(prunes):
        forget()


@pytest.mark.parametrize("prunes", [0, 2])
async def test_a_ban_reaches_them_once_the_log_can_be_read(
    cast: Cast, thread: Thread, sockets: Open, monkeypatch: Any, prunes: int
) -> None:
    bob, alice = [
        await sockets(one, gid=cast.harbour.public_id, tid=thread.public_id) for one in (cast.bob, cast.alice)
    ]
    read, held_up = revocations.read, []

    def away(**_: Any) -> Any:
        held_up.append(1)
        raise OperationalError

    monkeypatch.setattr(revocations, "read", away)
    await ban(cast, prunes=prunes)
    while not held_up:
        await asyncio.sleep(0.02)
    monkeypatch.setattr(revocations, "read", read)
    if prunes:  # it could have been anybody: all come back, and bob is not let in
        assert [(await one.closing(20))[0] for one in (bob, alice)] == [COME_BACK, COME_BACK]
        bob, alice = [
            await sockets(one, gid=cast.harbour.public_id, tid=thread.public_id)
            for one in (cast.bob, cast.alice)
        ]
        assert alice.is_open and not bob.is_open
    else:
        assert await bob.frame(20) == {"type": "gone"} and (await bob.closing(20))[0] == NOT_ALLOWED
    await sync_to_async(send)(cast.alice, thread, "for members only")
    assert "for members only" in str(await alice.events(upto=1, timeout=20))


async def test_a_log_that_went_back_is_read_anew(cast: Cast, thread: Thread, sockets: Open) -> None:
    await sync_to_async(send)(cast.alice, thread, "before")
    bob = await sockets(cast.bob, gid=cast.harbour.public_id, tid=thread.public_id, after=1)

    @sync_to_async
    def restore() -> None:
        ThreadEvent.objects.filter(stream=thread).delete()
        Thread.objects.filter(pk=thread.pk).update(last_seq=0)

    await restore()
    assert await bob.frame(20) == {"type": "reload"}
    assert (await bob.closing(20))[0] == TOO_FAR
