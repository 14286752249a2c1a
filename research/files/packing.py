"""One package out of tables: everything that stands beside them, and the signed list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from research.enums import ExportTier
from research.files import about, describing, flow, readme, reporting
from research.files.gather import Gathered
from research.files.tables import Table
from research.files.writing import Package, as_json
from research.models import Export
from research.selectors import parts

SCRIPTS = Path(__file__).parent.parent / "data"
NEEDED = frozenset({"README.txt", "datapackage.json", "codebook.csv", "codebook.json", "codebook.html", "import.py",
                    "import.R", "study.json", "risk_report.json", "risk_report.html", "trace.json"})  # fmt: skip
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
    package.add(
        "datapackage.json",
        as_json(
            describing.data_package(tables, title=title, note=note, head=about.package(export, found, note))
        ),
    )
    package.add(about.NAME, as_json(about.study(export, found)))
    book = describing.codebook(tables)
    package.add("codebook.csv", describing.codebook_csv(book))
    package.add("codebook.json", as_json(book))
    package.add("codebook.html", describing.codebook_page(book))
    for name in ("import.py", "import.R"):
        package.add(name, (SCRIPTS / name).read_bytes())
    if found.recipe.tier != ExportTier.T3:
        _add_flow(package, found, tables)
    package.add("trace.json", as_json(found.trace))
    told = {"kind": str(found.recipe.tier), "what it is": note, **report}
    package.add("risk_report.json", as_json(told))
    package.add("risk_report.html", describing.page("What this file can tell", reporting.sections(told)))
    package.add("README.txt", readme.words(export, found.study, tables, note).encode())
    listed = {
        "format": "kith-file-1", "study": title, "kind": str(found.recipe.tier), "kind means": note,
        "last round": found.recipe.last_round,
        "for": export.recipient, "agreement": export.agreement,
    }  # fmt: skip
    return package.closed(about=listed)


def _add_flow(package: Package, found: Gathered, tables: Sequence[Table]) -> None:
    steps = [*flow.flow(found), *flow.in_file(tables)]
    package.add("consort_flow.json", as_json(flow.as_json(steps)))
    package.add("consort_flow.svg", flow.as_svg(steps))
    package.add("response.json", as_json(flow.response(found)))
