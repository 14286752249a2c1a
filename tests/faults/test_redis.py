"""Redis refuses, or takes everything and never answers: writing goes on, and quickly."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterator

import pytest

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


def test_a_post_is_published_in_a_moment_and_health_says_what_is_away(scene: Scene, dead_redis: None) -> None:
    times = []
    for seq in (2, 3):
        started = time.monotonic()
        answer = _send(scene)
        times.append(time.monotonic() - started)
        assert (answer.status_code, answer.json()["seq"]) == (201, seq)
    assert max(times) < 1.5, times
    assert times[1] < 0.5, times  # it is not asked again for each post
    health = scene.alice.get("/healthz")
    assert (health.status_code, health.json()["doorbell"]) == (200, "away")


def test_limits_hold_from_this_process_own_memory(scene: Scene, dead_redis: None) -> None:
    statuses = [_send(scene, text="").status_code for _ in range(LIMIT + 1)]
    assert statuses == [422] * LIMIT + [429]
