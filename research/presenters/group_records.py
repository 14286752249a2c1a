"""What the groups of a study published of themselves while it ran: beside its figures, and no finer than there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from core import clock
from moderation.presenters import record as presenters
from moderation.selectors import record
from research.enums import Unit
from research.selectors import hosting
from research.selectors.desks import Desk

LONGEST = dt.timedelta(days=92)  # a quarter
TABLES = 2  # of a report: reports by reason, and what became of them where somebody asked for another look

Words = Sequence[tuple[str, Sequence[tuple[str, str]]]]  # (table, [(row, how many in words)])


def of_groups(*, desk: Desk) -> list[tuple[str, str, Words]]:
    """(group, quarter, its tables), for every whole quarter since the study opened. Of groups alone that anybody can
    look up; and not for who may not know versions where whole groups have them: a group is known by its figures."""
    study = desk.study
    if study.opened_on is None or (study.unit == Unit.GROUP and not desk.sees_versions):
        return []
    found: list[tuple[str, str, Words]] = []
    for host in hosting.in_the_open(study):
        entries = record.entries(scope=host.group.public_id, before=clock.this_month())
        for first in record.quarters(entries):
            if first + LONGEST > study.opened_on:
                tables = presenters.report(entries, first=first)[:TABLES]
                found.append((host.group.name, presenters.quarter_words(first), tables))
    return found
