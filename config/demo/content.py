"""The six made-up groups, read from `content/*.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"


@cache
def groups() -> list[dict[str, Any]]:
    """Each file as a dictionary: group, charter, rota, people, threads, scripted, lively."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))]


def names() -> dict[str, str]:
    """Key -> name of each group."""
    return {data["group"]["key"]: data["group"]["name"] for data in groups()}
