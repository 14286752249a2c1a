"""Which servers and programs the tests can use on this machine, and whether the second environment is there."""

from __future__ import annotations

import functools
import os
import shutil

from proof import oracle

POSTGRES_URL = os.environ.get("KITH_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("KITH_TEST_REDIS", "redis://127.0.0.1:6379/9")
CHROMIUM = os.environ.get("KITH_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@functools.cache
def missing() -> dict[str, str]:
    """Marker -> why its tests cannot run here."""
    reasons = {}
    if not CHROMIUM:
        reasons["browser"] = "no Chromium on this machine"
    if not _postgres_answers():
        reasons["postgres"] = "no PostgreSQL server answers"
    if not _redis_answers():
        reasons["redis"] = "no Redis server answers"
    if not shutil.which("Rscript"):
        reasons["rscript"] = "no R on this machine"
    if not oracle.is_here():
        reasons["oracle"] = oracle.MISSING
    return reasons


def _postgres_answers() -> bool:
    import psycopg

    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def _redis_answers() -> bool:
    import redis

    try:
        return bool(redis.Redis.from_url(REDIS_URL, socket_connect_timeout=2).ping())
    except redis.RedisError:
        return False
