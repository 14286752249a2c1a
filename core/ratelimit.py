"""Rate limits and growing delays, keyed by HMAC under two keys: one that lives for a day, and the site's own.

Nothing here names anyone: a counter's key cannot be turned back into a name or an address, and tomorrow's
keys have nothing to do with today's. With Redis the counters are shared by all processes; without, they
live in this one. Redis holds the day's key beside the counters, so a copy of Redis lacks the site's key.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import ids, sealing

DAY = 86_400
PAUSE = 10.0  # seconds without a try after Redis did not answer, so that no page waits for it again


@dataclass
class _Memory:
    """Counters of one process: key -> (count, end). Swept when it grows."""

    counts: dict[bytes, tuple[int, float]] = field(default_factory=dict)
    key: tuple[int, bytes] = (0, b"")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def daily_key(self) -> bytes:
        day = int(time.time()) // DAY
        with self.lock:
            if self.key[0] != day:
                self.key = (day, ids.new_secret())
                self.counts.clear()
            return self.key[1]

    def add(self, key: bytes, seconds: int, amount: int) -> tuple[int, float]:
        moment = time.monotonic()  # a clock that is put back must not keep anybody out for as long
        with self.lock:
            if len(self.counts) > 50_000:
                self.counts = {k: v for k, v in self.counts.items() if v[1] > moment}
            count, end = self.counts.get(key, (0, 0.0))
            if end <= moment:
                count, end = 0, moment + seconds
            self.counts[key] = (count + amount, end)
            return count + amount, min(end - moment, float(seconds))  # a sum of floats can be a little more

    def forget(self, key: bytes) -> None:
        with self.lock:
            self.counts.pop(key, None)


class _Shared:
    """The same counters in Redis, whose memory is never written to disk."""

    def __init__(self, url: str) -> None:
        self.paused_until = 0.0
        self.client = redis.Redis.from_url(
            url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0)
        )

    def daily_key(self) -> bytes:
        name = f"kith:day:{int(time.time()) // DAY}"
        self.client.set(name, ids.new_secret(), nx=True, ex=DAY + 3600)
        found = self.client.get(name)
        if not isinstance(found, bytes):  # somebody emptied it just now
            raise redis.RedisError
        return found

    def add(self, key: bytes, seconds: int, amount: int) -> tuple[int, float]:
        name = b"kith:rate:" + key.hex().encode()
        pipe = self.client.pipeline()
        pipe.incrby(name, amount)
        pipe.expire(name, seconds, nx=True)
        pipe.ttl(name)
        count, _, left = pipe.execute()
        return int(count), float(left)

    def forget(self, key: bytes) -> None:
        self.client.delete(b"kith:rate:" + key.hex().encode())


_memory = _Memory()
_shared: _Shared | None = None


def _store() -> _Memory | _Shared:
    """Redis where there is one that answers, this process's memory otherwise: a limit never takes Kith down."""
    global _shared  # noqa: PLW0603 one client a process
    if not settings.KITH_REDIS_URL:
        return _memory
    if _shared is None:
        _shared = _Shared(settings.KITH_REDIS_URL)
    return _memory if time.monotonic() < _shared.paused_until else _shared


def _name(daily_key: bytes, parts: tuple[str, ...]) -> bytes:
    """The key of one counter: only who has the day's key and the site's can make it from a name."""
    own = sealing.derive(key=settings.SECRET_KEY.encode(), purpose="rate limits")
    return sealing.tag(key=sealing.derive(key=own + daily_key, purpose="rate limits of a day"), parts=parts)


def _count(parts: tuple[str, ...], seconds: int, amount: int) -> tuple[int, float]:
    try:
        store = _store()
        return store.add(_name(store.daily_key(), parts), seconds, amount)
    except redis.RedisError:
        if _shared:
            _shared.paused_until = time.monotonic() + PAUSE
        return _memory.add(_name(_memory.daily_key(), parts), seconds, amount)


def hit(*parts: str, limit: int, seconds: int) -> float:
    """Count one act. Returns 0.0 within the limit, or the seconds to wait when more than `limit` came in `seconds`."""
    count, left = _count(parts, seconds, 1)
    return 0.0 if count <= limit else max(left, 1.0)


def add(*parts: str, seconds: int) -> int:
    """Count one act. Returns which one it is: no two at once are told the same."""
    return _count(parts, seconds, 1)[0]


def count(*parts: str, seconds: int) -> int:
    """How many acts were counted, without counting this look."""
    return _count(parts, seconds, 0)[0]


def give_back(*parts: str, seconds: int) -> None:
    """Count one act less: it was not what is limited."""
    _count(parts, seconds, -1)


def forget(*parts: str) -> None:
    """Start again from zero."""
    for store in {id(s): s for s in (_memory, _store())}.values():
        try:
            store.forget(_name(store.daily_key(), parts))
        except redis.RedisError:
            continue
