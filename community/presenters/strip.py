"""Who is here now, in plain words. It claims no cover that nobody is on the rota for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Group
from community.selectors import rota
from community.selectors.rota import Cover, Hours
from core import clock


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What the strip says: a headline, one more line or none, and whose clock the hours are on ('' if none)."""

    headline: str
    detail: str
    clock_of: str
    somebody_here: bool


def strip_for(group: Group) -> Strip:
    """The strip of a group right now, in one query at most."""
    moment = clock.now()
    cover = rota.cover(group=group, moment=moment)
    local = moment.astimezone(rota.zone_of(group))
    times = cover.until is not None and not cover.always
    return Strip(
        headline=_headline(group, cover, local),
        detail=_detail(group, cover),
        clock_of=place_of(group) if times or (not cover.on_duty and cover.next_start) else "",
        somebody_here=bool(cover.on_duty),
    )


def place_of(group: Group) -> str:
    """The place whose clock the group goes by: 'London' for Europe/London."""
    return group.time_zone.rpartition("/")[2].replace("_", " ")


def hours_in_words(hours: Hours) -> str:
    """'Monday 18:00 to 22:00', or both days where it goes on past the next noon."""
    if hours.ends - hours.starts >= 7 * rota.DAY:
        return _("All day, every day")
    first, start = divmod(hours.starts, rota.DAY)
    last, end = divmod(hours.ends, rota.DAY)
    words = {
        "day": weekday_name(first),
        "start": _clock(start),
        "last": weekday_name(last),
        "end": _clock(end),
    }
    if last == first or (last == first + 1 and end <= rota.DAY // 2):
        return _("%(day)s %(start)s to %(end)s") % words
    return _("%(day)s %(start)s to %(last)s %(end)s") % words


def weekday_name(weekday: int) -> str:
    """'Monday' for 0, in the reader's language."""
    return str(WEEKDAYS[weekday % 7])


def _headline(group: Group, cover: Cover, local: dt.datetime) -> str:
    if not group.moderated:
        return _("No moderators in this group.")
    if cover.always:
        return _("Someone from the team is here at all hours.")
    if cover.until is not None:
        return _("Someone from the team is here until %(time)s.") % {"time": _when(cover.until, local)}
    if cover.next_start is not None:
        return _("Nobody from the team is here until %(time)s.") % {"time": _when(cover.next_start, local)}
    if cover.has_rota:
        return _("Nobody from the team is here for now.")
    return _("The team looks in, but has no set hours.")


def _detail(group: Group, cover: Cover) -> str:
    if not group.moderated:
        return _professionals(group)
    if cover.on_duty and group.response_hours:
        hours = group.response_hours
        words = ngettext(
            "Replies usually within %(hours)s hour.", "Replies usually within %(hours)s hours.", hours
        )
        return words % {"hours": hours}
    return ""


def _professionals(group: Group) -> str:
    if not group.has_professionals:
        return _("No nurses, doctors or other paid helpers take part.")
    return group.professionals_note or _("Some nurses, doctors or other paid helpers take part.")


def _when(moment: dt.datetime, local: dt.datetime) -> str:
    """'22:00' within the next hours, 'tomorrow 19:00', 'Thursday 19:00', or with the date when it is far away."""
    then = moment.astimezone(local.tzinfo)
    time, days = then.strftime("%H:%M"), (then.date() - local.date()).days
    if days == 0 or (days == 1 and moment - local <= dt.timedelta(hours=6)):
        return time
    if days == 1:
        return _("tomorrow %(time)s") % {"time": time}
    if days < 7:
        return _("%(day)s %(time)s") % {"day": weekday_name(then.weekday()), "time": time}
    return _("%(day)s %(time)s") % {"day": formats.date_format(then, "l j F"), "time": time}


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
