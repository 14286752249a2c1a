"""What stands beside the data: a description that programs read (Data Package 2.0), one that people read, and rows
made up from it alone."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from research.files.tables import WHY_NONE, Cell, Column, Table

MOCK_ROWS = 12
HEADS = ("table", "column", "kind", "meaning", "before the question", "set of questions", "sensitivity", "value",
         "value means")  # fmt: skip
SENSITIVITY = {
    "quasi": "others may know it",
    "sensitive": "sensitive",
    "free_text": "own words",
    "direct": "direct",
}
SCHEMA = "https://datapackage.org/profiles/2.0/{}.json"


def data_package(
    tables: Sequence[Table], *, title: str, note: str, head: Mapping[str, Any]
) -> dict[str, Any]:
    """`datapackage.json`."""
    return {
        "$schema": SCHEMA.format("datapackage"), "name": "study-file", "title": title, "description": note, **head,
        "resources": [_resource(table) for table in tables],
    }  # fmt: skip


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": SCHEMA.format("tableschema"), "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }  # fmt: skip
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.refs:
        schema["foreignKeys"] = [
            {"fields": [name], "reference": {"resource": other, "fields": ["number"]}}
            for name, other in table.refs.items()
        ]
    return {
        "name": table.name, "title": table.title, "type": "table", "path": f"data/{table.name}.csv", "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
    }  # fmt: skip


def _field(column: Column) -> dict[str, Any]:
    made: dict[str, Any] = {"name": column.name, "type": column.kind, "title": column.title}
    if column.before:
        made["description"] = f"{column.before} ({column.asked_in})"
    limits: dict[str, Any] = {"required": True} if column.is_needed else {}
    if column.values:
        limits["enum"] = [*column.values]
    if column.is_answer:
        whys = [{"value": str(value), "label": why} for value, why in WHY_NONE.items()]
        made["missingValues"] = [{"value": "", "label": "no answer in this round"}, *whys]
        made["categories"] = [{"value": value, "label": words} for value, words in column.values.items()]
    if column.why_empty:
        made["missingValues"] = [{"value": "", "label": column.why_empty}]
    if limits:
        made["constraints"] = limits
    return made


def codebook(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """Every column and what its values mean."""
    return [
        {
            "table": table.name, "column": column.name, "kind": column.kind, "meaning": column.title,
            "before the question": column.before, "set of questions": column.asked_in,
            "sensitivity": SENSITIVITY.get(column.sensitivity, ""),
            "values": {str(value): words for value, words in _values(column).items()},
        }
        for table in tables for column in table.columns
    ]  # fmt: skip


def _values(column: Column) -> Mapping[int | str, str]:
    return {**column.values, **(WHY_NONE if column.is_answer else {})}


def codebook_csv(book: Sequence[Mapping[str, Any]]) -> bytes:
    """The same for spreadsheets: a line for each value, and one for what has none."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(HEADS)
    for one in book:
        about = [one[head] for head in HEADS[:-2]]
        for value, words in (one["values"] or {"": ""}).items():
            writer.writerow([*about, value, words])
    return held.getvalue().encode()


def page(title: str, sections: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Any]]]]) -> bytes:
    """A page to read and to print that asks nothing of anybody: heads and tables."""
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>\n",
    ]
    for head, heads, rows in sections:
        parts.append(f"<h2>{escape(head)}</h2>\n<table><thead><tr>{_row('th', heads)}</tr></thead><tbody>\n")
        parts += [f"<tr>{_row('td', row)}</tr>\n" for row in rows]
        parts.append("</tbody></table>\n")
    return "".join([*parts, "</body></html>\n"]).encode()


def _row(kind: str, cells: Sequence[Any]) -> str:
    return "".join(f"<{kind}>{escape(str(cell))}</{kind}>" for cell in cells)


def codebook_page(book: Sequence[Mapping[str, Any]]) -> bytes:
    """The same for people."""
    by_table: dict[str, list[list[str]]] = {}
    for one in book:
        values = "; ".join(f"{value} = {words}" for value, words in one["values"].items())
        by_table.setdefault(one["table"], []).append([*(one[head] for head in HEADS[1:-2]), values])
    heads = (*(head.capitalize() for head in HEADS[1:-2]), "Values")
    return page("Codebook", [(name, heads, rows) for name, rows in by_table.items()])


def made_up(table: Table) -> Table:
    """The same table with rows that come from the codebook alone, to write programs before there are data."""
    dice = dice_of(f"mock|{table.name}")
    return Table(name=table.name, title=table.title, columns=table.columns, rows=list(_mock(table, dice)))


def dice_of(seed: str) -> random.Random:
    """Dice that fall the same each time."""
    return random.Random(seed)  # noqa: S311 - for made-up rows


def _mock(table: Table, dice: random.Random) -> Iterator[list[Cell]]:
    for nth in range(1, MOCK_ROWS + 1):
        yield [_cell(column, nth, dice) for column in table.columns]


def _cell(column: Column, nth: int, dice: random.Random) -> Cell:
    if column.values:
        return dice.choice([*_values(column)])
    if column.name in {"number", "talk"}:
        return f"MADE-UP-{nth}"
    return nth if column.kind == "integer" else "made up" * column.is_words
