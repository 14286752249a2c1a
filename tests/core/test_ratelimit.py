"""Limits count, forget, name nobody, and never take Kith down."""

from __future__ import annotations

import pytest
import redis

from core import ratelimit, sealing
from tests import servers


def test_the_limit_is_what_it_says_and_each_thing_has_its_own() -> None:
    assert [ratelimit.hit("post", "a", limit=2, seconds=60) for _ in range(2)] == [0.0, 0.0]
    wait = ratelimit.hit("post", "a", limit=2, seconds=60)
    assert 1.0 <= wait <= 60.0
    assert ratelimit.hit("post", "b", limit=2, seconds=60) == 0.0


def test_looking_does_not_count_and_forgetting_starts_again() -> None:
    ratelimit.hit("sign-in", "a", limit=9, seconds=60)
    assert [ratelimit.count("sign-in", "a", seconds=60) for _ in range(3)] == [1, 1, 1]
    ratelimit.forget("sign-in", "a")
    assert ratelimit.count("sign-in", "a", seconds=60) == 0


def test_a_window_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr(ratelimit.time, "monotonic", lambda: now)
    assert ratelimit.hit("a", limit=1, seconds=60) == 0.0
    assert ratelimit.hit("a", limit=1, seconds=60) == 60.0
    now += 61
    assert ratelimit.hit("a", limit=1, seconds=60) == 0.0


def test_nothing_kept_in_memory_names_anyone_and_tomorrow_knows_nothing_of_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ratelimit.hit("sign-in", "grey-otter-1234", limit=1, seconds=172_800)
    assert ratelimit._memory.counts
    assert not any(b"otter" in key for key in ratelimit._memory.counts)
    today = ratelimit._memory.daily_key()
    later = ratelimit.time.time() + ratelimit.DAY
    monkeypatch.setattr(ratelimit.time, "time", lambda: later)
    assert ratelimit._memory.daily_key() != today
    assert not ratelimit._memory.counts


def test_with_redis_away_this_process_counts_alone(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KITH_REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(ratelimit, "_shared", None)
    assert ratelimit.hit("a", limit=1, seconds=60) == 0.0
    assert ratelimit.hit("a", limit=1, seconds=60) > 0.0
    ratelimit.forget("a")
    assert ratelimit.hit("a", limit=1, seconds=60) == 0.0


def test_a_key_that_goes_just_now_lets_this_process_count_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Emptied:
        def set(self, *_: object, **__: object) -> None: ...

        def get(self, _: str) -> None: ...

    shared = ratelimit._Shared("redis://127.0.0.1:1/0")
    monkeypatch.setattr(shared, "client", Emptied())
    monkeypatch.setattr(ratelimit, "_shared", shared)
    monkeypatch.setattr(ratelimit, "_store", lambda: shared)
    assert ratelimit.hit("emptied", "a", limit=1, seconds=60) == 0.0
    assert ratelimit.hit("emptied", "a", limit=1, seconds=60) > 0.0


@pytest.mark.redis
def test_with_redis_two_processes_share_one_count_and_it_goes_by_itself(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KITH_REDIS_URL = servers.REDIS_URL
    client = redis.Redis.from_url(servers.REDIS_URL)
    client.flushdb()
    one, other = ratelimit._Shared(servers.REDIS_URL), ratelimit._Shared(servers.REDIS_URL)
    for shared, waits in [(one, False), (other, False), (one, True)]:
        monkeypatch.setattr(ratelimit, "_shared", shared)
        assert bool(ratelimit.hit("sign-in", "grey-otter-1234", limit=2, seconds=60)) is waits
    names = client.keys("*")
    assert names
    assert not any(b"otter" in name or b"sign" in name for name in names)
    assert all(client.ttl(name) > 0 for name in names)
    client.flushdb()


@pytest.mark.redis
def test_a_copy_of_redis_alone_maps_no_counter_to_a_name(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KITH_REDIS_URL = servers.REDIS_URL
    client = redis.Redis.from_url(servers.REDIS_URL)
    client.flushdb()
    monkeypatch.setattr(ratelimit, "_shared", ratelimit._Shared(servers.REDIS_URL))
    parts = ("sign-in", "grey-otter-1234")
    ratelimit.hit(*parts, limit=2, seconds=60)
    daily = client.get(client.keys("kith:day:*")[0])
    (counter,) = client.keys("kith:rate:*")
    by_daily_key_alone = sealing.tag(key=daily, parts=parts).hex().encode()
    assert counter != b"kith:rate:" + by_daily_key_alone
    settings.SECRET_KEY = "a guess"
    assert ratelimit.count(*parts, seconds=60) == 0
    client.flushdb()
