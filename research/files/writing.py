"""Bytes: a zip that is the same to the byte whenever it is made from the same, with a signed list of what is in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

from audit import checkpoints
from research.files.tables import Cell, Table

LIST, SIGNATURE = "manifest.json", "manifest.sig"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so
A_LOT = 1_000  # rows
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
        self._stream(f"data/{table.name}.csv", as_csv(table))
        self._stream(f"data/{table.name}.jsonl", _as_json_lines(table))

    def mock(self, table: Table) -> None:
        """The same table, made up."""
        self._stream(f"mock/{table.name}.csv", as_csv(table))

    def _stream(self, name: str, lots: Iterable[bytes]) -> None:
        """One more file, as it comes: none of a large table is there twice."""
        digest, size = sha256(), 0
        with self.zip.open(_info(name), "w") as held:
            for lot in lots:
                digest.update(lot)
                size += held.write(lot)
        self.files[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def closed(self, *, about: dict[str, Any]) -> bytes:
        """The whole, with the list of its files, and this installation's signature under the list."""
        listed = as_json({**about, "files": dict(sorted(self.files.items()))})
        self._write(LIST, listed)
        self._write(SIGNATURE, (checkpoints.sign_said(listed) + "\n").encode())
        self.zip.close()
        return self.bytes.getvalue()

    def _write(self, name: str, data: bytes) -> None:
        self.zip.writestr(_info(name), data)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=ALWAYS)
    info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
    return info


def as_json(value: Any) -> bytes:
    """JSON as all files here have it."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(table: Table) -> Iterator[bytes]:
    """CSV in UTF-8 with line feeds. Nothing is an empty cell. In words, what a spreadsheet would run has a ' before."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    words = [nth for nth, column in enumerate(table.columns) if column.is_words]
    for lot in _lots(table.rows):
        writer.writerows(_safe(row, words) for row in lot)
        yield held.getvalue().encode()
        held.seek(0)
        held.truncate()
    yield held.getvalue().encode()


def _lots(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    left = iter(rows)
    while lot := list(islice(left, A_LOT)):
        yield lot


def _safe(row: Sequence[Cell], words: Sequence[int]) -> Sequence[Cell]:
    for nth in words:
        cell = row[nth]
        if isinstance(cell, str) and cell.startswith(DANGEROUS):
            row = [*row[:nth], f"'{cell}", *row[nth + 1 :]]
    return row


def _as_json_lines(table: Table) -> Iterator[bytes]:
    names = [column.name for column in table.columns]
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for lot in _lots(table.rows):
        yield "".join(encode(dict(zip(names, row, strict=True))) + "\n" for row in lot).encode()
