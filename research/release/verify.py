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
STUDY = "study.json"  # what a study says of itself: nothing of a participant stands there
ID = 14  # signs of an id
TOKEN = re.compile(rf"(?<![0-9A-Za-z])[0-9A-Za-z]{{{ID},}}")
WORD = re.compile(r"\w+")
MAIL = re.compile(r"\w\s?(?:@|\(at\)|\[at\])\s?\w+\s?(?:\.|\(dot\)|\[dot\])\s?\w", re.IGNORECASE)
LINK = re.compile(r"(?:https?:|www\.)\S|\b\w+\.(?:com|org|net|info|co|io|me|uk|de|eu)\b", re.IGNORECASE)
DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6,}")
LEAST_SAID = 5  # of six digits in words; the first may be the end of a longer word
AT = frozenset(("at",))
COUNTED = frozenset(
    ("oh", "o", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double", "treble",
     "triple")
)  # fmt: skip
SPOKEN = re.compile(rf"(?:(?:\d+|{'|'.join(sorted(COUNTED, reverse=True))})\W{{1,3}}){{6,}}", re.IGNORECASE)
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


Rows = list[tuple[int, dict[str, str]]]  # line, cells


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
    rows: dict[str, Rows] = field(
        default_factory=dict
    )  # by table, of those whose rows are looked at together
    columns: dict[tuple[str, str], list[tuple[int, str]]] = field(
        default_factory=dict
    )  # those that name others
    fields: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def wrong(self, file: str, line: int, what: str) -> None:
        self.faults.append(Fault(file, line, what))


def verify(data: bytes, expected: Expected) -> list[Fault]:
    """Everything that is wrong with a package, in the order of its files; nothing if it may go."""
    looked = _Looked()
    _open(looked, data)
    _listed(looked, expected)
    _encoding(looked)
    _tables(looked, expected)
    _identifiers(looked, expected)
    _days(looked, expected)
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


def _tables(looked: _Looked, expected: Expected) -> None:
    """Each table is as it is described, and the same in both of its forms."""
    try:
        described = json.loads(looked.files["datapackage.json"])["resources"]
    except (KeyError, ValueError):
        return looked.wrong("datapackage.json", 0, "description")
    known = {one["path"] for one in described}
    for name in looked.files:
        if name.startswith("data/") and name.endswith(".csv") and name not in known:
            looked.wrong(name, 0, "description")
    keys = [(one, key) for one in described for key in one["schema"].get("foreignKeys", [])]
    for one, key in keys:
        looked.columns[one["name"], key["fields"][0]] = []
        looked.columns[key["reference"]["resource"], key["reference"]["fields"][0]] = []
    for one in described:
        _table(looked, one, is_kept=one["name"] in {*expected.tables, expected.counts})
    for one, key in keys:
        _points(looked, one, key)
    return None


