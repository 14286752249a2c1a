"""Redis refuses, or takes everything and never answers: writing goes on, and quickly."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator

import pytest
import redis

from core import ratelimit
from core.live import doorbell
from tests.faults.scene import JSON, Scene

LIMIT = 20  # posts a minute


@pytest.fixture(params=["refuses", "is silent"])
def dead_redis(request: pytest.FixtureRequest, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        if request.param == "is silent":
            listening.listen()
        settings.KITH_REDIS_URL = f"redis://127.0.0.1:{listening.getsockname()[1]}/0"
        monkeypatch.setattr(ratelimit, "_shared", None)
        monkeypatch.setattr(doorbell, "_client", None)
        monkeypatch.setattr(doorbell, "_paused_until", 0.0)
        yield


def _send(scene: Scene, text: str = "hello"):
    data = {"text": text, "client_id": str(uuid.uuid4())}
    return scene.alice.post(f"{scene.page}posts/", data, headers=JSON)


def test_a_post_is_published_without_asking_again_and_health_says_what_is_away(
    scene: Scene, dead_redis: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    connect = redis.Connection._connect
    monkeypatch.setattr(redis.Connection, "_connect", lambda self: (asked.append(1), connect(self))[1])
    for seq in (2, 3):
        answer = _send(scene)
        assert (answer.status_code, answer.json()["seq"]) == (201, seq)
        asked.append(0)
    assert (
        1 <= asked[: asked.index(0)].count(1) <= 2
    )  # the bell, and the limits: each waits half a second at most
    assert asked[asked.index(0) :].count(1) == 0
    health = scene.alice.get("/healthz")
    assert (health.status_code, health.json()["doorbell"]) == (200, "away")


def test_limits_hold_from_this_process_own_memory(scene: Scene, dead_redis: None) -> None:
    statuses = [_send(scene, text="").status_code for _ in range(LIMIT + 1)]
    assert statuses == [422] * LIMIT + [429]
