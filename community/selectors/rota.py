"""Who from the team is here, by the rota and "I'm off duty" alone: nobody's presence is ever watched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from community import duty_addresses, policies
from community.enums import TEAM
from community.models import Group, Member, OffDuty, Persona, Shift
from community.selectors.here import Here
from core import clock
from core.prepared import Prepared

MORNING = dt.time(6)
DAYS_AHEAD = 15  # everybody away for a week still leaves the next shift in sight
ALWAYS = dt.timedelta(days=7)
DAY = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Span:
    """Hours that one member of the team is here for, in UTC."""

    member: Member
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Who is here at a moment, until when somebody is here without a gap, and when somebody is here next.

    `always`: no gap is in sight. `has_rota` is False where nobody has hours at all.
    """

    on_duty: Sequence[Member]
    until: dt.datetime | None
    always: bool
    next_start: dt.datetime | None
    has_rota: bool


@dataclass(frozen=True, kw_only=True)
class Hours:
    """One stretch of cover in a week, in minutes from Monday 00:00 in the group's time zone. It says not whose."""

    starts: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class TeamShift:
    """One shift and the name its holder has here ('' for one who has none)."""

    shift: Shift
    handle: str
    mine: bool


@dataclass(frozen=True, kw_only=True)
class Rota:
    """The rota as the one who looks may see it: members see hours, the team its own shifts, a lead all of them.

    `names` are (public id, handle) of those whom a lead can give a shift.
    """

    hours: Sequence[Hours]
    shifts: Sequence[TeamShift]
    names: Sequence[tuple[str, str]]
    away_until: dt.datetime | None


def zone_of(group: Group) -> ZoneInfo:
    """The group's time zone: every hour of the rota is in it."""
    return ZoneInfo(group.time_zone)


def next_morning(*, group: Group, moment: dt.datetime) -> dt.datetime:
    """The next time that it is 6 in the morning there: after midnight that is the same day."""
    local = moment.astimezone(zone_of(group))
    day = local.date() + dt.timedelta(days=local.time() >= MORNING)
    return dt.datetime.combine(day, MORNING, tzinfo=local.tzinfo)


def cover(*, group: Group, moment: dt.datetime) -> Cover:
    """The cover of a group at a moment, in one query. An unmoderated group has none, whatever its rota says."""
    shifts = _with_off_duty(group=group.pk) if group.moderated else []
    spans = sorted(_spans(shifts, zone_of(group), moment), key=lambda span: span.starts)
    current = [span for span in spans if span.starts <= moment < span.ends]
    until = _end_of_chain(spans, moment) if current else None
    return Cover(
        on_duty=list({span.member.pk: span.member for span in current}.values()),
        until=until,
        always=until is not None and until - moment >= ALWAYS,
        next_start=min((span.starts for span in spans if span.starts > moment), default=None),
        has_rota=bool(shifts),
    )


def on_duty(*, group: Group, moment: dt.datetime) -> Sequence[Member]:
    """The members of the team who are here at a moment."""
    return cover(group=group, moment=moment).on_duty


def rota(*, here: Here) -> Rota:
    """What somebody in the group may see of its rota."""
    policies.require("see_rota", here)
    shifts = list(_shifts(here.group).order_by("weekday", "starts", "ends", "id"))
    shown = [shift for shift in shifts if here.is_lead or (here.is_team and _is_mine(shift, here))]
    handles = _handles(shift.member_id for shift in shown)
    away = OffDuty.objects.filter(member=here.member, until__gt=clock.now()).first() if here.is_team else None
    return Rota(
        hours=_merged(shifts),
        shifts=[
            TeamShift(shift=shift, handle=handles.get(shift.member_id, ""), mine=_is_mine(shift, here))
            for shift in shown
        ],
        names=names_of_team(here=here),
        away_until=away.until.astimezone(zone_of(here.group)) if away else None,
    )


def hours_of(*, group: Group) -> Sequence[Hours]:
    """The hours of a group's rota, for anyone who may see the group."""
    return _merged(_shifts(group)) if group.moderated else []


def names_of_team(*, here: Here) -> Sequence[tuple[str, str]]:
    """(public id, handle) of the others on the team who have a name here: whom a lead can give a shift."""
    if not here.is_lead:
        return []
    rows = Persona.objects.filter(member__in=_team(here.group), is_current=True).exclude(member=here.member)
    return list(rows.order_by("handle").values_list("public_id", "handle"))


def duty_address(*, here: Here) -> tuple[str, bool]:
    """One's own address for mails in one's hours, empty for none, and whether it waits for its code."""
    return duty_addresses.own(member=here.member) if here.is_team else ("", False)


