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
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, BinaryIO

from research.release import verify_counts

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
STUDY = "study.json"  # what a study says of itself: nothing of a participant stands there
ID = 14  # signs of an id
LOT = 2**16  # bytes that are looked at together
MOST_KNOWN = 4_000  # cells of one column
TOKEN = re.compile(rf"(?<![0-9A-Za-z])[0-9A-Za-z]{{{ID},}}")
WORD = re.compile(r"\w+")
MAIL = re.compile(r"\w\s?(?:@|\(at\)|\[at\])\s?\w+\s?(?:\.|\(dot\)|\[dot\])\s?\w", re.IGNORECASE)
LINK = re.compile(r"(?:https?:|www\.)\S|\b\w+\.(?:com|org|net|info|co|io|me|uk|de|eu)\b", re.IGNORECASE)
DIGIT = re.compile(r"\d")
DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6,}")
LEAST_SAID = 5  # of six digits in words; the first may be the end of a longer word
COUNTED = frozenset(("oh", "o", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                     "double", "treble", "triple"))  # fmt: skip
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
    held: zipfile.ZipFile | None = None
    files: dict[str, str] = field(default_factory=dict)  # name -> SHA-256
    faults: list[Fault] = field(default_factory=list)
    rows: dict[str, Rows] = field(default_factory=dict)  # by table, where they are looked at together
    columns: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)  # that name others
    fields: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def wrong(self, file: str, line: int, what: str) -> None:
        self.faults.append(Fault(file, line, what))

    def open(self, name: str) -> BinaryIO:
        """One file, to be read as it comes: a large one is never there as a whole. Raises KeyError."""
        if self.held is None:
            raise KeyError(name)
        return io.BufferedReader(self.held.open(name), LOT)  # type: ignore[type-var]  # it is read like a raw one


def verify(data: bytes, expected: Expected) -> list[Fault]:
    """Everything that is wrong with a package, in the order of its files; nothing if it may go."""
    looked = _Looked()
    _open(looked, data)
    _listed(looked, expected)
    _tables(looked, expected)
    _identifiers(looked, expected)
    _days(looked, expected)
    _hidden(looked, expected)
    _counts(looked, expected)
    return sorted(set(looked.faults), key=lambda fault: (fault.file, fault.line, fault.what))


def _open(looked: _Looked, data: bytes) -> None:
    """Reads all of it once."""
    try:
        looked.held = zipfile.ZipFile(io.BytesIO(data))
        names = looked.held.namelist()
        if len(set(names)) < len(names) or any(name.startswith("/") or ".." in name for name in names):
            looked.wrong("", 0, "zip")
        looked.files = {name: _digest(looked, name) for name in names}
    except (zipfile.BadZipFile, OSError, EOFError):
        looked.held = None
        looked.wrong("", 0, "zip")


def _digest(looked: _Looked, name: str) -> str:
    """What a file is known by. Each of its lines has to be as all are written."""
    digest = hashlib.sha256()
    with looked.open(name) as lines:
        for nth, line in enumerate(lines, start=1):
            digest.update(line)
            if not _is_plain(line) or (nth == 1 and line.startswith(b"\xef\xbb\xbf")):
                looked.wrong(name, nth, "encoding")
    return digest.hexdigest()


def _is_plain(line: bytes) -> bool:
    """Whether it is UTF-8 and ends in a line feed alone."""
    try:
        return "\0" not in line.decode() and line.endswith(b"\n") and not line.endswith(b"\r\n")
    except UnicodeDecodeError:
        return False


def _listed(looked: _Looked, expected: Expected) -> None:
    """The list names every file but itself and its signature, each with its SHA-256, and nothing else."""
    for name in sorted(expected.needed - set(looked.files)):
        looked.wrong(name, 0, "missing")
    try:
        listed = json.load(looked.open(MANIFEST))["files"]
    except (KeyError, ValueError):
        return looked.wrong(MANIFEST, 0, "list")
    there = set(looked.files) - {MANIFEST, SIGNATURE}
    if SIGNATURE not in looked.files:
        looked.wrong(SIGNATURE, 0, "missing")
    for name in sorted(there ^ set(listed)):
        looked.wrong(name, 0, "list")
    for name in sorted(there & set(listed)):
        if looked.files[name] != listed[name].get("sha256"):
            looked.wrong(name, 0, "list")
    return None


