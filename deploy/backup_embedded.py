"""Backup of an embedded Kith: `python deploy/backup_embedded.py FOLDER` writes one compressed SQLite file a day.

Safe while Kith runs. Sessions are left out, and the key ring beside the database is not touched; files are kept
35 days. The rows of a SQLite table lie in the order of their random keys, so that the copy tells no order either.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import os
import shutil
import sqlite3
import sys
from pathlib import Path

KEPT_DAYS = 35
SESSIONS = ("accounts_sessionevent", "accounts_sessionstream", "accounts_session")


def copy_without_sessions(*, source: Path, target: Path) -> None:
    """One consistent copy, from which the sessions are gone for good."""
    with contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)) as live:
        live.execute("VACUUM INTO ?", (str(target),))
    copy = sqlite3.connect(target)
    for table in SESSIONS:
        copy.execute(f"DELETE FROM {table}")  # noqa: S608 the names are written above
    # So that it knows itself for an older copy where it is restored: core/ledger.py.
    copy.execute("DELETE FROM config_replayed WHERE name = 'copy'")
    copy.execute("INSERT INTO config_replayed (id, name, lines) VALUES (0, 'copy', 0)")
    copy.commit()
    copy.execute("VACUUM")  # rows that were only marked as deleted are still in the file
    copy.close()


def main() -> None:
    """Make today's file, then remove those that are too old."""
    os.umask(0o077)
    folder = Path(sys.argv[1])
    source = Path(os.environ.get("KITH_VAR", "var")) / "kith.sqlite3"
    today = dt.datetime.now(dt.UTC).date()
    plain, part = folder / ".part.sqlite3", folder / ".part.gz"
    plain.unlink(missing_ok=True)
    copy_without_sessions(source=source, target=plain)
    with plain.open("rb") as rows, gzip.open(part, "wb") as packed:
        shutil.copyfileobj(rows, packed)
    plain.unlink()
    part.replace(folder / f"kith-{today}.sqlite3.gz")
    for old in folder.glob("kith-*.sqlite3.gz"):
        if today - dt.date.fromisoformat(old.name[5:15]) > dt.timedelta(days=KEPT_DAYS):
            old.unlink()


if __name__ == "__main__":
    main()
