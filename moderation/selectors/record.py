"""What everybody may know of how a group is looked after: computed from its record, and from nothing else.

Nothing of the current month is shown, and decisions appear five at a time: else a limit and a name that falls silent
on the same day would tell who wrote under a one-thread name.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.models import AuditEntry
from core import clock
from moderation.enums import Act, Outcome, Reason

FLOOR = 5  # of anything that is counted or listed
DECISION, APPEAL = "decision ", "appeal "


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One act of the record. `ref` is a public id, `said` what else it says, empty if that was erased."""

    month: dt.date
    act: str
    ref: str
    said: Mapping[str, Any] = field(default_factory=dict)


def entries(*, scope: str, before: dt.date) -> list[Entry]:
    """Every act of a scope before a day, as the record has them."""
    rows = AuditEntry.objects.filter(chain__scope=scope, acted_on__lt=before).order_by("seq")
    found = rows.values_list("acted_on", "act", "ref", "kept__payload").iterator()
    return [
        Entry(month=on.replace(day=1), act=act, ref=ref, said=json.loads(said) if said else {})
        for on, act, ref, said in found
    ]


# --- the list of decisions ------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Line:
    """A decision as everybody may read it. `rule` is the code of a line of the promise."""

    act: str
    scope: str
    days: int | None
    rule: str
    by_machine: bool
    alone: bool
    is_undone: bool


@dataclass(frozen=True, kw_only=True)
class Batch:
    """At least five decisions of these months, in an order that tells nothing."""

    first: dt.date
    last: dt.date
    lines: list[Line]


def batches(found: list[Entry]) -> list[Batch]:
    """Decisions in whole months, at least five together, the newest first. What is left over waits."""
    undone = {one.ref for one in found if one.act == "undone"} | {
        one.ref for one in found if one.act in {f"{APPEAL}{Outcome.UNDO}", f"{APPEAL}{Outcome.CHANGE}"}
    }
    decisions = [one for one in found if one.act.startswith(DECISION)]
    made: list[Batch] = []
    waiting: list[Entry] = []
    for _, month in itertools.groupby(decisions, key=lambda one: one.month):
        waiting += month
        if len(waiting) >= FLOOR:
            made.append(_batch(waiting, undone))
            waiting = []
    return made[::-1]


def _batch(found: list[Entry], undone: set[str]) -> Batch:
    order = list(Act.values)
    lines = [_line(one, is_undone=one.ref in undone) for one in found]
    lines.sort(
        key=lambda line: (order.index(line.act) if line.act in order else len(order), line.rule, str(line))
    )
    return Batch(first=found[0].month, last=found[-1].month, lines=lines)


def _line(one: Entry, *, is_undone: bool) -> Line:
    return Line(
        act=str(one.said.get("act", "")),
        scope=str(one.said.get("scope", "")),
        days=one.said.get("days"),
        rule=str(one.said.get("rule", "")),
        by_machine=bool(one.said.get("by machine")),
        alone=bool(one.said.get("alone")),
        is_undone=is_undone,
    )


# --- the report of a quarter ----------------------------------------------------------------------------------------
Band = tuple[int, int]  # from, to: all that is told of a count


@dataclass(frozen=True, kw_only=True)
class Table:
    """Counts of one kind of thing, each as a band: (0, 4) is fewer than five."""

    name: str
    rows: dict[str, Band]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A quarter of a group: `first` is its first day."""

    first: dt.date
    tables: list[Table]


def quarters(found: list[Entry]) -> list[dt.date]:
    """The quarters that are over and in which something happened, the newest first."""
    this = _quarter(clock.today())
    return sorted({_quarter(one.month) for one in found} - {this}, reverse=True)


def report(found: list[Entry], *, first: dt.date) -> Report:
    """The report of a quarter: the same whenever it is computed. Nothing is counted in two ways and there is no sum, so
    that no count under five follows from others."""
    inside = [one for one in found if _quarter(one.month) == first]
    decisions = [one for one in inside if one.act.startswith(DECISION)]
    counts = {
        "reports": (Reason.values, Counter(str(o.said.get("reason")) for o in inside if o.act == "report")),
        "decisions": (Act.values, Counter(str(one.said.get("act")) for one in decisions)),
        "appeals": (
            Outcome.values,
            Counter(o.act.removeprefix(APPEAL) for o in inside if o.act.startswith(APPEAL)),
        ),
    }
    tables = [
        Table(name=name, rows={row: band_of(counted[row]) for row in rows})
        for name, (rows, counted) in counts.items()
    ]
    return Report(first=first, tables=tables)


def band_of(count: int) -> Band:
    """A count as a band of five."""
    start = count - count % FLOOR
    return start, start + FLOOR - 1


def _quarter(day: dt.date) -> dt.date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
