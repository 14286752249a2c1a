"""The servers that are measured: they hand out in the way that they are said to."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from bench.servers import kith

SERVERS = Path(__file__).parent.parent.parent / "bench" / "servers"
BUSY = 20  # ms that a round takes
ROUNDS = f"""
import {{ joined }} from "{SERVERS.as_uri()}/joining.js";
const rounds = [];
const take = joined((items) => {{
  const began = performance.now();
  while (performance.now() - began < {BUSY});
  rounds.push([began, performance.now(), items.length]);
}});
take(0);
const giving = setInterval(take, 2, 0);
setTimeout(() => {{ clearInterval(giving); setTimeout(() => console.log(JSON.stringify(rounds)), 200); }}, 300);
"""


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not here")
def test_a_node_server_that_joins_rests_as_long_as_it_handed_out():
    said = subprocess.run(
        ["node", "--input-type=module", "-e", ROUNDS], capture_output=True, text=True, check=True, timeout=30
    ).stdout
    rounds: list[tuple[float, float, int]] = json.loads(said)
    rests = [after[0] - before[1] for before, after in itertools.pairwise(rounds)]
    assert len(rounds) > 3 and rounds[0][2] == 1  # the first at once, and alone
    assert min(rests) >= BUSY - 2  # timers count in whole milliseconds


def test_over_redis_a_message_waits_for_redis(monkeypatch: pytest.MonkeyPatch, settings: Any):
    heard: list[int] = []
    published = MagicMock()
    monkeypatch.setattr(kith.doorbell, "hear", kith.doorbell.hear)  # put back afterwards
    monkeypatch.setattr(kith.doorbell, "_redis", lambda: published)
    monkeypatch.setattr(kith.revocations, "streams", dict)
    monkeypatch.setattr(kith.control, "run", lambda *_, **__: None)
    unlisten = kith.doorbell.listen(lambda _stream, seq: heard.append(seq))
    for bell, heard_here, over_redis in (("local", 1, 0), ("redis", 0, 1)):
        heard.clear()
        kith.main("1", "2", bell)
        asyncio.run(kith.publish(1, "hello"))
        assert (len(heard), published.publish.call_count) == (heard_here, over_redis)
    unlisten()


def test_rendering_is_measured_by_itself() -> None:
    """As in a run of its own, where nothing else said which settings hold."""
    asked = (
        "from core import text; text.MAX_LENGTH = 60; from bench import rendering as one; print(*one.run())"
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("KITH_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=SERVERS.parent.parent,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "times as long" in done.stdout, done.stderr
