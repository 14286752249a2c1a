"""One package out of tables: everything that stands beside them, and the signed list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from research.enums import ExportTier
from research.files import describing, flow, reporting
from research.files.gather import Gathered
from research.files.tables import Table
from research.files.writing import Package, as_json
from research.models import Export
from research.selectors import parts

SCRIPTS = Path(__file__).parent.parent / "data"
NEEDED = frozenset({"README.txt", "datapackage.json", "codebook.csv", "codebook.json", "codebook.html", "import.py",
                    "import.R", "risk_report.json", "risk_report.html", "trace.json"})  # fmt: skip
FLOW = frozenset({"consort_flow.json", "consort_flow.svg", "response.json"})
NOTES = {
    ExportTier.T0: "Personal data of people who can be recognised, for the study's own team. Not anonymous.",
    ExportTier.T1: "Personal data, made less exact, for one named recipient under an agreement. Not for passing on.",
    ExportTier.T3: "Totals. No row is about one person.",
}


def needed(tier: ExportTier) -> frozenset[str]:
    """What has to be in a file. Totals hold no count but those that were protected together."""
    return NEEDED if tier == ExportTier.T3 else NEEDED | FLOW


def packed(export: Export, found: Gathered, tables: Sequence[Table], report: Mapping[str, Any]) -> bytes:
    """The whole zip."""
    package, title, note = Package(), parts.title(export.study), NOTES[found.recipe.tier]
    for table in tables:
        package.table(table)
        package.mock(describing.made_up(table))
    package.add("datapackage.json", as_json(describing.data_package(tables, title=title, note=note)))
    book = describing.codebook(tables)
    package.add("codebook.csv", describing.codebook_csv(book))
    package.add("codebook.json", as_json(book))
    package.add("codebook.html", describing.codebook_page(book))
    for name in ("import.py", "import.R"):
        package.add(name, (SCRIPTS / name).read_bytes())
    if found.recipe.tier != ExportTier.T3:
        _add_flow(package, found)
    package.add("trace.json", as_json(found.trace))
    told = {"kind": str(found.recipe.tier), "what it is": note, **report}
    package.add("risk_report.json", as_json(told))
    package.add("risk_report.html", describing.page("What this file can tell", reporting.sections(told)))
    package.add("README.txt", _readme(title, note, tables, found.recipe.tier).encode())
    about = {
        "format": "kith-file-1", "study": title, "kind": str(found.recipe.tier), "last round": found.recipe.last_round,
        "for": export.recipient, "agreement": export.agreement,
    }  # fmt: skip
    return package.closed(about=about)


def _add_flow(package: Package, found: Gathered) -> None:
    steps = flow.flow(found)
    package.add("consort_flow.json", as_json([{"step": step, "people": count} for step, count in steps]))
    package.add("consort_flow.svg", flow.as_svg(steps))
    package.add("response.json", as_json(flow.response(found)))


_FLOW_LINES = (
    "  consort_flow.json, .svg        how many people came how far",
    "  response.json                  how the questions were asked and answered",
)
_ABOUT_PEOPLE = (
    "Weeks are counted from the first day of each person's own part.",
    "Versions go by letters until the study is over.",
    "A ' before a cell keeps a spreadsheet from running it. An empty cell is no value.",
    "Numbers that have to come out are listed in Kith, under 'Who left'. Look there before each use.",
)
_ABOUT_TOTALS = (
    "A figure is a count of people, rounded to five: sums may not add up.",
    "Nothing under ten is shown, and nothing that would give such a count away. An empty cell is not shown.",
    "Versions go by letters until the study is over. '*' stands for all of them together.",
)


def _readme(title: str, note: str, tables: Sequence[Table], tier: ExportTier) -> str:
    is_totals = tier == ExportTier.T3
    lines = [
        title, "", note, "", "What is in it:",
        *(f"  data/{table.name}.csv, .jsonl   {table.title}" for table in tables),
        "  datapackage.json               every column, for programs (Data Package 2.0)",
        "  codebook.csv, .json, .html     every column and what its values mean",
        "  import.py, import.R            read the tables, with nothing else needed",
        "  mock/                          rows made up from the codebook alone",
        *(() if is_totals else _FLOW_LINES),
        "  trace.json                     what each stage did, in counts",
        "  risk_report.json, .html        what this file can tell of people",
        "  manifest.json                  SHA-256 of each file",
        "  manifest.sig                   a signature (Ed25519) over 'kith-file-1 ' and manifest.json", "",
        *(_ABOUT_TOTALS if is_totals else _ABOUT_PEOPLE),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
