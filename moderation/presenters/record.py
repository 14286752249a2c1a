"""The public record in words."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from moderation.enums import Asked, Changed, Measure, Outcome, Reason, RoleChange
from moderation.selectors import record
from moderation.selectors.record import Entry, Report

NAMES = {"reports": Reason, "appeals": Outcome, "roles": RoleChange, "requests": Asked, "changes": Changed}


def batches(found: list[Entry]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(what was decided, [(months, how many in words)]), the newest months first; without months where it was never
    five times."""
    made = record.batches(found)
    return [
        (
            str(measure.label),
            [(_months(one.first, one.last), _band(one.count)) for one in made if one.measure == measure],
        )
        for measure in Measure
    ]


def _months(start: dt.date, end: dt.date) -> str:
    first, last = date_format(start, "F Y"), date_format(end, "F Y")
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def report(found: list[Entry], *, first: dt.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tables of a quarter: (table, [(row, how many in words)]), without rows where each is under five."""
    titles = {
        "reports": _("Reports, by reason"),
        "appeals": _("Another look"),
        "roles": _("Who may do what"),
        "requests": _("Asking to come in"),
        "changes": _("What holds for everyone here"),
    }
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
