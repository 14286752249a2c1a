"""Who is on duty now, in plain words. It claims no cover that nobody is on the rota for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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
    """What the strip says: a headline (and the same for one line on a phone), one more line or none, and whether
    somebody of the team is here."""

    headline: str
    short: str
    detail: str
    somebody_here: bool


def strip_for(group: Group) -> Strip:
    """The strip of a group right now, in one query; in two where nobody has hours."""
    moment = clock.now()
    cover = rota.cover(group=group, moment=moment)
    local = moment.astimezone(rota.zone_of(group))
    headline, short = _headline(group, cover, local)
    return Strip(
        headline=headline,
        short=short,
        detail=_detail(group, cover),
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
    if _is_of_one_day(hours):
        return _("%(day)s %(start)s to %(end)s") % words
    return _("%(day)s %(start)s to %(last)s %(end)s") % words


def week_in_words(week: Sequence[Hours]) -> Sequence[str]:
    """A week's hours, with equal days that follow each other in one line: 'Monday to Friday, 19:00 to 22:00'."""
    runs: list[tuple[Hours, Hours]] = []  # the first and the last of equal days
    for hours in week:
        before = Hours(starts=hours.starts - rota.DAY, ends=hours.ends - rota.DAY)
        found = next((at for at, run in enumerate(runs) if run[1] == before), None)
        if found is None or not _is_of_one_day(hours):
            runs.append((hours, hours))
        else:
            runs[found] = (runs[found][0], hours)
    return [_run_in_words(first, last) for first, last in runs]


def weekday_name(weekday: int) -> str:
    """'Monday' for 0, in the reader's language."""
    return str(WEEKDAYS[weekday % 7])


def _headline(group: Group, cover: Cover, local: dt.datetime) -> tuple[str, str]:
    """Who is on duty: in a sentence, and in a few words."""
    if not group.moderated:
        if size := rota.team_size(group=group):
            return _no_hours(size)
        return _("No moderators in this group."), _("No moderators here")
    if cover.always:
        return _("Someone from the team is on duty at all hours."), _("Team on duty at all hours")
    if cover.until is not None:
        until = _until(group, cover.until, local)
        return _("Someone from the team is on duty until %(time)s (%(place)s time).") % until, _(
            "Team on duty until %(time)s (%(place)s)"
        ) % until
    if cover.next_start is not None:
        until = _until(group, cover.next_start, local)
        return _("Nobody from the team is on duty until %(time)s (%(place)s time).") % until, _(
            "No team on duty until %(time)s (%(place)s)"
        ) % until
    return _without_hours(group, cover)


def _until(group: Group, moment: dt.datetime, local: dt.datetime) -> dict[str, str]:
    """Until when, and on whose clock."""
    return {"time": _when(moment, local), "place": place_of(group)}


def _without_hours(group: Group, cover: Cover) -> tuple[str, str]:
    if cover.has_rota:
        return _("Nobody from the team is on duty for now."), _("No team on duty for now")
    size = rota.team_size(group=group)
    if size == 1:
        return _no_hours(size)
    if size:
        return _("The team looks in, but has no set hours."), _("Team has no set hours")
    return _("There is nobody from the team yet."), _("No team yet")


def _no_hours(size: int) -> tuple[str, str]:
    """Who looks after a group in which nobody keeps hours, by how many they are."""
    if size == 1:
        return _("One person looks after this group, and keeps no hours."), _("One person, no set hours")
    return _("A few people look after this group, and keep no hours."), _("A few people, no set hours")


def who_looks_after(group: Group) -> str:
    """Who looks after a group, in a sentence; empty where nobody does and it is unmoderated."""
    size = rota.team_size(group=group)
    if group.moderated:
        return [_("Nobody yet."), _("One person.")][size] if size < 2 else _("Moderators.")
    return _no_hours(size)[0] if size else ""


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


def _is_of_one_day(hours: Hours) -> bool:
    """Whether one day's name will do: it ends that day, or in the night or morning after."""
    return hours.ends <= (hours.starts // rota.DAY + 1) * rota.DAY + rota.DAY // 2


def _run_in_words(first: Hours, last: Hours) -> str:
    days = (last.starts - first.starts) // rota.DAY + 1
    if days == 1:
        return hours_in_words(first)
    words = {
        "day": weekday_name(first.starts // rota.DAY),
        "last": weekday_name(last.starts // rota.DAY),
        "start": _clock(first.starts),
        "end": _clock(first.ends),
    }
    if days >= 7:
        return _("Every day, %(start)s to %(end)s") % words
    if days == 2:
        return _("%(day)s and %(last)s, %(start)s to %(end)s") % words
    return _("%(day)s to %(last)s, %(start)s to %(end)s") % words


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
