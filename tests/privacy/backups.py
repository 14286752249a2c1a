"""Backups and restores of the database the tests run on, by the scripts an operator uses."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection, connections

from deploy import backup_embedded

DEPLOY = Path(backup_embedded.__file__).parent


def make(folder: Path) -> Path:
    """A backup of the database as it is now."""
    folder.mkdir(exist_ok=True)
    if connection.vendor == "sqlite":
        target = folder / "kith.sqlite3"
        backup_embedded.copy_without_sessions(source=Path(_name()), target=target)
        return target
    _run("backup.sh", "once", BACKUPS=str(folder))
    (made,) = folder.glob("kith-*.sql.gz")
    return made


def read(backup: Path) -> bytes:
    """What a thief reads in it."""
    return backup.read_bytes() if backup.suffix == ".sqlite3" else gzip.decompress(backup.read_bytes())


def restore(backup: Path) -> None:
    """Put a backup in the place of the database."""
    if connection.vendor == "sqlite":
        connections.close_all()
        for rest in ("-wal", "-shm"):
            Path(_name() + rest).unlink(missing_ok=True)
        shutil.copyfile(backup, _name())
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connections.close_all()
    _run("restore.sh", str(backup))


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(script: str, *arguments: str, **more: str) -> None:
    settings = connection.settings_dict
    postgres = {
        "PGHOST": settings["HOST"], "PGPORT": str(settings["PORT"] or 5432), "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"] or "", "PGDATABASE": settings["NAME"],
    }  # fmt: skip
    subprocess.run(
        [str(DEPLOY / script), *arguments], env=os.environ | postgres | more, check=True, capture_output=True
    )
