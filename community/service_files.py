"""The files that services and regions travel in: CSV that a spreadsheet can open without running anything.

A spreadsheet runs a cell that starts with = + - or @ as a formula. Such a cell gets an apostrophe in front when
it is written, and loses it when it is read, so that what goes out comes back the same.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from core import clock, text

SERVICES = ("region", "name", "what_for", "languages", "hours", "channels", "phone", "text_number",
            "website", "cost", "verified_on", "source")  # fmt: skip
REGIONS = ("code", "name")
CHANNELS = ("phone", "text", "chat", "email", "visit")
EMERGENCY = "You or someone else is in danger right now"  # rows for this come first on the page
LONGEST = {"code": 12, "name": 120, "what_for": 200, "languages": 120, "hours": 200, "channels": 60, "phone": 60,
           "text_number": 120, "website": 300, "cost": 80, "source": 400}  # fmt: skip
NEEDED = frozenset({"code", "region", "name", "what_for", "languages", "hours", "channels"})
MOST_BYTES = 200_000  # under what a request may hold

_RISKY = tuple("=+-@\uff1d\uff0b\uff0d\uff20'")  # spreadsheets run the wide forms too
_PHONE = re.compile(r"\+?[\d(][\d ().-]*")
_CODE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,3})?")
_is_address = URLValidator(schemes=["http", "https"])

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong in one cell, and what to do about it."""

    line: int
    column: str
    advice: str

    def __str__(self) -> str:
        return f"Line {self.line}, {self.column}: {self.advice}"


class Refused(Exception):
    """The file was not taken in; nothing changed. `problems` says why, line by line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} things to put right")
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a file and the line it starts on."""

    number: int
    row: Row


