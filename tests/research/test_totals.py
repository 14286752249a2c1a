"""Totals as a file: what was counted already and nothing else; every hidden count is looked at again from the bytes."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from community.errors import MayNot, NotHere
from core import clock
from research.actions import departing, exports, studies
from research.actions import tallies as actions
from research.enums import ExportState, ExportTier, Scope, StudyState
from research.models import Export, ExportSubject, Participant, Recall, Response, Study, Tally
from research.release import suppress, verify_counts
from tests.people import Cast
from tests.research.counted import ARMS, ROUNDS, answer
from tests.research.filing import Filing, filing, opened, rows_of, writes
from tests.scenes import same

pytestmark = pytest.mark.django_db
ORACLE = Path(".venv-oracle/bin/python")
TOTALS = {"tier": ExportTier.T3, "last_round": 2}


def counting(
    cast: Cast,
    *,
    high: int = 25,
    low: int = 15,
    arms: bool = False,
    more: Callable[[Filing], None] | None = None,
) -> Filing:
    """A study of which both rounds are counted: so many people with a high score, and with a low one. `more` happens
    while it still takes people."""
    made = filing(cast, size=high + low, rounds=ROUNDS, **({"arms": ARMS} if arms else {}))
    people = list(Participant.objects.order_by("pid"))
    if arms:
        for nth, one in enumerate(people):
            one.arm = made.study.arms.get(code="AB"[nth % 2])
            one.save()
    Response.objects.all().delete()
    for number in (1, 2):
        answer(people[:high], number=number, score=3)
        answer(people[high:], number=number, score=0)
    if more:
        more(made)
    studies.take_nobody_new(desk=made.desk())
    made.study.refresh_from_db()
    actions.count_what_is_over()
    return made


@pytest.fixture
@same
def made(cast: Cast) -> Filing:
    return counting(cast)


# --- who, and what not ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "more", [{"last_round": 0}, {"activity": True}, {"quotes": True}, {"messages": True}]
)
def test_nothing_but_rounds(made: Filing, more: dict[str, Any]) -> None:
    with pytest.raises(MayNot):
        made.ask(**(TOTALS | more))


def test_there_is_none_before_a_round_is_counted_nor_of_few(cast: Cast) -> None:
    made = counting(cast, high=5, low=3)
    assert Tally.objects.exists()
    ruth, address = made.people["ruth"].client, reverse("research:files", args=[made.sid])
    for says in ("no total to show", "no total yet"):
        with pytest.raises(MayNot, match=says):
            made.ask(**TOTALS)
        page = ruth.post(address, {"tier": "t3", "last_round": "1"})
        assert page.status_code == 422 and says in page.content.decode()
        assert not Export.objects.exists()
        Tally.objects.all().delete()


def test_a_second_person_lets_them_go(made: Filing) -> None:
    export = made.checked(**TOTALS)
    assert export.state == ExportState.WAITING
    with pytest.raises(NotHere):
        exports.decide(desk=made.desk(), fid=export.public_id, is_yes=True)
    with pytest.raises(NotHere):
        exports.fetch(desk=made.desk(), fid=export.public_id)


# --- what is in them ------------------------------------------------------------------------------------------------
def test_every_cell_with_what_it_means(made: Filing) -> None:
    export, files = made.fetched(**TOTALS)
    rows = rows_of(files, "totals")
    heard = {
        row["band"]: row["people"] for row in rows if row["measure"] == "score:heard" and row["round"] == 1
    }
    assert heard == {"low": 15, "high": 25, "*": 40} and export.people == 40
    change = {row["band"]: row["people"] for row in rows if row["measure"] == "change:heard"}
    assert change == {"lower": None, "same": None, "higher": None, "*": 40} or change["same"] is None
    assert not {name for name in files if "consort" in name or "response" in name}
    pids = set(Participant.objects.values_list("pid", flat=True))
    assert not any(pid.encode() in data for pid in pids for data in files.values())


def test_the_same_figures_as_the_page_and_nothing_counted_anew(cast: Cast, made: Filing) -> None:
    before = rows_of(made.fetched(**TOTALS)[1], "totals")
    Participant.objects.all().delete()
    assert rows_of(made.fetched(**TOTALS)[1], "totals") == before
    told = {tuple(one) for row in Tally.objects.all() for one in row.shown}
    assert {(row["version"], row["band"], row["people"]) for row in before if row["people"]} == told


def test_in_english_and_the_same_to_the_byte_whoever_asks(made: Filing) -> None:
    export = made.let_go(**TOTALS)
    first = exports.fetch(desk=made.desk(), fid=export.public_id)
    with translation.override("de"):
        assert exports.fetch(desk=made.desk("remy"), fid=export.public_id) == first


def test_versions_go_by_letters_until_the_study_is_over(cast: Cast) -> None:
    made = counting(cast, high=60, low=40, arms=True)
    first, second = rows_of(made.fetched(**TOTALS)[1], "totals"), None
    assert {row["version"] for row in first} == {"Y", "Z", "*"}
    Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    second = rows_of(made.fetched(**TOTALS)[1], "totals")
    assert {row["version"] for row in second} == {"A", "B", "*"}


@pytest.fixture
def unpacked(cast: Cast, tmp_path: Path) -> Path:
    for name, data in counting(cast, high=60, low=40, arms=True).fetched(**TOTALS)[1].items():
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
    return tmp_path


def test_the_script_beside_them_reads_them(unpacked: Path) -> None:
    done = subprocess.run(
        [sys.executable, "import.py"], cwd=unpacked, capture_output=True, text=True, check=True
    )
    assert "totals: " in done.stdout


@pytest.mark.oracle
def test_others_read_the_description(unpacked: Path) -> None:
    command = [ORACLE.absolute(), "-m", "frictionless", "validate", "datapackage.json"]
    found = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


# --- who is told ----------------------------------------------------------------------------------------------------
def test_members_see_that_they_are_counted_and_nothing_has_to_come_out(cast: Cast) -> None:
    def takes_part(made: Filing) -> None:
        writes(cast.alice, made, "Some words.")
        answer([Participant.objects.exclude(tasks__responses__isnull=False).get()], number=1, score=3)

    made = counting(cast, more=takes_part)
    study, alice = made.study, cast.alice
    mine = reverse("research:mine", args=[cast.harbour.public_id, study.public_id])
    export = made.let_go(**TOTALS)
    assert b"counted, with no number" not in alice.client.get(mine).content
    exports.fetch(desk=made.desk(), fid=export.public_id)
    page = alice.client.get(mine).content.decode()
    assert "Totals" in page and "counted, with no number" in page
    assert set(ExportSubject.objects.filter(export=export).values_list("number", flat=True)) == {""}
    departing.leave(group=cast.harbour, sid=made.sid, scope=Scope.EXCLUDE, key_of=alice.keyed)
    assert not Recall.objects.filter(export=export).exists() and Recall.objects.exists()


# --- the check ------------------------------------------------------------------------------------------------------
def refused(made: Filing) -> set[str]:
    export = made.checked(**TOTALS)
    assert export.state == ExportState.REFUSED
    return {what for _file, _line, what in export.found}


def test_the_check_finds_a_small_count(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever made it: here the floor is half as high."""
    monkeypatch.setattr(actions, "protect", partial(suppress.protect, floor=5))
    assert "count" in refused(counting(cast, high=35, low=5))


