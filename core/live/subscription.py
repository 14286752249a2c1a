"""Hearing the doorbell from other processes: one Redis subscription per event loop, which mends itself."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Callable
from typing import Any

import redis.asyncio
from redis.exceptions import ConnectionError as RedisConnectionError

from core.live.doorbell import CHANNEL

logger = logging.getLogger("kith.doorbell")
QUIET = 2.0  # seconds without a word


async def listen(*, url: str, heard: Callable[[str, int], None], connected: Callable[[], None]) -> None:
    """Call `heard(stream, seq)` for every ring, until cancelled. `connected` is called on every (re)connection, since
    rings may have been lost before it."""
    wait, cancelling = 0.0, asyncio.current_task().cancelling  # type: ignore[union-attr]  # within a task
    while (
        not cancelling()
    ):  # asked, since the client may lose a cancellation while it sets out, sends or closes
        await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 spreads reconnections
        try:
            async with (
                redis.asyncio.Redis.from_url(url, socket_connect_timeout=2, retry=None) as client,
                client.pubsub() as bells,
            ):
                await bells.subscribe(CHANNEL)
                if cancelling():
                    return
                wait = 0.5
                connected()
                await _hear(bells, heard, cancelling)
        except Exception as error:  # whatever it is, it is tried again
            logger.warning("doorbell away: %s", type(error).__name__)
        wait = min(max(wait * 2, 0.5), 5.0)


async def _hear(bells: Any, heard: Callable[[str, int], None], cancelling: Callable[[], int]) -> None:
    """Until it ends. A line that went dead without a word looks like silence: so whoever is silent is asked."""
    is_asked = False
    while not cancelling():
        message = await bells.get_message(timeout=QUIET)
        if message is None and is_asked:
            raise RedisConnectionError("silent")
        if is_asked := message is None:
            await bells.ping()
        elif ring := parse(message):
            heard(*ring)


def parse(message: object) -> tuple[str, int] | None:
    """Stream and sequence number of a published message, or None for anything else."""
    if not isinstance(message, dict) or message.get("type") != "message":
        return None
    try:
        stream, seq = json.loads(message["data"])
    except (ValueError, TypeError, RecursionError):
        return None
    return (stream, seq) if isinstance(stream, str) and isinstance(seq, int) else None
