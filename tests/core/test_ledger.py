"""The ledger of erasures: what it holds, when it is written, and what a replay brings about."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from config.models import Replayed
from core import clock, ledger

pytestmark = pytest.mark.django_db(transaction=True)

REF = "4kP9wXyTqLmN2b"


class Shelf:
    """Rows that can be erased: what a database would hold."""

    def __init__(self, *refs: str) -> None:
        self.there = set(refs)
        self.erased: list[str] = []

    def erase(self, ref: str) -> None:
        self.erased.append(ref)
        with transaction.atomic():
            ledger.note(kind="note", ref=ref)  # as every action does
        self.there.discard(ref)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    made = Shelf(REF, "another")
    monkeypatch.setattr(ledger, "_kinds", {})
    monkeypatch.setattr(ledger, "_waiting", {})
    ledger.register("note", refs=lambda: sorted(made.there), erase=made.erase)
    yield made


@pytest.fixture
def folder(settings) -> Path:
    return Path(settings.KITH_KEY_RING).with_name("erasures")


def _lines(folder: Path, kind: str = "note") -> list[str]:
    lines = [line for day in sorted(folder.glob("*-*-*")) for line in day.read_text().splitlines()]
    return [line for line in lines if line.endswith(f" {kind}")]


def _an_older_copy() -> None:
    """The database knows of nothing that was noted since, as in a backup that its script made."""
    Replayed.objects.all().delete()
    Replayed.objects.create(name="copy")


def test_a_line_holds_a_digest_a_kind_and_no_more_than_the_day(shelf: Shelf, folder: Path) -> None:
    with clock.held_at(dt.datetime(2026, 3, 5, 13, 37, tzinfo=dt.UTC)):
        shelf.erase(REF)
    assert (folder / "2026-03-05").exists()
    (line,) = _lines(folder)
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


def test_the_same_erasure_twice_is_one_line(shelf: Shelf, folder: Path) -> None:
    with transaction.atomic():
        ledger.note(kind="note", ref=REF)
        ledger.note(kind="note", ref=REF)
    assert len(_lines(folder)) == 1
    assert not ledger.is_behind()


def test_a_database_that_knows_of_less_is_behind_and_replay_erases_again(shelf: Shelf, folder: Path) -> None:
    shelf.erase(REF)
    shelf.there.add(REF)
    Replayed.objects.update(lines=0)
    assert ledger.is_behind()
    assert ledger.replay() == 1
    assert shelf.there == {"another"}
    assert len(_lines(folder)) == 1, "a replay writes nothing down"
    assert not ledger.is_behind()
    assert ledger.replay() == 0


@pytest.mark.parametrize("age", ["older", "same"])
def test_what_was_rolled_back_is_never_erased(shelf: Shelf, folder: Path, age: str) -> None:
    shelf.erase("another")
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.note(kind="note", ref=REF)
        raise RuntimeError
    with transaction.atomic(), contextlib.suppress(RuntimeError), transaction.atomic():
        ledger.note(kind="note", ref=REF)
        raise RuntimeError
    assert not list(folder.glob("begun.*"))
    if age == "older":
        _an_older_copy()
    assert ledger.is_behind() == (age == "older")
    ledger.replay()
    assert shelf.there == {REF}


def test_who_does_not_know_what_came_of_a_commit_leaves_the_line_until_the_next_start(
    shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.note(kind="note", ref=REF)
        connection.errors_occurred = True  # as when the database went away; what follows forgets the hooks
        connection.run_on_commit = []
        raise RuntimeError
    (begun,) = folder.glob("begun.*")
    assert not ledger._has_ended(begun), "as long as this process lives: a COMMIT may be on its way"


# --- killed at any moment ---------------------------------------------------------------------------------------
class Killed(BaseException):
    """Nothing that comes after is run."""


def _die(*_arguments: object, **_more: object) -> None:
    raise Killed


def _after(done: Callable[..., object]) -> Callable[..., None]:
    def do_and_die(*arguments: object, **more: object) -> None:
        done(*arguments, **more)
        raise Killed

    return do_and_die


KEEP = ledger._keep
AFTER_COMMIT: dict[str, tuple[str, Callable[..., object]]] = {
    "before anything": ("settle", _die),
    "before the line is in the file of its day": ("_keep", _die),
    "before what waits is written": ("_keep_waiting", _die),
    "before the token is counted": ("_fold", _die),
    "after the line is in the file of its day": ("_keep", _after(KEEP)),
    "after what waits is written": ("_keep_waiting", _after(ledger._keep_waiting)),
}


def _kill(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Run until the process is killed, and let go of what a dead process lets go of."""
    monkeypatch.setattr(ledger._Begun, "__del__", lambda begun: begun.lock and os.close(begun.lock))
    with pytest.raises(Killed):
        act()
    monkeypatch.undo()


@pytest.fixture
def waits(shelf: Shelf) -> Iterator[tuple[list[str], list[list[str]]]]:
    """What waits now, and what was restored."""
    now, restored = ["a 1"], []
    ledger.register_waiting("act", rows=lambda: list(now), restore=restored.append)
    ledger.keep_waiting()
    yield now, restored


