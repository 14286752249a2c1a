"""What everybody may know of how a group is looked after: computed from its record, and from nothing else.

Nothing of the current month is shown, and decisions appear when there are five of one measure, as a rough count: else
one limit, and a name that falls silent in the same month, would tell who wrote under a one-thread name.
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
from moderation import acts
from moderation.enums import Act, Asked, Changed, Measure, Outcome, Reason, RoleChange

FLOOR = 5  # of anything that is counted or listed
DECISION, APPEAL, ROLE, REQUEST, CHANGED = "decision ", "appeal ", "role ", "request ", "changed "
Band = tuple[int, int]  # from, to: all that is told of a count


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
class Batch:
    """How often something of one measure was decided in these months, as a band: at least five times."""

    measure: Measure
    first: dt.date
    last: dt.date
    count: Band


def batches(found: list[Entry]) -> list[Batch]:
    """Decisions of one measure in whole months, at least five together, the newest first. What is left over waits. Each
    batch begins with the month after the one before it: where the first decision lay is not told."""
    made = []
    for measure in Measure:
        decisions = [one for one in found if _measure_of(one) == measure]
        start, waiting = found[0].month if found else dt.date.max, 0
        for month, those in itertools.groupby(decisions, key=lambda one: one.month):
            waiting += len(list(those))
            if waiting >= FLOOR:
                made.append(Batch(measure=measure, first=start, last=month, count=band_of(waiting)))
                start, waiting = (month + dt.timedelta(days=32)).replace(day=1), 0
    return sorted(made, key=lambda one: one.last, reverse=True)


def _measure_of(one: Entry) -> Measure | None:
    """By the name of the act: its words may be erased, and nothing that was told may change."""
    name = one.act.removeprefix(DECISION).replace(" ", "_")
    if not one.act.startswith(DECISION) or name not in Act.values:
        return None
    kind = acts.KINDS[Act(name)]
    if kind.is_on_person:
        return Measure.PERSON
    return Measure.MESSAGE if kind.restricts else Measure.NO_LIMIT


# --- the report of a quarter ----------------------------------------------------------------------------------------
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
    """The quarters that are over, from the one on in which the record begins, the newest first: also those in which
    nothing happened, or their absence would tell it."""
    this, made = _quarter(clock.today()), list[dt.date]()
    quarter = _quarter(found[0].month) if found else this
    while quarter < this:
        made.insert(0, quarter)
        quarter = _quarter(quarter + dt.timedelta(days=93))
    return made


def report(found: list[Entry], *, first: dt.date) -> Report:
    """The report of a quarter: the same whenever it is computed. Nothing is counted in two ways and there is no sum, so
    that no count under five follows from others: decisions are in the list, and so not here."""
    inside = [one for one in found if _quarter(one.month) == first]
    counts = {
        "reports": (Reason.values, Counter(str(o.said.get("reason")) for o in inside if o.act == "report")),
        "appeals": (Outcome.values, _named(inside, APPEAL)),
        "roles": (RoleChange.values, _named(inside, ROLE)),
        "requests": (Asked.values, _named(inside, REQUEST)),
        "changes": (Changed.values, _named(inside, CHANGED)),
    }
    tables = [
        Table(name=name, rows={row: band_of(counted[row]) for row in rows})
        for name, (rows, counted) in counts.items()
    ]
    return Report(first=first, tables=tables)


def last_quarter() -> tuple[dt.date, dt.date]:
    """The first day of the last quarter that is over, and the day after it."""
    before = _quarter(clock.today())
    return _quarter(before - dt.timedelta(days=1)), before


def counted(*, scope: str, first: dt.date, before: dt.date) -> tuple[int, int]:
    """How many reports and how many decisions a scope's record has in whole quarters: for its team, in rough words."""
    rows = AuditEntry.objects.filter(chain__scope=scope, acted_on__gte=first, acted_on__lt=before)
    return rows.filter(act="report").count(), rows.filter(act__startswith=DECISION).count()


def _named(found: list[Entry], kind: str) -> Counter[str]:
    return Counter(one.act.removeprefix(kind) for one in found if one.act.startswith(kind))


def band_of(count: int) -> Band:
    """A count as a band of five."""
    start = count - count % FLOOR
    return start, start + FLOOR - 1


def _quarter(day: dt.date) -> dt.date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
