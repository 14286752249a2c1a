"""What is kept of a measurement: its rows, the run they come from, and whether they hold."""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

import bench.__main__ as command
from bench import endtoend, engine, rivals, rows
from bench.rows import Row, common

ROUNDS = dict.fromkeys(range(5), 2.0)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of results with nothing in it."""
    monkeypatch.setattr(rows, "RESULTS", tmp_path)
    return tmp_path


def _row(
    name: str, *, kith: dict[int, float] = ROUNDS, other: dict[int, float] = ROUNDS, rounds: int = 5
) -> Row:
    found = common(
        name=name, baseline="ws", metric="p99, ms", kith=kith, other=other, rounds=rounds, at_most=1.2
    )
    assert found
    return found


def _names(results: Path) -> list[tuple[str, str]]:
    return [(one["name"], one["run"]) for one in json.loads((results / "latest.json").read_text())]


def test_a_round_that_kith_failed_does_not_hold():
    ours = {nth: figure for nth, figure in ROUNDS.items() if nth != 2}
    found = _row("engine: p99", kith=ours)
    assert (found.holds, found.rounds) == (False, 4)
    assert _row("engine: p99", kith={0: 2.0, 2: 2.0}, rounds=3, other={0: 2.0, 1: 2.0, 2: 2.0}).holds is False


def test_too_few_rounds_together_say_nothing():
    theirs = {nth: figure for nth, figure in ROUNDS.items() if nth}
    found = _row("engine: p99", other=theirs)
    assert (found.holds, found.cannot) == (None, rows.TOO_FEW) and "too few rounds" in str(found)
    missed = _row("engine: p99", kith=dict.fromkeys(range(5), 9.0), other=theirs)
    assert (missed.holds, missed.cannot) == (False, "")
    assert _row("engine: p99", kith={0: 2.0}, other={0: 2.0}, rounds=1).holds is True  # a try with one round
    assert _row("engine: p99").holds is True


@pytest.mark.parametrize(
    ("kith", "other", "holds", "cannot"),
    [
        (1.0, 0.95, None, rows.BOUNDED),
        (0.3, 0.95, None, rows.BOUNDED),
        (1.0, 0.5, True, ""),  # the generator kept Kith back, and it was enough
        (0.9, 0.9, True, ""),
    ],
)
def test_a_goal_reached_by_a_full_generator_says_nothing(
    kith: float, other: float, holds: bool | None, cannot: str
):
    found = rows.under_load(_row("engine: p99"), kith=kith, other=other)
    assert (found.holds, found.cannot, found.busy) == (holds, cannot, max(kith, other))
    missed = rows.under_load(_row("engine: p99", kith=dict.fromkeys(range(5), 9.0)), kith=kith, other=other)
    assert (missed.holds, missed.cannot) == (False, "")


def test_the_page_says_why_a_row_cannot_say(results: Path):
    cannot = rows.under_load(_row("engine: bounded"), kith=1, other=1)
    said = ["socket.io: not measured in every round (lost)"]
    rows.keep("engine", [cannot, _row("engine: plain")], run="Monday", took=9.4, said=said)
    page = (results / "README.md").read_text()
    assert "| 1.2 | bounded by the generator | 5 |" in page and "| 1.2 | yes | 5 |" in page
    assert f"- engine: {said[0]}\n" in page


def test_the_last_words_of_a_server_are_one_line_without_paths(results: Path):
    last = [
        'ws: lost (File "/srv/a/kith/bench/ws.py", line 3, in <module>\n http://127.0.0.1:1/post refused)'
    ]
    rows.keep("engine", [_row("engine: plain")], run="Monday", took=9.4, said=last)
    told = 'ws: lost (File "…", line 3, in &lt;module&gt; http://127.0.0.1:1/post refused)'
    assert f"- engine: {told}\n" in (results / "README.md").read_text()


def test_only_the_same_rounds_are_compared():
    found = _row("engine: p99", kith={0: 1.0, 1: 100.0, 2: 1.0}, other={0: 1.0, 2: 1.0, 3: 50.0}, rounds=3)
    assert (found.kith, found.other, found.spread) == (1.0, 1.0, "1.0 to 1.0")
    none = common(name="x", baseline="x", metric="x", kith={0: 1.0}, other={1: 1.0}, rounds=2, at_most=1)
    assert none is None


def test_a_failed_round_of_the_engine_counts_in_no_load(monkeypatch: pytest.MonkeyPatch):
    given = rivals.Found(rate=10.0, cpu=1.0, p50=1.0, p99=1.0, memory=1.0, busy=0.5, reads=0.1)
    fails = iter([False, False, True, False, False])

    def one_round(name: str) -> dict[str, rivals.Found]:
        if name == "kith" and next(fails):
            raise rivals.Failed("lost")
        return dict.fromkeys(
            ("pressure",) if name.endswith("small") else ("steady", "burst", "pressure"), given
        )

    monkeypatch.setattr(engine, "build", lambda: None)
    monkeypatch.setattr(engine, "_one_round", one_round)
    found = list(engine.run())
    by_name = {one.name: one for one in found if isinstance(one, Row)}
    assert any("kith: not measured in every round (lost)" in one for one in found if isinstance(one, str))
    assert by_name["engine, steady: C, one by one, p99"].holds is False
    assert by_name["engine, steady: C, one by one, p99"].rounds == 4
    assert by_name["engine, an idle socket: 30 KiB"].holds is False
    assert by_name["engine, 400 talks of 5: socket.io"].holds is True
    assert by_name["engine, pressure: Node ws, joined, rate"].holds is None


def test_no_server_always_comes_first():
    orders = [engine._order(nth) for nth in range(engine.ROUNDS)]
    assert len({order[0] for order in orders}) == engine.ROUNDS
    seldom = set(orders[0]) - set(orders[-1])
    assert seldom and not [
        rival for (rival, _, _), (_, goal) in engine.GOALS.items() if rival in seldom and goal is not None
    ]
    for nth, order in enumerate(orders):
        assert sorted(order) == sorted(set(orders[0]) - (set() if nth < engine.FEW else seldom))


def test_rows_beside_servers_that_join_are_there_for_each_load():
    given = rivals.Found(rate=10.0, cpu=1.0, p50=1.0, p99=1.0, memory=1.0, busy=0.95, reads=0.1)
    figures = defaultdict(
        dict, {(one, load): dict.fromkeys(range(5), given) for one in engine.FAST for load in engine.LOADS}
    )
    found = {one.name: one for one in engine.rows_of(figures)}
    for way in ("Node ws, joined", "C, joined"):
        assert found[f"engine, burst: {way}, p99"].goal is None
        assert found[f"engine, pressure: {way}, cpu"].goal is None
        assert not found[f"engine, pressure: {way}, cpu"].more
    assert found["engine, pressure: C, joined, rate"].cannot == rows.BOUNDED
    assert found["engine, pressure: C, joined, rate"].more
    assert found["engine, pressure: Node ws, joined, rate"].more  # without a goal that would say so


def test_a_round_that_kith_failed_is_nobodys(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[str, float]] = []
    fails = iter([False, True, False])

    def measure(name: str, half: float) -> endtoend.Round:
        asked.append((name, half))
        if name == "kith" and next(fails):
            raise rivals.Failed("lost")
        return endtoend.Round(posts=20.0 if name == "kith" else 90.0, p99=5.0, busy=0.25)

    monkeypatch.setattr(endtoend, "ROUNDS", 3)
    monkeypatch.setattr(endtoend, "build", lambda: None)
    for module, name in (
        (endtoend.sites, "filled"),
        (endtoend.sites, "database"),
        (endtoend.psycopg, "connect"),
    ):
        monkeypatch.setattr(module, name, lambda *_, **__: contextlib.nullcontext(MagicMock()))
    monkeypatch.setattr(endtoend, "_started", lambda name, *_: contextlib.nullcontext(name))
    monkeypatch.setattr(endtoend, "_measure", measure)
    found = [one for one in endtoend.run() if isinstance(one, Row)]
    assert {half for name, half in asked if name != "kith"} == {10.0}
    assert {one.rounds for one in found} == {2} and not any(one.holds for one in found)


def test_end_to_end_has_a_row_for_each_who_was_measured():
    one = endtoend.Round(posts=10.0, p99=5.0, busy=0.25)
    figures = {name: dict.fromkeys(range(5), one) for name in (*endtoend.KITH, *endtoend.OTHERS)}
    found = {row.name: row for row in endtoend.rows_of(figures)}
    assert {
        "end to end, kith: naive, channels_redis, p99",
        "end to end, kith: naive, channels_redis, posts",
    } <= {*found}
    assert {row.busy for row in found.values()} == {0.25}
    assert {row.more for row in found.values() if row.metric.startswith("posts")} == {True}
    assert {row.more for row in found.values() if row.metric.startswith("p99")} == {False}


@pytest.mark.parametrize(
    ("mode", "said", "wrong"),
    [
        ("steady", {"missing": 1}, True),
        ("burst", {"missing": 1}, True),
        ("pressure", {"missing": 64}, False),  # on their way: the generator waits for them, or ends
        ("pressure", {"wrong": 1}, True),
        ("steady", {"delivered": 0}, True),
        ("steady", {}, False),
    ],
)
def test_a_missing_message_fails_a_run(mode: str, said: dict[str, int], wrong: bool):
    assert rivals.is_wrong(mode, {"wrong": 0, "delivered": 9, "missing": 0} | said) is wrong


def test_a_part_replaces_its_own_rows_alone(results: Path):
    rows.keep("engine", [_row("engine: old"), _row("engine: gone")], run="Monday", took=9.4)
    rows.keep("files", [_row("files: large")], run="Monday", took=9.4)
    rows.keep("engine", [_row("engine: old")], run="Tuesday", took=3)
    assert _names(results) == [("engine: old", "Tuesday"), ("files: large", "Monday")]
    page = (results / "README.md").read_text()
    assert "| engine | Tuesday | 3 |" in page and "| files | Monday | 9 |" in page


def test_what_is_not_measured_is_absent(results: Path, monkeypatch: pytest.MonkeyPatch):
    def fails(_: str) -> Any:
        raise rivals.Failed("did not start")

    rows.keep("engine", [_row("engine: old")], run="Monday", took=9.4)
    rows.keep("files", [_row("files: large")], run="Monday", took=9.4)
    monkeypatch.setattr(command.importlib, "import_module", fails)
    assert command.main(["engine"]) == 1
    assert _names(results) == [("files: large", "Monday")]
    assert not (results / "engine.svg").exists() and (results / "files.svg").exists()
    assert command.main([]) > 1
    whole = json.loads((results / "latest.json").read_text())
    assert {one["part"] for one in whole} == {"whole"}  # a whole run starts from nothing
    assert [one["holds"] for one in whole] == [False, False]


def test_what_a_part_says_is_kept_beside_its_rows(results: Path, monkeypatch: pytest.MonkeyPatch):
    part = MagicMock(run=lambda: iter(["ws: not measured in every round", _row("engine: p99")]))
    monkeypatch.setattr(command.importlib, "import_module", lambda _: part)
    monkeypatch.setattr(rows.os, "getloadavg", lambda: (3.25, 0.0, 0.0))
    assert command.main(["engine"]) == 0
    page = (results / "README.md").read_text()
    assert "- engine: ws: not measured in every round\n" in page and " at a load of 3.2," in page


def test_a_part_that_is_not_there_drops_nothing(results: Path):
    rows.keep("engine", [_row("engine: old")], run="Monday", took=9.4)
    with pytest.raises(SystemExit):
        command.main(["motor"])
    assert _names(results) == [("engine: old", "Monday")]


def test_the_page_says_what_joining_alone_gives(results: Path):
    made = [_row(f"engine, pressure: {way}, rate") for way in rows.WAYS]
    named = [rows.replace(one, baseline=way) for one, way in zip(made, rows.WAYS, strict=True)]
    rows.keep(
        "engine",
        [rows.replace(named[0], other=100.0), rows.replace(named[1], other=2000.0)],
        run="Monday",
        took=9.4,
    )
    page = (results / "README.md").read_text()
    assert "hands out\n100 a second" in page and "does 2,000,\nand Kith 2." in page
    bounded = rows.under_load(named[0], kith=0.5, other=0.95)
    rows.keep("engine", [rows.replace(bounded, other=100.0), named[1]], run="Monday", took=9.4)
    assert "hands out\nat least 100 a second" in (results / "README.md").read_text()


def test_a_goal_inside_the_spread_is_said_both_ways(results: Path):
    spread = {**ROUNDS, 0: 1.0, 4: 9.0}
    held, missed = _row("engine: held", kith=spread), _row("engine: missed", kith=spread | {1: 3.0, 2: 3.0})
    assert (held.holds, missed.holds) == (True, False)
    assert str(held).endswith("goal 1.2: holds, within its spread")
    assert str(missed).endswith("goal 1.2: DOES NOT HOLD, within its spread")
    failed = _row("engine: failed", kith={nth: spread[nth] for nth in (0, 2, 3, 4)})
    rows.keep("engine", [held, missed, failed, _row("engine: sure")], run="Monday", took=9.4)
    page = (results / "README.md").read_text()
    assert (
        "| 1.2 | yes, within its spread | 5 |" in page and "| 1.2 | **no**, within its spread | 5 |" in page
    )
    assert "| 1.2 | **no** | 4 |" in page and "| 1.2 | yes | 5 |" in page


def test_goals_and_budgets_are_printed_as_they_were_given(results: Path):
    budget = rows.row(
        name="a", baseline="1 MiB", metric="KiB", kith=[3.0], other=[1024.0], at_most=1 / 30, budget=True
    )
    rows.keep("a", [budget], run="Monday", took=1)
    assert "| KiB | 3.0 | 1024.0 | 0.00293 | 0.0333 | yes |" in (results / "README.md").read_text()
    assert "goal 0.0333: holds" in str(budget)


def test_what_varies_and_was_looked_at_once_does_not_hold():
    assert rows.once(_row("files: s")).cannot == rows.TOO_FEW
    assert rows.once(_row("files: s", kith=dict.fromkeys(range(5), 9.0))).holds is False


def _of_engine(**how: Any) -> dict[str, Row]:
    given = rivals.Found(
        **{"rate": 10.0, "cpu": 1.0, "p50": 1.0, "p99": 1.0, "memory": 1.0, "busy": 0.2, "reads": 0.1} | how
    )
    rounds = dict.fromkeys(range(5), given)
    figures = defaultdict(dict, {(name, load): rounds for name in engine._order(0) for load in engine.LOADS})
    return {one.name: one for one in engine.rows_of(figures)}


def test_a_p99_in_which_the_generator_reads_for_the_most_part_says_nothing():
    for reads, cannot in ((0.8, rows.BOUNDED), (0.6, "")):
        found = _of_engine(reads=reads)
        assert found["engine, steady: C, one by one, p99"].cannot == cannot
        assert found["engine, steady: C, one by one, cpu"].cannot == ""
        assert found["engine, steady: Node ws, p99"].holds is False  # missed as it is


def test_kith_is_measured_with_as_little_to_do(monkeypatch: pytest.MonkeyPatch):
    run = MagicMock()
    running = MagicMock(return_value=contextlib.nullcontext(run))
    monkeypatch.setattr(engine, "running", running)
    name = f"kith: {engine.AS_LITTLE}"
    assert name in engine._order(0)
    engine._one_round(name)
    assert running.call_args.kwargs == {"readers": engine.READERS, "talks": 1}
    asked = {call.args for call in run.under.call_args_list[1:]}
    assert asked == {(load, *how) for load, how in engine.SLOW_LOADS.items()}
    found = _of_engine()
    for rival in engine.SLOW:
        assert found[f"engine, pressure of 8: {rival}, rate"].goal is None
        assert found[f"engine, steady at 1 a second: {rival}, cpu"].goal is None


def test_how_busy_a_core_is_comes_from_the_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    told = tmp_path / "stat"
    told.write_text(
        "cpu  9 9 9 9 9 9 9 9 9 9\ncpu1 1 2 3 40 50 6 7 8 1 0\ncpu10 1 1 1 1 1 1 1 1 1 1\nctxt 9\n"
    )
    monkeypatch.setattr(rivals, "Path", lambda _: told)
    assert rivals.core_so_far("1") == (27, 117)
    assert rivals.core_so_far("2") == (0, 0)


def test_end_to_end_says_nothing_of_a_core_that_the_kernel_does_not_tell_of():
    one = endtoend.Round(posts=10.0, p99=5.0, busy=0.0)
    figures = {name: dict.fromkeys(range(5), one) for name in (*endtoend.KITH, *endtoend.OTHERS)}
    assert {row.busy for row in endtoend.rows_of(figures)} == {None}
