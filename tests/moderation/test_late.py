"""What waits longer than the group promises, in the hours in which it promises it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from chat.models import Thread
from community.models import Group, Shift
from community.selectors import rota
from core import clock
from tests.chat.saying import send
from tests.moderation.console import Desk
from tests.moderation.judging import report
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("since", "now", "is_late"),
    [
        ("2026-05-29T17:00", "2026-06-01T10:00", False),  # over a weekend: an hour on Friday, one on Monday
        ("2026-05-29T17:00", "2026-06-01T11:59", False),  # three whole ones in all: as promised
        ("2026-05-29T17:00", "2026-06-01T12:00", True),
        ("2026-06-01T10:00", "2026-06-02T08:59", True),  # Monday alone had eight
        ("2026-05-08T20:00", "2026-06-01T08:00", True),
    ],
)
def test_late_is_what_waits_longer_in_the_teams_hours(
    cast: Cast, thread: Thread, since: str, now: str, is_late: bool
) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(response_hours=3)
    for day, ends in ((0, 18), (0, 16), (4, 18)):  # two at once count once
        Shift.objects.create(
            group=cast.harbour,
            member=cast.mona.member(cast.harbour),
            weekday=day,
            starts=dt.time(9),
            ends=dt.time(ends),
        )
    with clock.held_at(dt.datetime.fromisoformat(f"{since}+00:00")):
        made = report(cast.bob, send(cast.alice, thread)).case
    with clock.held_at(dt.datetime.fromisoformat(f"{now}+00:00")):
        page = Desk(cast.mona, made).page()
    assert ("Longer than we promise" in page) is is_late


def test_hours_over_midnight_between_weeks_count_once_and_by_the_groups_clock() -> None:
    week = [rota.Hours(starts=0, ends=8 * 60), rota.Hours(starts=6 * 1440 + 22 * 60, ends=7 * 1440 + 6 * 60)]
    zone = ZoneInfo("Europe/Berlin")
    since, until = (dt.datetime(2026, 6, day, hour, tzinfo=zone) for day, hour in ((7, 23), (8, 7)))
    assert rota.hours_within(week=week, zone=zone, since=since, until=until) == dt.timedelta(hours=8)
    since = dt.datetime(2026, 6, 8, 5, tzinfo=zone)
    assert rota.hours_within(week=week, zone=zone, since=since, until=until) == dt.timedelta(hours=2)