def has_team(*, group: Group) -> bool:
    """Whether anybody is on the team of a group, with hours or without."""
    return _team(group).exists()


def team_size(*, group: Group) -> int:
    """How many are on the team of a group."""
    return _team_size.first(group=group.pk) or 0


def hours_within(
    *, week: Sequence[Hours], zone: ZoneInfo, since: dt.datetime, until: dt.datetime
) -> dt.timedelta:
    """How much of the time between two moments lies in the hours of a week."""
    first = since.astimezone(zone).date()
    begin = dt.datetime.combine(first - dt.timedelta(days=first.weekday() + 7), dt.time())
    weeks = (until - since).days // 7 + 3  # hours may begin in the week before, and end in the week after
    starts_at = (begin + dt.timedelta(days=7 * n) for n in range(weeks))
    found, counted_to = dt.timedelta(), since
    for monday in starts_at:
        for one in week:
            starts, ends = (
                (monday + dt.timedelta(minutes=at)).replace(tzinfo=zone).astimezone(dt.UTC)
                for at in (one.starts, one.ends)
            )
            starts, ends = max(starts, counted_to), min(ends, until)
            if starts < ends:
                found, counted_to = found + (ends - starts), ends
    return found


def hours_of_shift(shift: Shift) -> Hours:
    """When in the week a shift is."""
    starts = shift.weekday * DAY + shift.starts.hour * 60 + shift.starts.minute
    ends = shift.weekday * DAY + shift.ends.hour * 60 + shift.ends.minute
    return Hours(starts=starts, ends=ends if ends > starts else ends + DAY)


def own_shift_end(*, here: Here, moment: dt.datetime) -> dt.datetime | None:
    """When this member's shift ends: the one they are in, or else the first that starts later the same day."""
    zone = zone_of(here.group)
    spans = _spans(_shifts(here.group).filter(member=here.member), zone, moment)
    today = moment.astimezone(zone).date()
    left = [
        (span.starts, span.ends)
        for span in spans
        if span.ends > moment and (span.starts <= moment or span.starts.astimezone(zone).date() == today)
    ]
    return min(left)[1] if left else None


def _team(group: Any) -> QuerySet[Member]:
    """Whoever is kept out goes from here at midnight: hours that vanish with a decision would say who it was about."""
    return Member.objects.filter(group=group, role__in=TEAM, off_rota=False)


def _shifts(group: Any) -> QuerySet[Shift]:
    return Shift.objects.filter(group=group, member__in=_team(group)).select_related("member")


_with_off_duty = Prepared(lambda group: _shifts(group).select_related("member__off_duty"))
_team_size = Prepared(
    lambda group: _team(group).order_by().values("group").annotate(n=Count("pk")).values_list("n", flat=True)
)


def _is_mine(shift: Shift, here: Here) -> bool:
    return bool(shift.member_id == here.member.pk)


def _handles(member_ids: Iterable[int]) -> dict[int, str]:
    rows = Persona.objects.filter(member_id__in=set(member_ids), is_current=True)
    return dict(rows.values_list("member_id", "handle"))


def _spans(shifts: Iterable[Shift], zone: ZoneInfo, moment: dt.datetime) -> Iterator[Span]:
    """Every stretch of duty from yesterday on. A time that the clocks skip is taken as if they had not; of one
    that comes twice, the first is meant: cover is never said to last longer than planned."""
    yesterday = moment.astimezone(zone).date() - dt.timedelta(days=1)
    for shift in shifts:
        away = getattr(shift.member, "off_duty", None)
        for ahead in range(DAYS_AHEAD + 2):
            day = yesterday + dt.timedelta(days=ahead)
            if day.weekday() != shift.weekday:
                continue
            last = day if shift.ends > shift.starts else day + dt.timedelta(days=1)
            starts, ends = _at(day, shift.starts, zone), _at(last, shift.ends, zone)
            if away is not None:
                starts = max(starts, away.until)
            if starts < ends:
                yield Span(member=shift.member, starts=starts, ends=ends)


def _at(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)


def _end_of_chain(spans: Iterable[Span], moment: dt.datetime) -> dt.datetime:
    end = moment
    for span in spans:  # by start
        if span.starts <= end < span.ends:
            end = span.ends
    return end


def _merged(shifts: Iterable[Shift]) -> Sequence[Hours]:
    merged: list[Hours] = []
    for hours in sorted(map(hours_of_shift, shifts), key=lambda hours: (hours.starts, hours.ends)):
        if merged and hours.starts <= merged[-1].ends:
            before = merged.pop()
            merged.append(Hours(starts=before.starts, ends=max(before.ends, hours.ends)))
        else:
            merged.append(hours)
    return merged
