"""A log that is not the one that was followed: an older copy was put back, or a server that stood by took over without
the last of it. And a window that is of another day."""

from __future__ import annotations

import asyncio
import json

import pytest

from core import clock
from core.live import hub, stream
from tests.live.test_hub import Desk, Line, desk, until

__all__ = ["desk"]


def goes_back(desk: Desk, *, by: int) -> None:
    del desk.paper.rows[-by:]


def is_told_to_reload(line: Line) -> bool:
    return line.ended is not None and json.loads(line.got[-1]) == {"type": "reload"}


async def said(desk: Desk, *texts: str) -> Line:
    """A reader who has all of this."""
    line = await desk.join()
    for text in texts:
        desk.paper.write(text)
    await until(lambda: line.seqs == list(range(1, len(texts) + 1)))
    return line


async def test_one_that_was_written_on_beyond_where_it_was_is_noticed(desk: Desk) -> None:
    desk.hub.timing = hub.Timing(tend=0.02, heal=60, heartbeat=60, stuck=60)
    line = await said(desk, "one", "two", "three")
    goes_back(desk, by=2)
    for name in ("another two", "another three", "four"):
        desk.paper.write(name, ref=name)
    await until(lambda: is_told_to_reload(line))
    assert line.seqs == [1, 2, 3]
    late = await desk.join(after=1)
    await until(lambda: late.seqs == [2, 3, 4])
    assert "another three" in "".join(late.got)


async def test_one_that_was_written_on_up_to_where_it_was_is_noticed_within_the_next_healing(
    desk: Desk,
) -> None:
    line = await said(desk, "one", "two")
    goes_back(desk, by=1)
    desk.paper.write("another two", ref="another")
    await until(lambda: is_told_to_reload(line))
    late = await desk.join(after=1)
    await until(lambda: late.seqs == [2])
    assert "another two" in late.got[-1]


async def test_one_that_was_followed_from_its_head_on_is_noticed_too(desk: Desk) -> None:
    desk.hub.timing = hub.Timing(tend=0.02, heal=60, heartbeat=60, stuck=60)
    desk.paper.write("one")
    desk.paper.write("two")
    line = await desk.join(after=2)
    goes_back(desk, by=1)
    desk.paper.write("another two", ref="x")
    desk.paper.write("three")
    await until(lambda: is_told_to_reload(line))
    assert line.seqs == []


async def test_whoever_comes_then_gets_nothing_of_before(desk: Desk) -> None:
    """Also while somebody whose line is held up has not left yet."""
    desk.hub.timing = hub.Timing(tend=0.02, heal=0.1, heartbeat=60, stuck=60)
    held = await said(desk, "one", "two")
    held.fill()
    goes_back(desk, by=1)
    await asyncio.sleep(0.3)
    late = await desk.join(after=0)
    await until(lambda: late.seqs == [1])
    desk.paper.write("another two", ref="r2")
    await until(lambda: late.seqs == [1, 2])
    assert "another two" in late.got[-1] and late.ended is None


async def test_what_was_rendered_on_another_day_is_rendered_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await said(desk, "said by Grey Willow")
    desk.paper.texts["r1"] = "said by someone who left"
    today = clock.today()
    monkeypatch.setattr(clock, "today", lambda: today.replace(year=today.year + 1))
    late = await desk.join(after=0)
    await until(lambda: late.seqs == [1])
    assert "Grey Willow" not in "".join(late.got)
    desk.paper.write("two")
    await until(lambda: line.seqs == late.seqs == [1, 2])


async def test_more_than_the_window_at_once_reaches_whoever_stands_by(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MAX_BYTES", 100_000)
    monkeypatch.setattr(stream, "FRAME_BYTES", 30_000)
    line = await said(desk, "one")
    await until(lambda: not desk.writes or desk.running[0][0].together)
    for _ in range(60):
        desk.paper.write("x" * 5_000, ring=False)
    desk.paper.write("the last of them")
    await until(lambda: line.seqs == list(range(1, 63)) or is_told_to_reload(line))
    assert is_told_to_reload(line) is not desk.writes, (
        "where each goes by itself, the window is what there is"
    )
    assert desk.window.size <= 105_010
