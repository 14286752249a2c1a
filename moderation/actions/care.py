"""Changing how a group is looked after. Each change is on the record, and what slows people down has an end."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from community.errors import NotHere
from community.models import Group
from community.selectors import here as places
from community.selectors.here import Here
from core import clock
from moderation.actions import queue
from moderation.enums import Checking, OffHours
from moderation.models import GroupCare, SlowThread


@transaction.atomic
def check_first(*, here: Here, checking: Checking, first_messages: int) -> None:
    """Say whose messages are checked before they appear. Leads alone. Raises NotHere."""
    _lead(here)
    _change(here.group, checking=checking, first_messages=first_messages)
    payload = {"checking": str(checking), "first messages": first_messages}
    queue.record(group=here.group, act="checked first", role=queue.LEAD, payload=payload)


@transaction.atomic
def off_hours(*, here: Here, off_hours: OffHours) -> None:
    """Say what is other for newcomers while nobody of the team is here. Leads alone. Raises NotHere."""
    _lead(here)
    _change(here.group, off_hours=off_hours)
    payload = {"off hours": str(off_hours)}
    queue.record(group=here.group, act="off hours", role=queue.LEAD, payload=payload)


@transaction.atomic
def folds(*, here: Here, by_leaders: bool, about_me: bool) -> None:
    """Say who can fold a message while nobody of the team is here: peer leaders, whom it is about. What is folded stays
    so until the team has looked. Leads alone. Raises NotHere."""
    _lead(here)
    _change(here.group, leaders_fold=by_leaders, about_me_folds=about_me)
    payload = {"by peer leaders": by_leaders, "about me": about_me}
    queue.record(group=here.group, act="folds", role=queue.LEAD, payload=payload)


@transaction.atomic
def name_outside_person(*, here: Here, name: str) -> None:
    """Say who looks where the whole team is part of it. Leads alone; the record says that it changed, not who it is.
    Raises NotHere."""
    _lead(here)
    _change(here.group, outside_person=name)
    queue.record(group=here.group, act="outside person named", role=queue.LEAD)


@transaction.atomic
def slow_group(*, here: Here, minutes: int, hours: int) -> None:
    """Let everybody wait so many minutes between two messages, for so many hours; 0 minutes ends it. Raises NotHere."""
    _team(here)
    _change(here.group, minutes_between=minutes, slow_until=_end(hours) if minutes else None)
    _record_slow(here, "group", minutes, hours)


@transaction.atomic
def slow_thread(*, here: Here, place: str, minutes: int, hours: int) -> None:
    """The same in one thread, by its public id. Whoever calls has found it in this group. Raises NotHere."""
    _team(here)
    if minutes:
        now = {"group": here.group, "minutes_between": minutes, "until": _end(hours)}
        SlowThread.objects.update_or_create(place=place, defaults=now)
    else:
        SlowThread.objects.filter(group=here.group, place=place).delete()
    _record_slow(here, "talk", minutes, hours)


def drop_ended() -> None:
    """Forget what no longer slows anybody. Due work."""
    SlowThread.objects.filter(until__lte=clock.now()).delete()
    GroupCare.objects.filter(slow_until__lte=clock.now()).update(minutes_between=0, slow_until=None)


def _end(hours: int) -> dt.datetime:
    """A full hour: no row says at which minute somebody pressed a button."""
    return clock.this_hour() + dt.timedelta(hours=hours + 1)


def _lead(here: Here) -> None:
    queue.lock(group=here.group)
    if not places.again(here).is_lead:
        raise NotHere


def _team(here: Here) -> None:
    queue.lock(group=here.group)
    if not places.again(here).is_team:
        raise NotHere


def _change(group: Group, **now: object) -> None:
    GroupCare.objects.update_or_create(group=group, defaults=now)


def _record_slow(here: Here, what: str, minutes: int, hours: int) -> None:
    act = f"{what} slowed down" if minutes else f"{what} no longer slow"
    payload = {"minutes": minutes, "hours": hours if minutes else 0}
    queue.record(group=here.group, act=act, payload=payload)
