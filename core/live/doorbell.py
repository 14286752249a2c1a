"""The doorbell: `ring(stream, seq)` tells live processes to look at the log. It carries ids, never text.

Within one process it is a direct call; between processes a Redis PUBLISH. A lost ring costs seconds, not
events: every live process also reads the heads of its streams.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger("kith.doorbell")
CHANNEL = "kith:bell"
PAUSE = 2.0  # seconds without a try after Redis did not answer, so that no post waits for it

_listeners: list[Callable[[str, int], None]] = []
_client: redis.Redis | None = None
_paused_until = 0.0


def listen(listener: Callable[[str, int], None]) -> Callable[[], None]:
    """Call `listener(stream, seq)` on every ring in this process. Returns what ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def ring(*, stream: str, seq: int) -> None:
    """Tell every live process that `stream` has events up to `seq`. Never raises: the ring is only a hint."""
    global _paused_until  # noqa: PLW0603 one pause a process
    hear(stream, seq)
    if not settings.KITH_REDIS_URL or time.monotonic() < _paused_until:
        return
    try:
        _redis().publish(CHANNEL, json.dumps([stream, seq]))
    except redis.RedisError as error:
        _paused_until = time.monotonic() + PAUSE
        logger.warning("not rung: %s", type(error).__name__)


def hear(stream: str, seq: int) -> None:
    """Pass a ring on to this process's listeners. One that breaks stops neither the others nor the writer."""
    for listener in list(_listeners):
        try:
            listener(stream, seq)
        except Exception as error:
            logger.error("listener: %s", type(error).__name__)


def state() -> str:
    """'local' within one process, else whether Redis answers: 'ok' or 'away'."""
    if not settings.KITH_REDIS_URL:
        return "local"
    try:
        _redis().ping()
    except redis.RedisError:
        return "away"
    return "ok"


def _redis() -> redis.Redis:
    global _client  # noqa: PLW0603 one client a process
    if _client is None:
        _client = redis.Redis.from_url(
            settings.KITH_REDIS_URL,
            socket_timeout=0.5,
            socket_connect_timeout=0.5,
            retry=Retry(NoBackoff(), 0),  # a connection that went stale is noticed before it is used
        )
    return _client
