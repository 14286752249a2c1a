"""What proof/faults.py would see: each wrong history is seeded once, by the server or on a screen, and found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from proof import faults
from proof.faults import Healing, World
from tests import installed
from tests.browser.sites import Site
from tests.faults import kinds
from tests.faults.watching import Reader, Talk, Writer

TALK = Talk(gid="g", tid="t", cookie="c", origin="http://localhost", at=1, live=1)
ORDER = [f"post-{seq}" for seq in range(1, 61)]
Events = list[dict[str, Any]]


def page(*, head: int, posts: Sequence[str] | None = None) -> str:
    """A talk's page as it is loaded: the newest 25."""
    shown = ORDER[max(0, head - 25) : head] if posts is None else posts
    return f'<div data-head="{head}">' + "".join(f'<li id="p-{pid}">' for pid in shown)


def events(first: int, last: int) -> Events:
    return [{"seq": seq, "id": ORDER[seq - 1], "html": "<li>"} for seq in range(first, last + 1)]


def reader(*frames: Events, loaded: str | None = None) -> Reader:
    """Somebody who loaded a page at 40 posts, and was told these frames over one connection."""
    made = Reader(talk=TALK)
    made.show(page(head=40) if loaded is None else loaded)
    made.told = made.seen
    for frame in frames:
        made.take(frame, frame[-1]["seq"] if frame else made.seen)
    return made


def rows(
    *readers: Reader, stored: Sequence[str] = ORDER, twice: int = 0, took: float = 1.0
) -> dict[str, bool]:
    """Which rows hold."""
    writer = Writer(talk=TALK, seed=0, pause=0, twice=twice)
    writer.acknowledged = {pid: number + 1 for number, pid in enumerate(ORDER)}
    world = World(Site([], {}), {}, readers=list(readers), writers=[writer])
    world.healings = [Healing("something", took, kinds.HEALED, 0)]
    found = faults.held_against("here", world, [(pid, f"words of {pid}") for pid in stored])
    return {result.part.rpartition(", ")[2]: bool(result.holds) for result in found}


def all_of(frame: Events) -> list[Events]:
    return [frame[:7], frame[7:]]


def test_a_right_history_is_right() -> None:
    told, late = reader(*all_of(events(41, 60))), reader(loaded=page(head=60))
    first = reader(*all_of(events(1, 60)), loaded=page(head=0))
    assert rows(told, late, first) == {"posts": True, "screens": True, "healing": True}


def _lost(frame: Events) -> list[Events]:
    return [frame[:5], frame[6:]]


def _lost_at_the_end(frame: Events) -> list[Events]:
    return [frame[:-1], [{**frame[-1], "html": ""}]]


def _doubled_in_a_frame(frame: Events) -> list[Events]:
    return [[*frame[:5], frame[4], *frame[5:]]]


def _doubled_over_two_frames(frame: Events) -> list[Events]:
    return [frame[:5], frame[3:]]


def _doubled_with_another_number(frame: Events) -> list[Events]:
    return [[*frame[:5], {**frame[4], "seq": frame[5]["seq"]}, *frame[6:]]]


def _out_of_order(frame: Events) -> list[Events]:
    return [[*frame[:5], frame[6], frame[5], *frame[7:]]]


@pytest.mark.parametrize(
    "seed",
    [
        _lost, _lost_at_the_end, _doubled_in_a_frame, _doubled_over_two_frames, _doubled_with_another_number,
        _out_of_order,
    ],
    ids=lambda seed: seed.__name__.strip("_"),
)  # fmt: skip
def test_what_is_wrong_on_one_screen_of_three_is_found(seed: Callable[[Events], list[Events]]) -> None:
    right = [reader(*all_of(events(41, 60))) for _ in range(2)]
    assert rows(*right, reader(*seed(events(41, 60)))) == {"posts": True, "screens": False, "healing": True}


@pytest.mark.parametrize(
    "loaded",
    [
        page(head=60, posts=ORDER[-1:]),
        page(head=60, posts=[]),
        page(head=60, posts=[*ORDER[35:50], *ORDER[51:]]),
        page(head=60, posts=[*ORDER[35:], ORDER[-1]]),
        page(head=60, posts=[*ORDER[34:58], ORDER[59], ORDER[58]]),
    ],
    ids=["one post", "no post", "a gap", "doubled", "out of order"],
)
def test_a_page_that_was_loaded_wrong_is_found(loaded: str) -> None:
    assert not rows(reader(loaded=loaded))["screens"]


def test_a_page_that_was_wrong_before_it_was_loaded_again_is_found() -> None:
    early = reader(*_lost(events(41, 60)))
    early.show(page(head=60))
    assert not rows(early)["screens"]


def test_a_reader_without_any_page_is_found() -> None:
    assert not rows(Reader(talk=TALK))["screens"]


def test_what_was_asked_for_again_may_come_again() -> None:
    asked = reader(events(41, 50))
    asked.forgiven = 50
    asked.take(events(46, 50), 50)
    asked.take(events(51, 60), 60)
    assert rows(asked)["screens"]


@pytest.mark.parametrize(
    ("stored", "twice"),
    [(ORDER[:-1], 0), ([*ORDER, ORDER[-1]], 0), ([*ORDER[:58], ORDER[59], ORDER[58]], 0), (ORDER, 1)],
    ids=["lost", "doubled", "out of order", "acknowledged as another"],
)
def test_wrong_rows_are_found(stored: list[str], twice: int) -> None:
    assert not rows(reader(*all_of(events(41, 60))), stored=stored, twice=twice)["posts"]


def test_healing_that_takes_too_long_is_found() -> None:
    assert not rows(reader(loaded=page(head=60)), took=kinds.HEALED + 0.1)["healing"]


def test_within_some_days_each_kind_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    every = {f"kind {n}": kinds.Kind(lambda: kinds.nothing) for n in range(26)} | {
        faults.ALWAYS: kinds.Kind(lambda: kinds.nothing)
    }
    seen: set[str] = set()
    for day in range(0, 27, 3):  # a proof runs on every third
        monkeypatch.setattr(faults.rotation, "TODAY", day)
        chosen = faults.todays(every, amount=4)
        assert len(set(chosen)) == 4 and faults.ALWAYS in chosen
        seen |= set(chosen)
    assert seen == every.keys()


def test_the_parts_are_started_as_they_are_installed() -> None:
    web, live = installed.command("web", port=7), installed.command("live", port=7)
    assert web[:2] == ["-m", "granian"] and {"--port=7", "--host=127.0.0.1"} <= set(web)
    assert live[:2] == ["-m", "config.live"] and {"--port=7", "--host=127.0.0.1"} <= set(live)
    assert [part for part in [*web, *live] if "$" in part or "0.0.0" in part] == []
    assert installed.settings("web") == {"KITH_CONN_MAX_AGE": "60"}
    assert installed.settings("live") == {}
