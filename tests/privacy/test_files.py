"""The files of an embedded Kith are for its own user alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_fresh_database_is_not_readable_by_others(tmp_path: Path) -> None:
    ours = {"KITH_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    theirs = {key: value for key, value in os.environ.items() if not key.startswith("KITH_")}
    # The file is made before the first table is: those of one small app are enough, and take a tenth of the time.
    wide_open = "import os, sys; os.umask(0o022); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    subprocess.run(
        [sys.executable, "-c", wide_open, str(ROOT / "manage.py"), "migrate", "contenttypes", "--verbosity=0"],
        env=theirs | ours, check=True,
    )  # fmt: skip
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert tmp_path / "kith.sqlite3" in made
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}


def test_both_ways_to_serve_are_as_careful() -> None:
    for name in ("asgi", "wsgi"):
        look = f"import os; os.umask(0o022); import config.{name}; print(oct(os.umask(0)))"
        done = subprocess.run(
            [sys.executable, "-c", look], cwd=ROOT, check=True, capture_output=True, text=True
        )
        assert done.stdout.strip() == "0o77", name
