"""Read this file's tables with Python 3.11 or newer and nothing else. Unpack the zip:

    python3 import.py        says what is there, from any folder

In a program of your own: rename it to import_tables.py, then `from import_tables import read`. read() gives
{table: [row, …]}, a row being {column: value}. A number is an int; where there is no value it is None, and
reasons(field) says why that can be. labels(field) says what each value means.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

Row = dict[str, Any]
HERE = Path(__file__).parent


def read(folder: str | Path = HERE) -> dict[str, list[Row]]:
    """Every table of the package in a folder, which is the one of this script unless you say so."""
    described = json.loads((Path(folder) / "datapackage.json").read_text(encoding="utf-8"))
    return {one["name"]: rows(Path(folder) / one["path"], one["schema"]) for one in described["resources"]}


def rows(path: Path, schema: Row) -> list[Row]:
    """One table, each cell as its column says."""
    fields = {one["name"]: one for one in schema["fields"]}
    with path.open(encoding="utf-8", newline="") as held:
        return [
            {name: value(cell, fields[name]) for name, cell in row.items()} for row in csv.DictReader(held)
        ]


def value(cell: str, field: Row) -> int | str | None:
    """One cell: a number, words, or None."""
    if cell in reasons(field):
        return None
    return int(cell) if field["type"] == "integer" else cell


def reasons(field: Row) -> dict[str, str]:
    """What stands where there is no value -> why."""
    return {
        one["value"]: one["label"] for one in field.get("missingValues", [{"value": "", "label": "nothing"}])
    }


def labels(field: Row) -> dict[int, str]:
    """Value -> what it means."""
    return {one["value"]: one["label"] for one in field.get("categories", [])}


if __name__ == "__main__":
    for name, found in read(sys.argv[1] if len(sys.argv) > 1 else HERE).items():
        sys.stdout.write(f"{name}: {len(found)} rows, {len(found[0]) if found else 0} columns\n")