@pytest.mark.parametrize("age", ["older", "same"])
@pytest.mark.parametrize("moment", AFTER_COMMIT)
def test_killed_after_a_commit_it_is_erased_and_what_waits_is_as_it_was_then(
    shelf: Shelf, waits, folder: Path, moment: str, age: str
) -> None:
    now, restored = waits

    def erase() -> None:
        with transaction.atomic():
            now[:] = ["b 2"]  # one is asked for, and one is taken back
            ledger.note(kind="note", ref=REF)
            ledger.waiting_changed()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, *AFTER_COMMIT[moment])
        _kill(patch, erase)
    if age == "older":
        _an_older_copy()
        now[:] = ["a 1"]
        assert ledger.is_behind() and ledger.replay() == 1
        assert shelf.there == {"another"} and restored == [["b 2"]]
    else:
        shelf.there.discard(REF)
        assert not ledger.is_behind()
        ledger.settle()
    assert len(_lines(folder)) == 1 and "act b 2\n" in (folder / "waiting").read_text()
    assert "act a 1\n" not in (folder / "waiting").read_text()
    assert not ledger.is_behind() and not list(folder.glob("begun.*"))
    assert list(Replayed.objects.values_list("name", "lines")) == [("all", len(_lines(folder, "change")))]


@pytest.mark.parametrize("moment", ["noted", "half written"])
def test_killed_before_a_commit_nothing_is_erased_and_what_waits_is_as_it_was_before(
    shelf: Shelf, waits, folder: Path, moment: str
) -> None:
    now, restored = waits

    def erase() -> None:
        with transaction.atomic():
            now[:] = ["b 2"]
            ledger.note(kind="note", ref=REF)
            ledger.waiting_changed()
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        if moment == "half written":
            patch.setattr(Path, "replace", _die)
        _kill(patch, erase)
    now[:] = ["a 1"]
    assert not ledger.is_behind()
    ledger.settle()
    assert ledger.replay() == 0 and REF in shelf.there
    assert restored == [["a 1"]] and not list(folder.glob("begun.*"))


def test_killed_before_a_commit_and_then_an_older_copy_it_counts_for_nobody_can_know(
    shelf: Shelf, folder: Path
) -> None:
    def erase() -> None:
        with transaction.atomic():
            ledger.note(kind="note", ref=REF)
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        _kill(patch, erase)
    _an_older_copy()
    assert ledger.replay() == 1 and shelf.there == {"another"}


def test_a_transaction_that_goes_on_is_left_alone(shelf: Shelf, folder: Path) -> None:
    with transaction.atomic():
        ledger.note(kind="note", ref=REF)
        ledger.settle()
        assert list(folder.glob("begun.*")) and not _lines(folder)
    assert len(_lines(folder)) == 1 and not list(folder.glob("begun.*"))


def test_an_older_ledger_erases_no_more_and_learns_what_waits(shelf: Shelf, waits, folder: Path) -> None:
    now, restored = waits
    shelf.erase(REF)
    shutil.copytree(folder, folder.with_name("copy"))
    now[:] = ["b 2"]
    with transaction.atomic():
        ledger.waiting_changed()
    shutil.rmtree(folder)
    folder.with_name("copy").rename(folder)
    assert ledger.is_behind()
    assert ledger.replay() == 0
    assert restored == [["b 2"]] and not ledger.is_behind()


def test_a_database_of_before_there_were_tokens_is_an_older_copy_once(shelf: Shelf, folder: Path) -> None:
    shelf.erase(REF)
    shelf.there.add(REF)
    Replayed.objects.all().delete()
    Replayed.objects.create(name="ledger", lines=1)
    assert ledger.is_behind() and ledger.replay() == 1
    assert not ledger.is_behind()


def test_a_kind_that_nobody_can_erase_is_neither_noted_nor_passed_over(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ledger.UnknownKind):
        ledger.note(kind="whisper", ref=REF)
    shelf.erase(REF)
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


def test_many_at_once_lose_no_line(folder: Path) -> None:
    def add(number: int) -> None:
        with ledger._guarded():
            ledger._add("2026-03-05", {f"{number:064x} note"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(80)))
    assert len(_lines(folder)) == 80


def test_what_waits_is_restored_exactly_and_an_older_ledger_without_it_changes_nothing(
    shelf: Shelf, folder: Path
) -> None:
    now, restored = ["b 2", "a 1"], []
    ledger.register_waiting("act", rows=lambda: now, restore=restored.append)
    ledger.replay()
    assert restored == []
    ledger.keep_waiting()
    assert (folder / "waiting").read_text() == "act\nact a 1\nact b 2\n"
    ledger.register_waiting("other", rows=list, restore=lambda _: pytest.fail("nobody knows"))
    ledger.replay()
    assert restored == [["a 1", "b 2"]]


def test_a_change_of_what_waits_is_noticed_after_a_restore(shelf: Shelf) -> None:
    ledger.waiting_changed()
    _an_older_copy()
    assert ledger.is_behind(), "this database was not told"
    assert ledger.replay() == 0
    assert not ledger.is_behind()


def test_nothing_noted_is_nothing_behind(shelf: Shelf) -> None:
    assert not ledger.is_behind()
    assert ledger.replay() == 0
