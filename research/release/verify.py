"""Looks again at a file that was written, at its bytes alone. It shares nothing with what writes files, and needs
nothing but Python: a fault in the one is not a fault in the other. What it finds it names by file, line and kind, never
by the words: those would stand in pages and logs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from research.release import verify_counts

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
ID = 14  # signs of an id
TOKEN = re.compile(rf"[0-9A-Za-z]{{{ID},}}")
WORD = re.compile(r"\w+")
MAIL = re.compile(r"\w\s?(?:@|\(at\)|\[at\])\s?\w+\s?(?:\.|\(dot\)|\[dot\])\s?\w", re.IGNORECASE)
LINK = re.compile(r"(?:https?:|www\.)\S|\b\w+\.(?:com|org|net|info|co|io|me|uk|de|eu)\b", re.IGNORECASE)
DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6,}")
SPOKEN = re.compile(
    r"(?:(?:\d+|oh|o|zero|one|two|three|four|five|six|seven|eight|nine|double|treble|triple)\W{1,3}){6,}",
    re.IGNORECASE,
)
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
DATE = re.compile(
    rf"\b\d{{4}}-\d\d?-\d\d?\b|\b\d\d?[/.]\d\d?[/.]\d\d(?:\d\d)?\b|\b\d\d?(?:st|nd|rd|th)? (?:of )?(?:{MONTHS})\b"
    rf"|\b(?:{MONTHS}) \d\d?(?:st|nd|rd|th)?\b|\b(?:{MONTHS})\.? (?:19|20)\d\d\b|\b\d\d?:\d\d\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Expected:
    """What holds of a file: `names` and `ids` are in it nowhere; `needed` files are; no date stands in it if
    `is_dateless`; `k`, `l` and `most_risk` hold of the columns `quasi` and `sensitive` of people's rows, joined over
    these `tables`, unless k is 0; the table `counts`, if there is one, gives no small count away."""

    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    is_dateless: bool = False
    quasi: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    k: int = 0
    l: int = 0  # noqa: E741 - it is called so
    most_risk: float = 1.0
    counts: str = ""


Rows = tuple[list[dict[str, Any]], list[tuple[int, dict[str, str]]]]  # fields; line, cells


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where, and of which kind."""

    file: str
    line: int
    what: str


@dataclass
class _Looked:
    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: dict[str, Rows] = field(default_factory=dict)  # by table

    def wrong(self, file: str, line: int, what: str) -> None:
        self.faults.append(Fault(file, line, what))


def verify(data: bytes, expected: Expected) -> list[Fault]:
    """Everything that is wrong with a package, in the order of its files; nothing if it may go."""
    looked = _Looked()
    _open(looked, data)
    _listed(looked, expected)
    _encoding(looked)
    _tables(looked)
    _identifiers(looked, expected)
    _words(looked, expected)
    _hidden(looked, expected)
    _counts(looked, expected)
    unique = dict.fromkeys(looked.faults)
    return sorted(unique, key=lambda fault: (fault.file, fault.line, fault.what))