def decode(raw: bytes) -> str:
    """The text of a file as bytes, or Refused when it is too big or not UTF-8."""
    if len(raw) > MOST_BYTES:
        raise Refused([Problem(line=1, column="file", advice="The file is over 200 KB. Send it in parts.")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        advice = 'One letter cannot be read. Save the file again as "CSV UTF-8".'
        raise Refused([Problem(line=line, column="file", advice=advice)]) from None


def write(*, columns: Sequence[str], rows: Iterable[Row]) -> str:
    """The rows as CSV with one header line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_guard(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def read(source: str) -> tuple[Sequence[str], list[Line]]:
    """Which kind of file this is (`SERVICES` or `REGIONS`) and its lines, or Refused."""
    source = source.removeprefix("\ufeff").replace("\0", "")
    head = source.split("\n", maxsplit=1)[0]
    reader = csv.reader(io.StringIO(source, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    lines: list[Line] = []
    problems: list[Problem] = []
    columns: Sequence[str] = ()
    started = 1
    try:
        for cells in reader:
            number, started = started, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells, number)
            elif len(cells) == len(columns):
                row = dict(zip(columns, map(_plain, cells), strict=True))
                lines.append(Line(number=number, row=row))
            else:
                advice = (
                    f"This line has {len(cells)} cells and needs {len(columns)}. Look for a comma too many."
                )
                problems.append(Problem(line=number, column="all", advice=advice))
    except csv.Error:
        advice = "A quotation mark is not closed, or stands in the wrong place."
        problems.append(Problem(line=started, column="all", advice=advice))
    if not columns and not problems:
        problems.append(Problem(line=1, column="file", advice="The file is empty."))
    if problems:
        raise Refused(problems)
    kind = SERVICES if set(columns) == set(SERVICES) else REGIONS
    return kind, lines


def problems_of_services(*, lines: Sequence[Line], regions: Iterable[str]) -> list[Problem]:
    """Everything to put right before these services can be taken in."""
    known = set(regions)
    found: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        advice = _basics(line.row) | _services_advice(line.row)
        if line.row["region"] and line.row["region"] not in known:
            advice["region"] = f"{line.row['region']!r} is not in the list of regions. Load it there first."
        first = seen.setdefault((line.row["region"], line.row["name"].casefold()), line.number)
        if first != line.number:
            advice["name"] = f"The same service is on line {first}. Keep one of them."
        found += [Problem(line=line.number, column=column, advice=said) for column, said in advice.items()]
    return found


def problems_of_regions(*, lines: Sequence[Line]) -> list[Problem]:
    """Everything to put right before these regions can be taken in."""
    found: list[Problem] = []
    seen: dict[str, int] = {}
    for line in lines:
        code, advice = line.row["code"], _basics(line.row)
        if len(line.row["name"]) > 80:
            advice["name"] = "Write 80 letters at most."
        if code and not _CODE.fullmatch(code):
            advice["code"] = 'Write a short code in small letters, like "gb" or "gb-sct".'
        first = seen.setdefault(code, line.number)
        if first != line.number:
            advice["code"] = f"The same code is on line {first}. Keep one of them."
        found += [Problem(line=line.number, column=column, advice=said) for column, said in advice.items()]
    return found


def day_of(cell: str) -> dt.date | None:
    """The day in a cell that was checked before; None for an empty one."""
    return dt.date.fromisoformat(cell) if cell else None


def _columns(cells: Sequence[str], number: int) -> Sequence[str]:
    names = [cell.strip().lower() for cell in cells]
    wanted = REGIONS if "code" in names else SERVICES
    if sorted(names) == sorted(wanted):
        return names
    missing = [name for name in wanted if name not in names]
    extra = [name for name in names if name not in wanted]
    said = [f"add the column {name}" for name in missing] + [f"take out {name!r}" for name in extra]
    advice = f"The first line names the columns: {', '.join(said) or 'name each of them once'}."
    raise Refused([Problem(line=number, column="header", advice=advice)])


def _guard(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def _plain(cell: str) -> str:
    cell = cell.strip()
    if cell.startswith("'") and cell[1:].startswith(_RISKY):
        cell = cell[1:]
    return " ".join(text.tidy(cell).split())


def _basics(row: Row) -> dict[str, str]:
    advice = {
        column: f"Write {LONGEST[column]} letters at most."
        for column, value in row.items()
        if len(value) > LONGEST.get(column, 400)
    }
    return advice | {
        column: "Fill this in." for column, value in row.items() if column in NEEDED and not value
    }


def _services_advice(row: Row) -> dict[str, str]:
    advice: dict[str, str] = {}
    if unknown := [word for word in row["channels"].split() if word not in CHANNELS]:
        advice["channels"] = f"{unknown[0]!r} is not a way to reach someone. Use: {' '.join(CHANNELS)}."
    if row["phone"] and not _PHONE.fullmatch(row["phone"]):
        advice["phone"] = "Write the number as people dial it: figures, spaces, + ( ) - and no words."
    for column in ("phone", "text_number"):
        if row[column] and column not in advice and sum(map(str.isdigit, row[column])) < 2:
            advice[column] = "This number is too short. A spreadsheet may have cut its zeros."
    if not (row["phone"] or row["text_number"] or row["website"]):
        advice["phone"] = "Give a phone number, a text number or a website."
    for column in ("website", "source"):
        if row[column] and not _is_web(row[column]):
            advice[column] = "Write the whole address, from https:// on."
    if row["verified_on"]:
        advice |= _day_advice(row["verified_on"])
    return advice


def _is_web(address: str) -> bool:
    try:
        _is_address(address)
    except ValidationError:
        return False
    return "@" not in address.split("/")[2]  # a name before the host could pass for the host


def _day_advice(cell: str) -> dict[str, str]:
    try:
        day = dt.datetime.strptime(cell, "%Y-%m-%d").date()  # noqa: DTZ007 a day has no time zone
    except ValueError:
        return {"verified_on": 'Write the day as year-month-day, like "2026-03-14".'}
    late = day > clock.today() + dt.timedelta(days=1)  # somewhere it is tomorrow already
    return {"verified_on": "This day is still to come."} if late else {}