def _lines(looked: _Looked, path: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of a CSV file."""
    held = io.TextIOWrapper(io.BytesIO(looked.files[path]), "utf-8", "replace", newline="")
    reader, first = csv.reader(held, strict=True), 1
    try:
        for cells in reader:
            yield first, cells
            first = reader.line_num + 1
    except csv.Error:
        looked.wrong(path, first, "cells")


def _table(looked: _Looked, one: dict[str, Any], *, is_kept: bool) -> None:
    """One table, row by row: a large one is never there as a whole."""
    path, fields = one["path"], one["schema"]["fields"]
    if path not in looked.files:
        return looked.wrong(path, 0, "missing")
    names, seen = [field["name"] for field in fields], set[tuple[str, ...]]()
    places = [names.index(name) for name in one["schema"].get("primaryKey", [])]
    limits, other = [_Limits(field) for field in fields], _Other(looked, path, fields)
    rows = looked.rows.setdefault(one["name"], []) if is_kept else None
    columns = [(nth, looked.columns[one["name"], name]) for nth, name in enumerate(names)
               if (one["name"], name) in looked.columns]  # fmt: skip
    looked.fields[one["name"]] = fields
    for line, cells in _lines(looked, path):
        if (line == 1 and cells != names) or len(cells) != len(names):
            looked.wrong(path, line, "columns")
        if line == 1 or len(cells) != len(names):
            continue
        for cell, limit in zip(cells, limits, strict=True):
            for what in limit.faults(cell):
                looked.wrong(path, line, what)
        key = tuple(cells[place] for place in places)
        if places and key in seen:
            looked.wrong(path, line, "twice")
        seen.add(key)
        other.look(cells)
        for nth, column in columns:
            column.append((line, cells[nth]))
        if rows is not None:
            rows.append((line, dict(zip(names, cells, strict=True))))
    return other.end()


class _Limits:
    """What a cell of one column can be."""

    def __init__(self, about: dict[str, Any]) -> None:
        limits = about.get("constraints", {})
        self.missing = {why["value"] for why in about.get("missingValues", [{"value": ""}])}
        self.is_needed, self.is_number = bool(limits.get("required")), about["type"] == "integer"
        self.is_string = about["type"] == "string"
        self.values = {str(value) for value in limits["enum"]} if "enum" in limits else None

    def faults(self, cell: str) -> Iterator[str]:
        if cell in self.missing:
            if self.is_needed and not cell:
                yield "value"
        elif not (self._is_number(cell) and (self.values is None or cell in self.values)):
            yield "value"
        if self.is_string and cell.startswith(FORMULA):
            yield "formula"
        if self.is_string and self.values is None:
            yield from _contacts(cell)

    def _is_number(self, cell: str) -> bool:
        return not self.is_number or re.fullmatch(r"-?\d{1,15}", cell) is not None


class _Other:
    """The form for programs, which says the same as the one for spreadsheets."""

    def __init__(self, looked: _Looked, path: str, fields: list[dict[str, Any]]) -> None:
        self.looked, self.path = looked, path.removesuffix(".csv") + ".jsonl"
        self.names = [(one["name"], one["type"] == "string") for one in fields]
        self.lines = enumerate(io.BytesIO(looked.files.get(self.path, b"")), start=1)
        self.wrong, self.is_short = list[int](), False

    def look(self, cells: list[str]) -> None:
        """The next row."""
        nth, line = next(self.lines, (0, b""))
        if not nth:
            self.is_short = True
            return
        try:
            said = json.loads(line)
        except ValueError:
            self.wrong.append(nth)
            return
        for (name, is_string), cell in zip(self.names, cells, strict=True):
            value = said.get(name)
            written = "" if value is None else str(value)
            if is_string and written.startswith(FORMULA):
                written = "'" + written
            if written != cell:
                self.wrong.append(nth)

    def end(self) -> None:
        """After the last one."""
        if self.path not in self.looked.files:
            return self.looked.wrong(self.path, 0, "missing")
        if self.is_short or next(self.lines, None):
            self.wrong = [0]
        for nth in self.wrong:
            self.looked.wrong(self.path, nth, "differs")
        return None


def _points(looked: _Looked, one: dict[str, Any], key: dict[str, Any]) -> None:
    """Whoever is named in one table stands in the other."""
    if not {key["reference"]["resource"], one["name"]} <= set(looked.fields):
        return
    there = {cell for _, cell in looked.columns[key["reference"]["resource"], key["reference"]["fields"][0]]}
    for line, cell in looked.columns[one["name"], key["fields"][0]]:
        if cell not in there:
            looked.wrong(one["path"], line, "points")


def _identifiers(looked: _Looked, expected: Expected) -> None:
    """No id that Kith shows, in any file; no name in what came from people. In files that hold no word of theirs a name
    can stand by chance: there only one that neither the questions nor what the study says of itself has."""
    own = (looked.files.get(name, b"") for name in ("codebook.csv", STUDY))
    book = b"\n".join(own).decode("utf-8", "replace").casefold()
    plain = _Names([name for name in expected.names if name.casefold() not in book])
    every = _Names(expected.names)
    for file, data in looked.files.items():
        names = every if file.startswith("data/") else plain
        for nth, raw in enumerate(io.BytesIO(data), start=1):
            line = raw.decode("utf-8", "replace")
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
        return not self.by_first.keys().isdisjoint(words) and any(
            tuple(words[nth : nth + len(name)]) == name
            for nth, word in enumerate(words) if word in self.by_first
            for name in self.by_first[word]
        )  # fmt: skip


def _days(looked: _Looked, expected: Expected) -> None:
    """In files for others no day, wherever it stands but in what the study says of itself."""
    for file, data in looked.files.items() if expected.is_dateless else ():
        for nth, raw in enumerate(io.BytesIO(data), start=1):
            if not file.startswith(("import", MANIFEST, SIGNATURE, STUDY, "README.txt")) and DATE.search(
                raw.decode("utf-8", "replace")
            ):
                looked.wrong(file, nth, "date")


def _contacts(text: str) -> Iterator[str]:
    """Ways to reach anybody. What one of them cannot be without is looked for first."""
    words = WORD.findall(text.casefold())
    has_digit = any(map(str.isdecimal, text))
    said = sum(word in COUNTED or word.isdecimal() for word in words) if len(words) > LEAST_SAID else 0
    if (has_digit and DIGITS.search(text)) or (said >= LEAST_SAID and SPOKEN.search(text)):
        yield "phone"
    if ("@" in text or not AT.isdisjoint(words)) and MAIL.search(text):
        yield "mail"
    if ("." in text or ":" in text) and LINK.search(text):
        yield "link"


def _hidden(looked: _Looked, expected: Expected) -> None:
    """How many people look alike, counted anew: by person, over all of their rounds."""
    if not expected.k:
        return None
    people: dict[str, dict[str, str]] = {}
    for table in expected.tables:
        for _line, row in looked.rows.get(table, []):
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
    fields, rows = looked.fields[expected.counts], looked.rows[expected.counts]
    versions = next(one["constraints"]["enum"] for one in fields if one["name"] == "version")
    for line, what in verify_counts.faults(rows, versions):
        looked.wrong(f"data/{expected.counts}.csv", line, what)
    return None
