"""A database that takes a question and never answers keeps no thread, and what was asked is asked again."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS

from core.live import hub, pool
from core.live.source import Event
from tests.live.test_hub import Desk, until
from tests.live.test_hub import desk as desk  # noqa: PLC0414 a fixture


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The line to a database that says nothing."""
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(pool, "connections", {DEFAULT_DB_ALIAS: SimpleNamespace(connection=ours)})
    with ours, theirs:
        yield ours


async def test_what_waits_too_long_is_given_up_and_nothing_else(
    silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.create_task(pool.in_thread(lambda: silent.recv(1)))
    await until(lambda: pool._working)
    assert not pool.give_up_late() and not asked.done()
    monkeypatch.setattr(pool, "PATIENCE", 0.0)
    assert pool.give_up_late()
    assert await asyncio.wait_for(asked, 3) == b""  # the line is over
    assert not pool._working and not pool.give_up_late()


async def test_a_hub_asks_again(desk: Desk, silent: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.hub.timing = hub.Timing(tend=0.02, heal=60, heartbeat=60, stuck=60)
    line = await desk.join()
    real, hung = desk.paper.read_after, list[int]()

    def read_after(**wanted: Any) -> Sequence[Event]:
        if not hung:
            hung.append(1)
            silent.recv(1)
            raise ConnectionError
        return real(**wanted)

    monkeypatch.setattr(desk.paper, "read_after", read_after)
    monkeypatch.setattr(pool, "PATIENCE", 0.2)
    desk.paper.write("one")
    await until(lambda: line.seqs == [1], 5)
    assert hung
