"""Questions out of a REDCap data dictionary or a FHIR Questionnaire, as a file of Kith's own, without scores.

What neither Kith nor its people could answer is refused, and nothing is left out silently.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from core import text as texts
from research.errors import Malformed
from research.instruments import MOST_BYTES

ORDINAL = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
YES_NO = {1: "Yes", 0: "No"}


class _Gathered:
    """Items, their choices and their words, gathered one by one."""

    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []
        self.words: dict[str, str] = {}
        self.options: dict[str, list[int]] = {}
        self.labels: dict[str, list[str]] = {}
        self.faults: list[str] = []

    def add(self, name: str, text: str, choices: Mapping[int, str] | None) -> None:
        """One question: its choices, or None where people write freely."""
        code = re.sub(r"\W+", "_", name.lower(), flags=re.ASCII).strip("_")[:40]
        self.words[code] = texts.tidy(text)
        if choices is None:
            self.items.append({"code": code, "type": "text", "sensitivity": "free_text"})
            return
        values, labels = list(choices), [texts.tidy(label) for label in choices.values()]
        same = (one for one in self.options if (self.options[one], self.labels[one]) == (values, labels))
        options = next(same, f"set{len(self.options) + 1}")
        self.options[options], self.labels[options] = values, labels
        self.items.append({"code": code, "type": "choice", "options": options, "sensitivity": "sensitive"})

    def file(self, about: Mapping[str, Any], preamble: str) -> dict[str, Any]:
        """All of it. Raises Malformed with what was found wrong on the way."""
        if self.faults:
            raise Malformed(self.faults)
        words = {"preamble": texts.tidy(preamble), "items": self.words, "options": self.labels}
        return {
            **about, "validated": False, "distressing": True, "options": self.options, "items": self.items,
            "languages": {"en": words}, "scoring": [], "test_vectors": [],
        }  # fmt: skip


def from_redcap(data: bytes, about: Mapping[str, Any]) -> dict[str, Any]:
    """A data dictionary in CSV. Raises Malformed with the line of everything that is not taken."""
    rows = csv.DictReader(io.StringIO(_decoded(data)), strict=True)
    found, preamble = _Gathered(), ""
    try:
        for row in rows:
            if None in row:
                found.faults.append(f"line {rows.line_num}: has more cells than the first line")
            cells = {str(name).split(",")[0].strip().lower(): str(cell or "") for name, cell in row.items()}
            preamble = preamble or cells.get("section header", "")
            _redcap_row(found, rows.line_num, cells)
    except csv.Error as error:
        raise Malformed([f"line {rows.line_num}: {error}"]) from None
    return found.file(about, preamble)


def _redcap_row(found: _Gathered, line: int, cells: Mapping[str, str]) -> None:
    kind, name = cells.get("field type", ""), cells.get("variable / field name", "")
    branches = next((cell for key, cell in cells.items() if key.startswith("branching logic")), "")
    if not name or branches.strip():
        found.faults.append(f"line {line}: needs a field name, and no branching logic")
    elif kind in {"radio", "dropdown"}:
        choices = _redcap_choices(cells.get("choices", ""))
        if choices is None:
            found.faults.append(f"line {line}: choices must be like '0, Never | 1, Often'")
        else:
            found.add(name, cells.get("field label", ""), choices)
    elif kind in {"yesno", "truefalse"}:
        found.add(name, cells.get("field label", ""), YES_NO)
    elif kind in {"text", "notes"} and not cells.get("text validation type or show slider number"):
        found.add(name, cells.get("field label", ""), None)
    else:
        found.faults.append(f"line {line}: a field of the type {kind[:40]!r} is not taken")


def _redcap_choices(written: str) -> dict[int, str] | None:
    parts = [re.fullmatch(r"\s*(\d{1,4})\s*,(.*)", part, re.ASCII | re.DOTALL) for part in written.split("|")]
    if not all(parts) or len({part[1] for part in parts if part}) < len(parts):
        return None
    return {int(part[1]): part[2] for part in parts if part}


def from_fhir(data: bytes, about: Mapping[str, Any]) -> dict[str, Any]:
    """A Questionnaire in JSON. Raises Malformed with the linkId of everything that is not taken."""
    try:
        given = json.loads(_decoded(data))
        if given["resourceType"] != "Questionnaire":
            raise Malformed(["resourceType: is no Questionnaire"])
        found = _Gathered()
        preamble = " ".join(_fhir_items(found, given["item"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed([f"is no FHIR Questionnaire: {type(error).__name__} {str(error)[:80]}"]) from None
    return found.file(about, preamble)


def _fhir_items(found: _Gathered, items: list[Any]) -> list[str]:
    """Adds what is asked; returns what is only shown."""
    shown = []
    for item in items:
        kind, name, text = item["type"], str(item["linkId"]), str(item.get("text", ""))
        if item.get("enableWhen") or item.get("repeats"):
            found.faults.append(f"{name[:40]}: must be asked always, with one answer")
        elif kind in {"group", "display"}:
            shown += [text] * bool(text) + _fhir_items(found, item.get("item", []))
        elif kind in {"choice", "coding"}:
            choices = dict(_fhir_choice(option) for option in item["answerOption"])
            if None in choices or len(choices) < len(item["answerOption"]):
                found.faults.append(f"{name[:40]}: every choice needs a whole number of its own")
            else:
                found.add(name, text, {value: label for value, label in choices.items() if value is not None})
        elif kind == "boolean":
            found.add(name, text, YES_NO)
        elif kind in {"string", "text"}:
            found.add(name, text, None)
        else:
            found.faults.append(f"{name[:40]}: an item of the type {str(kind)[:40]!r} is not taken")
    return shown


def _fhir_choice(option: Mapping[str, Any]) -> tuple[int | None, str]:
    """The number and the words of one choice: its weight, else a code that is a number."""
    coding = option["valueCoding"]
    hints = [*option.get("extension", []), *coding.get("extension", [])]
    weights = [hint.get("valueDecimal") for hint in hints if hint.get("url") in ORDINAL]
    value = weights[0] if weights else coding.get("code", "")
    number = str(value)
    return (int(number) if re.fullmatch(r"\d{1,4}", number, re.ASCII) else None), str(coding["display"])


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Malformed([f"larger than {MOST_BYTES} bytes"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed(["not in UTF-8"]) from None


CONVERTERS: dict[str, Callable[[bytes, Mapping[str, Any]], dict[str, Any]]] = {
    "redcap": from_redcap,
    "fhir": from_fhir,
}
