"""The ledger of erasures: what it holds, when it is written, and what a replay brings about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import transaction

from config.models import Replayed
from core import clock, ledger

pytestmark = pytest.mark.django_db

REF = "4kP9wXyTqLmN2b"


class Shelf:
    """Rows that can be erased: what a database would hold."""

    def __init__(self, *refs: str) -> None:
        self.there = set(refs)
        self.erased: list[str] = []

    def erase(self, ref: str) -> None:
        self.erased.append(ref)
        self.there.discard(ref)
        ledger.note(kind="note", ref=ref)  # as every action does


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    made = Shelf(REF, "another")
    monkeypatch.setattr(ledger, "_kinds", {})
    ledger.register("note", refs=lambda: sorted(made.there), erase=made.erase)
    yield made


@pytest.fixture
def folder(settings) -> Path:
    return Path(settings.KITH_KEY_RING).with_name("erasures")


def _lines(folder: Path) -> list[str]:
    return [line for day in sorted(folder.glob("*-*-*")) for line in day.read_text().splitlines()]


def test_a_line_holds_a_digest_a_kind_and_no_more_than_the_day(shelf: Shelf, folder: Path) -> None:
    with clock.held_at(dt.datetime(2026, 3, 5, 13, 37, tzinfo=dt.UTC)):
        shelf.erase(REF)
    (line,) = (folder / "2026-03-05").read_text().splitlines()
    digest, kind = line.split()
    assert (len(digest), kind) == (64, "note")
    held = "".join(path.read_text() for path in folder.iterdir())
    assert REF not in held
    assert "13" not in [path.name for path in folder.iterdir()]


def test_lines_of_a_day_do_not_lie_in_the_order_they_came(shelf: Shelf, folder: Path) -> None:
    for number in range(40):
        ledger.note(kind="note", ref=f"ref-{number}")
    assert _lines(folder) == sorted(_lines(folder))
    assert len(_lines(folder)) == 40


def test_the_same_erasure_twice_is_one_line_and_counts_once(
    shelf: Shelf, folder: Path, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ledger.note(kind="note", ref=REF)
        ledger.note(kind="note", ref=REF)
    assert len(_lines(folder)) == 1
    assert Replayed.objects.get().lines == 1
    assert not ledger.is_behind()


def test_a_database_that_knows_of_fewer_lines_is_behind_and_replay_erases_again(
    shelf: Shelf, folder: Path
) -> None:
    ledger.note(kind="note", ref=REF)  # the row is still there, as in a restored copy; nothing was counted
    assert ledger.is_behind()
    assert ledger.replay() == 1
    assert shelf.there == {"another"}
    assert len(_lines(folder)) == 1, "a replay writes nothing down"
    assert not ledger.is_behind()
    assert ledger.replay() == 0


def test_an_erasure_that_was_rolled_back_is_finished_by_the_next_start(
    shelf: Shelf, transactional_db: None
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.note(kind="note", ref=REF)
        raise RuntimeError
    assert ledger.is_behind()


def test_a_kind_that_nobody_can_erase_is_neither_noted_nor_passed_over(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ledger.UnknownKind):
        ledger.note(kind="whisper", ref=REF)
    ledger.note(kind="note", ref=REF)
    monkeypatch.setattr(ledger, "_kinds", {})
    with pytest.raises(ledger.UnknownKind):
        ledger.replay()


def test_without_its_folder_nothing_is_noted(shelf: Shelf, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")
    with pytest.raises(ledger.LedgerAway):
        ledger.note(kind="note", ref=REF)


def test_the_folder_can_be_elsewhere(shelf: Shelf, settings, tmp_path: Path) -> None:
    settings.KITH_ERASURES = str(tmp_path / "elsewhere")
    ledger.note(kind="note", ref=REF)
    assert len(_lines(tmp_path / "elsewhere")) == 1


def test_many_at_once_lose_no_line(shelf: Shelf, folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ledger._add({f"{n:064x} note"}), range(80)))
    assert len(_lines(folder)) == 80


def test_what_waits_is_restored_exactly_and_an_older_ledger_without_it_changes_nothing(
    shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "_waiting", {})
    now, restored = ["b 2", "a 1"], []
    ledger.register_waiting("act", rows=lambda: now, restore=restored.append)
    ledger.replay()
    assert restored == []
    ledger.keep_waiting()
    assert (folder / "waiting").read_text() == "act a 1\nact b 2\n"
    ledger.replay()
    assert restored == [["a 1", "b 2"]]


def test_a_change_of_what_waits_is_noticed_after_a_restore(shelf: Shelf) -> None:
    ledger.waiting_changed()
    assert ledger.is_behind(), "this database was not told"
    assert ledger.replay() == 0
    assert not ledger.is_behind()


def test_nothing_noted_is_nothing_behind(shelf: Shelf) -> None:
    assert not ledger.is_behind()
    assert ledger.replay() == 0
