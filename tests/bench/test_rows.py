"""What is kept of a measurement: its rows, the run they come from, and whether they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def test_too_few_rounds_together_do_not_hold():
    theirs = {nth: figure for nth, figure in ROUNDS.items() if nth}
    assert _row("engine: p99", other=theirs).holds is False
    assert _row("engine: p99", kith={0: 2.0}, other={0: 2.0}, rounds=1).holds is True  # a try with one round
    assert _row("engine: p99").holds is True


def test_only_the_same_rounds_are_compared():
    found = _row("engine: p99", kith={0: 1.0, 1: 100.0, 2: 1.0}, other={0: 1.0, 2: 1.0, 3: 50.0}, rounds=3)
    assert (found.kith, found.other, found.spread) == (1.0, 1.0, "1.0 to 1.0")
    none = common(name="x", baseline="x", metric="x", kith={0: 1.0}, other={1: 1.0}, rounds=2, at_most=1)
    assert none is None


def test_a_failed_round_of_the_engine_counts_in_no_load(monkeypatch: pytest.MonkeyPatch):
    given = rivals.Found(rate=10.0, cpu=1.0, p50=1.0, p99=1.0, memory=1.0, busy=0.5)
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


def test_end_to_end_has_a_row_for_each_who_was_measured():
    one = endtoend.Round(posts=10.0, p99=5.0, busy=0.25)
    figures = {name: dict.fromkeys(range(5), one) for name in (*endtoend.KITH, *endtoend.OTHERS)}
    found = {row.name: row for row in endtoend.rows_of(figures)}
    assert {
        "end to end, kith: naive, channels_redis, p99",
        "end to end, kith: naive, channels_redis, posts",
    } <= {*found}
    assert {row.busy for row in found.values()} == {0.25}


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
    assert "hands out 100 a second" in page and "does 2,000, and Kith 2" in page
