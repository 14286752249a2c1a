"""The tables, made once: what the migrations say to a database is kept beside the packages, and said again to the
next database as long as nothing changes that decides it. Django takes seconds to work it out, in each process.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.commands.migrate import Command
from django.db import connection

from tests import again

ROOT = Path(__file__).resolve().parent.parent
DECIDE = ("*/migrations/*.py", "*/models/*.py", "*/models.py", "core/*.py", "requirements/base.txt")
_migrate = Command.handle


def make(command: Command, *args: Any, **options: Any) -> None:
    """What `manage.py migrate` does; quicker where nothing is there yet."""
    if connection.introspection.table_names():
        _migrate(command, *args, **options)
        return
    known = Path(sys.prefix) / "tables" / f"{connection.vendor}-{_digest()}.json"
    if known.exists():
        with connection.schema_editor():
            again.say(json.loads(known.read_text()))
        return
    with again.heard() as said:
        _migrate(command, *args, **options)
    known.parent.mkdir(exist_ok=True)
    half = known.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(said, default=str))
    half.replace(known)


def deciding() -> list[Path]:
    """The files that decide what the tables are."""
    return sorted(path for pattern in DECIDE for path in ROOT.glob(pattern))


def _digest() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in deciding())).hexdigest()[:16]
