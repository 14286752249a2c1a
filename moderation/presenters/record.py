"""The public record in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Group
from community.selectors import charters
from core import clock
from moderation.enums import Act, Outcome, Reason, Scope
from moderation.selectors import record
from moderation.selectors.record import Entry, Line, Report

REACH = {
    Scope.MESSAGE: gettext_lazy("one message"), Scope.THREAD: gettext_lazy("one talk"),
    Scope.GROUP: gettext_lazy("the whole group"), Scope.SITE: gettext_lazy("the whole site"),
}  # fmt: skip
NAMES = {"reports": Reason, "decisions": Act, "appeals": Outcome}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One decision: what was done, how far it reaches, the line of the promise, and what else is to be known."""

    act: str
    reach: str
    rule: str
    marks: list[str]


def batches(found: list[Entry], *, group: Group) -> list[tuple[str, list[Told]]]:
    """(months, decisions), the newest first. Months after the first of which nothing can be told have none."""
    rules = dict(charters.ordered_rules(charters.current(group=group)))
    shown: list[tuple[str, list[Told]]] = []
    later = clock.this_month()
    for one in record.batches(found):
        gap = (one.last + dt.timedelta(days=32)).replace(day=1)
        if gap < later:
            shown.append((_months(gap, later - dt.timedelta(days=1)), []))
        shown.append((_months(one.first, one.last), [_told(line, rules) for line in one.lines]))
        later = one.first
    return shown


def _months(start: dt.date, end: dt.date) -> str:
    first, last = date_format(start, "F Y"), date_format(end, "F Y")
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _told(line: Line, rules: dict[str, str]) -> Told:
    marks = []
    if line.days:
        marks.append(_("for %(n)s days") % {"n": line.days})
    if line.by_machine:
        marks.append(_("a machine pointed it out, a person decided"))
    if line.alone:
        marks.append(_("decided by one person alone, looked at again within 14 days"))
    if line.is_undone:
        marks.append(_("undone later"))
    return Told(
        act=str(Act(line.act).label) if line.act in Act.values else "",
        reach=str(REACH[Scope(line.scope)]) if line.scope in Scope.values else "",
        rule=rules.get(line.rule, ""),
        marks=marks,
    )


def report(found: list[Entry], *, first: dt.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tables of a quarter: (table, [(row, how many in words)]), without rows where each is under five."""
    titles = {"reports": _("Reports, by reason"), "decisions": _("Decisions"), "appeals": _("Another look")}
    made: Report = record.report(found, first=first)
    return [
        (
            titles[table.name],
            [(str(NAMES[table.name](row).label), _band(band)) for row, band in table.rows.items()]
            if any(start for start, _end in table.rows.values())
            else [],
        )
        for table in made.tables
    ]


def quarter_words(first: dt.date) -> str:
    """A quarter as people say it."""
    last = (first.replace(day=28) + dt.timedelta(days=66)).replace(day=1) - dt.timedelta(days=1)
    return f"{date_format(first, 'F')} to {date_format(last, 'F Y')}"


def _band(band: tuple[int, int]) -> str:
    start, end = band
    return _("fewer than five") if start == 0 else _("%(start)s to %(end)s") % {"start": start, "end": end}
