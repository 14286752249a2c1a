"""Which files deploy/backup.sh leaves behind. What is in them is held in tests/privacy."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = Path(settings.BASE_DIR) / "deploy" / "backup.sh"
HOUR, DAY = 3600, 24 * 3600


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for backups of a database in which nothing is."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("pg_dump", "psql"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("BACKUPS", str(tmp_path / "backups"))
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def leave(path: Path, *, age: float) -> Path:
    """A file that was written a while ago, in a folder as old."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("rows")
    for each in (path, path.parent):
        os.utime(each, (time.time() - age,) * 2)
    return path


def run(part: str) -> int:
    return subprocess.run([SCRIPT, part], check=False, capture_output=True, timeout=60).returncode


def test_rows_of_a_backup_that_was_cut_off_do_not_stay(folder: Path) -> None:
    cut_off = leave(folder / ".part.aaaaaa" / "2.sql", age=2 * DAY)
    at_work = leave(folder / ".part.bbbbbb" / "2.sql", age=HOUR)
    assert run("once") == 0
    assert not cut_off.parent.exists()
    assert at_work.exists()
    assert len(list(folder.glob("kith-*.sql.gz"))) == 1
    assert len(list(folder.glob(".part.*"))) == 1


def test_a_backup_goes_after_35_days_and_not_before(folder: Path) -> None:
    old, young = (
        leave(folder / f"kith-{name}.sql.gz", age=age * DAY) for name, age in (("a", 36), ("b", 34))
    )
    assert run("once") == 0
    assert (old.exists(), young.exists()) == (False, True)


def test_it_is_fresh_for_26_hours(folder: Path) -> None:
    assert run("fresh") == 1
    newest = leave(folder / "kith-a.sql.gz", age=27 * HOUR)
    assert run("fresh") == 1
    leave(newest, age=25 * HOUR)
    assert run("fresh") == 0


def test_the_server_waits_for_a_disk_that_stands_still(folder: Path) -> None:
    """docker-compose.yml gives up whoever takes nothing for seconds: a dump that was held up would begin anew."""
    asked = folder.parent / "asked"
    (folder.parent / "programs" / "psql").write_text(f'#!/bin/sh\necho "$PGOPTIONS" >> {asked}\n')
    run("once")
    assert set(asked.read_text().splitlines()) == {"-c tcp_user_timeout=0"}
