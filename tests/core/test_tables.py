"""The tables that are kept for the tests are made anew as soon as anything changes that decides them."""

from __future__ import annotations

import re
from pathlib import Path

from tests import tables

IMPORTED = re.compile(r"^(?:from ([\w.]+) )?import ([\w.]+)", re.MULTILINE)


def test_all_that_migrations_are_made_of_is_looked_at() -> None:
    looked_at, found = set(tables.deciding()), set()
    for path in tables.ROOT.glob("*/migrations/*.py"):
        found.add(path)
        for names in IMPORTED.findall(path.read_text()):
            for name in {names[0] or names[1], ".".join(filter(None, names))}:
                module = tables.ROOT / Path(*name.split(".")).with_suffix(".py")
                found |= {module} if module.is_file() else set()
    assert any(path.parent.name == "core" for path in found), "something is imported"
    assert found <= looked_at, found - looked_at
