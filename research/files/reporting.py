"""What a file can tell of the people in it: what was reached beside what is allowed, in one table that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from research.files.gather import Gathered
from research.files.tables import Table
from research.release import lattice, risk
from research.release.lattice import Chosen, Step
from research.release.risk import Row
from research.selectors.sheets import FLOOR

SHORT, COLUMNS, SENSITIVE = "in short", "columns by which somebody could be known", "sensitive columns"
SIZES = ((5, 9), (10, 19), (20, None))
Line = Mapping[str, str]


def line(what: str, here: object, allowed: object = "no limit") -> Line:
    """One thing that can be told, how it is in this file, and what may be."""
    return {"what": what, "in this file": str(here), "allowed": str(allowed)}


def of_recipient(
    chosen: Chosen, names: Sequence[str], sensitive: Sequence[str], *, least: int, differ: int
) -> list[Line]:
    """All lines of a file for a named recipient. Everything is worked out anew from the rows that leave. Those who look
    alike are `least` people, with `differ` answers among them."""
    rows, gone = chosen.rows, len(chosen.suppressed)
    if not rows:
        return []
    sizes = [len(places) for places in risk.classes(rows, names)]
    reached, every = risk.of_sizes(sizes), len(rows) + gone
    found = [
        line("People in it", len(rows), f"at least {least}"),
        line("People left out, as nothing hides them", f"{gone} of {every} ({gone / every:.0%})", "at most 10%"),
        line("People who look alike, at least (k)", min(sizes), f"at least {least}"),
        line("People whom nobody in it resembles", reached.sample_uniques, 0),
        line("People found by somebody who looks for everybody, on average", f"{reached.marketer:.1%}",
             f"at most {lattice.MOST_RISK:.0%}"),
        line("Chance that whoever is hidden worst is found", f"{reached.highest:.1%}", f"at most {1 / least:.0%}"),
    ]  # fmt: skip
    if sensitive:
        varied = risk.l_diversity(rows, names, sensitive)
        found.append(
            line(
                "Answers that differ among people who look alike, at least (l)", varied, f"at least {differ}"
            )
        )
    for low, high in SIZES:
        n = sum(low <= size <= (high or size) for size in sizes)
        called = f"{low} to {high}" if high else f"{low} or more"
        found.append(line(f"Sets of {called} people who look alike", n))
    return found


def exactness(levels: Mapping[str, int], steps: Mapping[str, Sequence[Step]]) -> dict[str, str]:
    """How exact each column is that could be known from elsewhere."""
    words = {0: "as it is"}
    return {
        name: words.get(level := levels.get(name, 0), "any" if level > len(more) else "made coarser")
        for name, more in steps.items()
    }  # fmt: skip


def of_team(found: Gathered, people: Sequence[Row]) -> list[Line]:
    """All lines of a study-team file; `people`: of each who answered, everything that others may know."""
    lines = [line("People whose answers are in it", len(found.answers), f"at least {FLOOR}, or none")]
    if people:
        alone = sum(n for n in Counter(tuple(one.items()) for one in people).values() if n == 1)
        told = str(alone) if alone >= FLOOR or not alone else f"fewer than {FLOOR}"
        what = "People whom nobody in it resembles, by group, version and answers that others may know"
        lines.append(line(what, f"{told} of {len(people)}"))
    writers = len(found.writers)
    told_of = writers if writers >= FLOOR or not writers else f"fewer than {FLOOR}"
    lines.append(line("People whose messages are in it", told_of))
    if writers:
        lines.append(line("Of them, people whose words can be found by whoever is in the group", "all"))
    return lines


def sections(report: Mapping[str, Any]) -> list[tuple[str, Sequence[str], Sequence[Sequence[Any]]]]:
    """The report as a page has it: each section with its heads and rows."""
    told: list[tuple[str, Sequence[str], Sequence[Sequence[Any]]]] = []
    if report.get(SHORT):
        heads = tuple(report[SHORT][0])
        told.append(
            ("What was reached, and what is allowed", heads, [tuple(one.values()) for one in report[SHORT]])
        )
    if report.get(COLUMNS):
        told.append(
            ("Columns by which somebody could be known", ("column", "how exact"), [*report[COLUMNS].items()])
        )
    if report.get(SENSITIVE):
        told.append(("Columns that are sensitive", ("column",), [(one,) for one in report[SENSITIVE]]))
    rows = [(key, value) for key, value in report.items() if not isinstance(value, list | dict)]
    return [*told, ("About this file", ("", ""), rows)]


def shape(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """What tables there are: the columns of each in words, and how many rows."""
    return [
        {"table": one.name, "title": one.title, "rows": len(one.rows),
         "columns": [[column.name, column.title, column.sensitivity] for column in one.columns]}
        for one in tables
    ]  # fmt: skip
