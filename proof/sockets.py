"""What an open talk says to somebody: every frame, from the first on, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable

from asgiref.sync import async_to_sync, sync_to_async

from chat.models import Thread
from tests.live.conftest import Socket, headers_of
from tests.people import Person

WAIT = 5.0  # seconds for what should come at once


def frames(
    person: Person | None, thread: Thread, *, meanwhile: Callable[[], None] = lambda: None
) -> list[str]:
    """Open the talk's socket at its beginning, let something happen, and take every frame up to the talk's head."""
    return async_to_sync(_follow)(person, thread, meanwhile)


async def _follow(person: Person | None, thread: Thread, meanwhile: Callable[[], None]) -> list[str]:
    address = f"/live/g/{thread.group.public_id}/t/{thread.public_id}/?after=0"
    socket = await Socket(address, headers_of(person)).connect()
    if not socket.is_open:
        return [f"refused with {socket.code}"]
    try:
        await sync_to_async(meanwhile)()
        head = await sync_to_async(lambda: Thread.objects.get(pk=thread.pk).last_seq)()
        return await _all_until(socket, head)
    finally:
        await socket.leave()


async def _all_until(socket: Socket, head: int) -> list[str]:
    found: list[str] = []
    at = 0
    while at < head:
        message = await socket.wire.receive_output(timeout=WAIT)
        if message["type"] != "websocket.send":
            return [*found, f"closed with {message.get('code')} {message.get('reason')}"]
        found.append(message["text"])
        at = max(at, json.loads(message["text"]).get("to", 0))
    return found