def _open(looked: _Looked, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            names = held.namelist()
            if len(set(names)) < len(names) or any(name.startswith("/") or ".." in name for name in names):
                looked.wrong("", 0, "zip")
            looked.files = {name: held.read(name) for name in names}
    except (zipfile.BadZipFile, OSError, EOFError):
        looked.wrong("", 0, "zip")


def _listed(looked: _Looked, expected: Expected) -> None:
    """The list names every file but itself and its signature, each with its SHA-256, and nothing else."""
    for name in sorted(expected.needed - set(looked.files)):
        looked.wrong(name, 0, "missing")
    try:
        listed = json.loads(looked.files[MANIFEST])["files"]
    except (KeyError, ValueError):
        return looked.wrong(MANIFEST, 0, "list")
    there = set(looked.files) - {MANIFEST, SIGNATURE}
    if SIGNATURE not in looked.files:
        looked.wrong(SIGNATURE, 0, "missing")
    for name in sorted(there ^ set(listed)):
        looked.wrong(name, 0, "list")
    for name in sorted(there & set(listed)):
        if hashlib.sha256(looked.files[name]).hexdigest() != listed[name].get("sha256"):
            looked.wrong(name, 0, "list")
    return None


def _encoding(looked: _Looked) -> None:
    for name, data in looked.files.items():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            looked.wrong(name, data.count(b"\n", 0, error.start) + 1, "encoding")
            continue
        if data.startswith(b"\xef\xbb\xbf"):
            looked.wrong(name, 1, "encoding")
        if b"\r\n" in data or b"\0" in data or (data and not data.endswith(b"\n")):
            looked.wrong(name, data.count(b"\n", 0, max(0, data.find(b"\r\n"))) + 1, "encoding")


def _tables(looked: _Looked) -> None:
    """Each table is as it is described, and the same in both of its forms."""
    try:
        described = json.loads(looked.files["datapackage.json"])["resources"]
    except (KeyError, ValueError):
        return looked.wrong("datapackage.json", 0, "description")
    known = {one["path"] for one in described}
    for name in looked.files:
        if name.startswith("data/") and name.endswith(".csv") and name not in known:
            looked.wrong(name, 0, "description")
    for one in described:
        _table(looked, one)
    for one in described:
        for key in one["schema"].get("foreignKeys", []):
            _points(looked, one, key)
    return None


def _lines(looked: _Looked, path: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of a CSV file."""
    held = io.StringIO(looked.files[path].decode("utf-8", "replace"), newline="")
    reader, first = csv.reader(held, strict=True), 1
    try:
        for cells in reader:
            yield first, cells
            first = reader.line_num + 1
    except csv.Error:
        looked.wrong(path, first, "cells")


def _table(looked: _Looked, one: dict[str, Any]) -> None:
    path, fields = one["path"], one["schema"]["fields"]
    if path not in looked.files:
        return looked.wrong(path, 0, "missing")
    found, seen = list[tuple[int, dict[str, str]]](), set[tuple[str, ...]]()
    places = [[field["name"] for field in fields].index(name) for name in one["schema"].get("primaryKey", [])]
    for line, cells in _lines(looked, path):
        if line == 1:
            if cells != [field["name"] for field in fields]:
                looked.wrong(path, 1, "columns")
            continue
        if len(cells) != len(fields):
            looked.wrong(path, line, "columns")
            continue
        for cell, about in zip(cells, fields, strict=True):
            if not _fits(cell, about):
                looked.wrong(path, line, "value")
            if about["type"] == "string" and cell.startswith(FORMULA):
                looked.wrong(path, line, "formula")
        key = tuple(cells[place] for place in places)
        if places and key in seen:
            looked.wrong(path, line, "twice")
        seen.add(key)
        found.append((line, dict(zip([field["name"] for field in fields], cells, strict=True))))
    looked.rows[one["name"]] = (fields, found)
    return _same(looked, path, fields, found)


def _fits(cell: str, about: dict[str, Any]) -> bool:
    limits = about.get("constraints", {})
    missing = {why["value"] for why in about.get("missingValues", [{"value": ""}])}
    if cell in missing:
        return not (limits.get("required") and cell == "")
    if about["type"] == "integer" and not re.fullmatch(r"-?\d{1,15}", cell):
        return False
    return "enum" not in limits or cell in {str(value) for value in limits["enum"]}


def _same(
    looked: _Looked, path: str, fields: list[dict[str, Any]], found: list[tuple[int, dict[str, str]]]
) -> None:
    """The form for programs says the same as the one for spreadsheets."""
    other = path.removesuffix(".csv") + ".jsonl"
    if other not in looked.files:
        return looked.wrong(other, 0, "missing")
    lines = looked.files[other].decode("utf-8", "replace").split("\n")[:-1]
    if len(lines) != len(found):
        return looked.wrong(other, 0, "differs")
    for nth, (text, (_line, row)) in enumerate(zip(lines, found, strict=True), start=1):
        try:
            said = json.loads(text)
        except ValueError:
            looked.wrong(other, nth, "differs")
            continue
        for about in fields:
            value, cell = said.get(about["name"]), row[about["name"]]
            written = "" if value is None else str(value)
            if written.startswith(FORMULA) and about["type"] == "string":
                written = "'" + written
            if written != cell:
                looked.wrong(other, nth, "differs")
    return None


def _points(looked: _Looked, one: dict[str, Any], key: dict[str, Any]) -> None:
    """Whoever is named in one table stands in the other."""
    other = looked.rows.get(key["reference"]["resource"])
    if other is None or one["name"] not in looked.rows:
        return
    there = {row[key["reference"]["fields"][0]] for _line, row in other[1]}
    for line, row in looked.rows[one["name"]][1]:
        if row[key["fields"][0]] not in there:
            looked.wrong(one["path"], line, "points")


def _identifiers(looked: _Looked, expected: Expected) -> None:
    """No id that Kith shows, in any file; no name in what came from people. In files that hold no word of theirs a name
    can stand by chance: there only one that the questions do not have themselves."""
    book = looked.files.get("codebook.csv", b"").decode("utf-8", "replace").casefold()
    plain = [name for name in expected.names if name.casefold() not in book]
    for file, data in looked.files.items():
        names = _Names(expected.names if file.startswith("data/") else plain)
        for nth, line in enumerate(data.decode("utf-8", "replace").split("\n"), start=1):
            if any(not expected.ids.isdisjoint(_windows(run)) for run in TOKEN.findall(line)):
                looked.wrong(file, nth, "id")
            if names.stand_in(line):
                looked.wrong(file, nth, "name")


def _windows(run: str) -> Iterator[str]:
    return (run[nth : nth + ID] for nth in range(len(run) - ID + 1))


class _Names:
    """Names by their first word, so that a long file is read through once. One of a single word may be an ordinary one:
    it is a name where it is written as its owner writes it."""

    def __init__(self, names: Collection[str]) -> None:
        self.by_first: dict[str, set[tuple[str, ...]]] = {}
        self.single = {name for name in names if len(WORD.findall(name)) == 1}
        for name in set(names) - self.single:
            words = tuple(WORD.findall(name.casefold()))
            if words:
                self.by_first.setdefault(words[0], set()).add(words)

    def stand_in(self, line: str) -> bool:
        if self.single and not self.single.isdisjoint(WORD.findall(line)):
            return True
        words = WORD.findall(line.casefold()) if self.by_first else []
        return any(
            tuple(words[nth : nth + len(name)]) == name
            for nth, word in enumerate(words) if word in self.by_first
            for name in self.by_first[word]
        )  # fmt: skip


def _words(looked: _Looked, expected: Expected) -> None:
    """What people wrote: no way to reach anybody. And in files for others no day, wherever it stands."""
    for name, (fields, rows) in looked.rows.items():
        words = [
            one["name"]
            for one in fields
            if one["type"] == "string" and "enum" not in one.get("constraints", {})
        ]
        for line, row in rows:
            for column in words:
                for what in _contacts(row[column]):
                    looked.wrong(f"data/{name}.csv", line, what)
    if expected.is_dateless:
        for file, data in looked.files.items():
            for nth, text in enumerate(data.decode("utf-8", "replace").split("\n"), start=1):
                if not file.startswith(("import", MANIFEST, SIGNATURE)) and DATE.search(text):
                    looked.wrong(file, nth, "date")


def _contacts(text: str) -> Iterator[str]:
    if DIGITS.search(text) or SPOKEN.search(text):
        yield "phone"
    if MAIL.search(text):
        yield "mail"
    if LINK.search(text):
        yield "link"


def _hidden(looked: _Looked, expected: Expected) -> None:
    """How many people look alike, counted anew: by person, over all of their rounds."""
    if not expected.k:
        return None
    people: dict[str, dict[str, str]] = {}
    for table in expected.tables:
        for _line, row in looked.rows.get(table, ([], []))[1]:
            people.setdefault(row["number"], {}).update({f"{table}.{key}": cell for key, cell in row.items()})
    classes = Counter(tuple(row.get(name, "") for name in expected.quasi) for row in people.values())
    if not classes or min(classes.values()) < expected.k:
        return looked.wrong("data", 0, "alike")
    if len(classes) / sum(classes.values()) > expected.most_risk:
        looked.wrong("data", 0, "risk")
    for name in expected.sensitive:
        kinds: dict[tuple[str, ...], set[str]] = {}
        for row in people.values():
            kinds.setdefault(tuple(row.get(one, "") for one in expected.quasi), set()).add(row.get(name, ""))
        if min(len(values) for values in kinds.values()) < expected.l:
            looked.wrong("data", 0, "sensitive")
    return None


def _counts(looked: _Looked, expected: Expected) -> None:
    """Tables of counts: nothing under the floor, and nothing hidden that the rest gives away."""
    if not expected.counts:
        return None
    if expected.counts not in looked.rows:
        return looked.wrong(f"data/{expected.counts}.csv", 0, "missing")
    fields, rows = looked.rows[expected.counts]
    versions = next(one["constraints"]["enum"] for one in fields if one["name"] == "version")
    for line, what in verify_counts.faults(rows, versions):
        looked.wrong(f"data/{expected.counts}.csv", line, what)
    return None
