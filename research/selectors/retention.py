"""How long a study keeps what it has of people, and what its team was told of that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from core import clock
from research.models import Reminder, Study
from research.selectors import studies

MONTH = 30  # days, of the months for which a study keeps what it has
BEFORE = (1, 7, 30, 60, 180)  # days before the end on which a reminder is due
ENOUGH = 2  # reminders that stood for a day at least: without them nothing goes


def kept_for(study: Study) -> dt.timedelta:
    """How long after its end a study keeps what it has, as people read before they said yes."""
    return dt.timedelta(days=MONTH * int(studies.settings_of(study)["retention_months"] or 0))


def day(study: Study) -> dt.date | None:
    """The day on which what a study keeps of people is to go. None before the study is over."""
    return study.closed_on + kept_for(study) if study.closed_on else None


def goes_on(study: Study) -> dt.date | None:
    """The day on which it goes, as the team is told once a reminder stands; later than planned where too few stood.
    None before that, and once it is gone."""
    planned, stood = day(study), _stood(study)
    if planned is None or study.data_gone_on or not stood:
        return None
    missing = max(0, ENOUGH - len(stood))
    ready = stood[min(ENOUGH, len(stood)) - 1] + dt.timedelta(days=1 + missing)
    return max(planned, ready, clock.today())


def may_go(study: Study) -> bool:
    """Whether the day has come, and the team could read so often before that it would."""
    planned = day(study)
    told = [one for one in _stood(study) if one < clock.today()]
    return planned is not None and planned <= clock.today() and len(told) >= ENOUGH


def due(study: Study) -> int | None:
    """Which reminder is to stand from today on, in days before the day. Of several that were missed only the last, and
    once the day has come those before it, one a day, until there are enough. None: none is."""
    planned, today = day(study), clock.today()
    if planned is None or today in _stood(study):
        return None
    there = set(Reminder.objects.filter(study=study).values_list("before", flat=True))
    begun = [before for before in BEFORE if planned - dt.timedelta(days=before) <= today]
    wanted = begun if planned <= today and len(there) < ENOUGH else begun[:1]
    return next((before for before in wanted if before not in there), None)


def _stood(study: Study) -> Sequence[dt.date]:
    return list(Reminder.objects.filter(study=study).order_by("stood_on").values_list("stood_on", flat=True))