def _tables(looked: _Looked, expected: Expected) -> None:
    """Each table is as it is described, and the same in both of its forms."""
    try:
        described = json.load(looked.open("datapackage.json"))["resources"]
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
    held = io.TextIOWrapper(looked.open(path), "utf-8", "replace", newline="")
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
        self.faults = lru_cache(MOST_KNOWN)(lambda cell: (*self._faults(cell),))  # most cells come again

    def _faults(self, cell: str) -> Iterator[str]:
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
        self.lines = enumerate(looked.open(self.path) if self.path in looked.files else (), start=1)
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
    own = (looked.open(name).read() for name in ("codebook.csv", STUDY) if name in looked.files)
    book = str(b"\n".join(own), "utf-8", "replace").casefold()
    plain = _Names([name for name in expected.names if name.casefold() not in book])
    every = _Names(expected.names)
    for file in looked.files:
        names = every if file.startswith("data/") else plain
        with looked.open(file) as held:
            done = 0
            while lines := held.readlines(LOT):
                texts = [str(line, "utf-8", "replace") for line in lines]
                for what, finds in (("id", partial(_has_any, expected.ids)), ("name", names.stand_in)):
                    if finds("".join(texts)):  # all together first: most have nothing
                        found = [nth for nth, text in enumerate(texts, start=done + 1) if finds(text)]
                        looked.faults += [Fault(file, nth, what) for nth in found]
                done += len(lines)


def _has_any(ids: frozenset[str], text: str) -> bool:
    return any(not ids.isdisjoint(_windows(run)) for run in set(TOKEN.findall(text)))


def _windows(run: str) -> Iterator[str]:
    return (run[nth : nth + ID] for nth in range(len(run) - ID + 1))


class _Names:
    """Names by their first two words, so that a long file is read through once. One of a single word may be an ordinary
    one: it is a name where it is written as its owner writes it."""

    def __init__(self, names: Collection[str]) -> None:
        self.by_two: dict[tuple[str, str], set[tuple[str, ...]]] = {}
        self.single = {name for name in names if len(WORD.findall(name)) == 1}
        for name in set(names) - self.single:
            words = tuple(WORD.findall(name.casefold()))
            for two in pairwise(words[:2]):
                self.by_two.setdefault(two, set()).add(words)

    def stand_in(self, text: str) -> bool:
        if self.single and not self.single.isdisjoint(WORD.findall(text)):
            return True
        words = WORD.findall(text.casefold()) if self.by_two else []
        return not self.by_two.keys().isdisjoint(pairwise(words)) and any(
            tuple(words[nth : nth + len(name)]) == name
            for nth, two in enumerate(pairwise(words))
            for name in self.by_two.get(two, ())
        )  # fmt: skip


def _days(looked: _Looked, expected: Expected) -> None:
    """In files for others no day, wherever it stands but in what the study says of itself."""
    kept = ("import", MANIFEST, SIGNATURE, STUDY, "README.txt")
    for file in looked.files if expected.is_dateless else ():
        with looked.open(file) as lines:
            for nth, raw in enumerate(lines, start=1) if not file.startswith(kept) else ():
                if DATE.search(str(raw, "utf-8", "replace")):
                    looked.wrong(file, nth, "date")


def _contacts(text: str) -> Iterator[str]:
    """Ways to reach anybody. What one of them cannot be without is looked for first."""
    words = WORD.findall(text.casefold())
    has_digit = DIGIT.search(text) is not None
    may_count = len(words) > LEAST_SAID and (has_digit or not COUNTED.isdisjoint(words))
    said = sum(word in COUNTED or word.isdecimal() for word in words) if may_count else 0
    if (has_digit and DIGITS.search(text)) or (said >= LEAST_SAID and SPOKEN.search(text)):
        yield "phone"
    if ("@" in text or "at" in words) and MAIL.search(text):
        yield "mail"
    if ("." in text or ":" in text) and LINK.search(text):
        yield "link"


def _hidden(looked: _Looked, expected: Expected) -> None:
    """How many people look alike, counted anew: by person, over all of their rounds."""
    if not expected.k:
        return
    people: dict[str, dict[str, str]] = {}
    for table in expected.tables:
        for _line, row in looked.rows.get(table, []):
            people.setdefault(row["number"], {}).update({f"{table}.{key}": cell for key, cell in row.items()})
    for what in verify_counts.alike([*people.values()], expected.quasi, expected.sensitive, k=expected.k,
                                    l=expected.l, most_risk=expected.most_risk):  # fmt: skip
        looked.wrong("data", 0, what)


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