def test_the_check_finds_one_that_follows_from_the_rest(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever made it: here only what is small is hidden."""
    monkeypatch.setattr(suppress._Guard, "is_wide", lambda *_: True)
    made = counting(cast, high=35, low=5)
    shown = {band: n for _version, band, n in Tally.objects.get(wave__number=1, measure="score:heard").shown}
    assert shown == {"high": 35, "*": 40}
    assert refused(made) == {"given away"}


def rows(cells: dict[tuple[str, str], int | None]) -> list[tuple[int, dict[str, str]]]:
    return [
        (nth, {"round": "1", "measure": "m", "version": version, "band": band, "people": "" if n is None else str(n)})
        for nth, ((version, band), n) in enumerate(cells.items(), start=2)
    ]  # fmt: skip


FOUR = {("A", "x"): 20, ("A", "y"): 30, ("A", "*"): 50, ("B", "x"): 20, ("B", "y"): 30, ("B", "*"): 50,
        ("*", "x"): 40, ("*", "y"): 60, ("*", "*"): 100}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({}, set()),
        ({("A", "x"): 5}, {"count", "sums"}),
        ({("A", "x"): 21}, {"count"}),
        ({("A", "x"): 60}, {"sums"}),
        ({("A", "x"): None}, {"given away"}),
        ({("A", "x"): None, ("A", "y"): None}, {"given away"}),
        ({("A", "x"): None, ("A", "y"): None, ("B", "x"): None}, {"given away"}),
        ({("A", "x"): None, ("A", "y"): None, ("B", "x"): None, ("B", "y"): None}, set()),
        ({("A", "x"): None, ("A", "*"): None, ("*", "x"): None, ("*", "*"): None}, set()),
    ],
)
def test_what_follows_from_a_table(change: dict[tuple[str, str], int | None], what: set[str]) -> None:
    found = verify_counts.faults(rows(FOUR | change), ["A", "B", "*"])
    assert {one for _line, one in found} == what


def test_a_line_that_is_not_there_is_found() -> None:
    cells = {where: n for where, n in FOUR.items() if where[0] != "B"}
    assert [what for _line, what in verify_counts.faults(rows(cells), ["A", "B", "*"])] == ["cells"]


def test_a_range_that_is_narrow_is_found() -> None:
    """All of it on a circle, and still only few numbers fit."""
    cells = {("*", "x"): 40, ("*", "y"): None, ("*", "z"): None, ("*", "*"): 40}
    assert {what for _line, what in verify_counts.faults(rows(cells), ["*"])} == {"given away"}
    wide = cells | {("*", "*"): 60}
    assert not list(verify_counts.faults(rows(wide), ["*"]))


def test_csv_and_lines_say_the_same(made: Filing) -> None:
    export = made.let_go(**TOTALS)
    data = exports.fetch(desk=made.desk(), fid=export.public_id)
    assert data is not None
    files = opened(data)
    read = list(csv.DictReader(io.StringIO(files["data/totals.csv"].decode())))
    assert [row["people"] or None for row in read] == [
        None if row["people"] is None else str(row["people"]) for row in rows_of(files, "totals")
    ]
