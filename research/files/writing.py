"""Bytes: a zip that is the same to the byte whenever it is made from the same, with a signed list of what is in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from audit import checkpoints
from research.files.tables import Cell, Table

LIST, SIGNATURE = "manifest.json", "manifest.sig"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so
ALWAYS = (1980, 1, 1, 0, 0, 0)


class Package:
    """A zip that is written file by file, each once."""

    def __init__(self) -> None:
        self.bytes, self.files = io.BytesIO(), dict[str, dict[str, Any]]()
        self.zip = zipfile.ZipFile(self.bytes, "w")

    def add(self, name: str, data: bytes) -> None:
        """One more file."""
        self.files[name] = {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
        self._write(name, data)

    def table(self, table: Table) -> None:
        """A table, for spreadsheets and for programs."""
        rows = list(table.rows)
        self.add(f"data/{table.name}.csv", as_csv(table, rows))
        self.add(f"data/{table.name}.jsonl", _as_json_lines(table, rows))

    def mock(self, table: Table) -> None:
        """The same table, made up."""
        self.add(f"mock/{table.name}.csv", as_csv(table, list(table.rows)))

    def closed(self, *, about: dict[str, Any]) -> bytes:
        """The whole, with the list of its files, and this installation's signature under the list."""
        listed = as_json({**about, "files": dict(sorted(self.files.items()))})
        self._write(LIST, listed)
        self._write(SIGNATURE, (checkpoints.sign_said(listed) + "\n").encode())
        self.zip.close()
        return self.bytes.getvalue()

    def _write(self, name: str, data: bytes) -> None:
        info = zipfile.ZipInfo(name, date_time=ALWAYS)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
        self.zip.writestr(info, data)


def as_json(value: Any) -> bytes:
    """JSON as all files here have it."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(table: Table, rows: Sequence[Sequence[Cell]]) -> bytes:
    """CSV in UTF-8 with line feeds. Nothing is an empty cell. In words, what a spreadsheet would run has a ' before."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    words = [column.is_words for column in table.columns]
    for row in rows:
        writer.writerow([_safe(cell) if mine else cell for cell, mine in zip(row, words, strict=True)])
    return held.getvalue().encode()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def _as_json_lines(table: Table, rows: Sequence[Sequence[Cell]]) -> bytes:
    names = [column.name for column in table.columns]
    return "".join(_lines(names, rows)).encode()


def _lines(names: list[str], rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n"
