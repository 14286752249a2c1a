"""What waits for a team, in words: as it stands in the list and on its own page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from community.selectors.rota import Hours, hours_within, zone_of
from core import clock
from moderation.acts import ANSWER_DAYS
from moderation.enums import CALL, Act, CaseKind, CaseState, Kind
from moderation.models import Case, Decision, Worry
from moderation.selectors import cases, worries


@dataclass(frozen=True, kw_only=True)
class Row:
    """Something that waits. `is_late`: longer than the group promises. `holder` is empty where nobody has it.
    `was_undone`: it waits again, because a decision about it was taken back. Of a worry: whether somebody is in danger,
    nobody wrote yet, how often they wrote more since, whether the team wrote and has to look in again, a colleague is
    asked, and when the team looks again, while it rests until then."""

    public_id: str
    what: str
    age: str
    is_late: bool
    is_worry: bool
    is_mine: bool
    holder: str
    has_earlier: bool
    was_undone: bool
    in_danger: bool = False
    is_unanswered: bool = False
    is_answered: bool = False
    more: int = 0
    is_back: bool = False
    asks: bool = False
    comes_back: str = ""


def row(case: Case, *, is_mine: bool, has_earlier: bool, week: Sequence[Hours]) -> Row:
    """One thing that waits: the same to everybody for whom these two are the same. `week`: the team's hours."""
    is_appeal = case.kind == CaseKind.APPEAL
    promised = ANSWER_DAYS * 24 if is_appeal else case.group.response_hours
    return Row(
        public_id=case.public_id,
        what=what(case),
        age=_age(case, promised=promised, in_days=is_appeal),
        is_late=bool(promised) and (_hours(case) if is_appeal else _team_hours(case, week)) > promised,
        is_worry=case.is_worry,
        is_mine=is_mine,
        holder=_holder(case, is_mine=is_mine),
        has_earlier=has_earlier,
        was_undone=case.state == CaseState.OPEN and bool(case.decisions.all()),
        **_care(case),
    )


def _care(case: Case) -> dict[str, Any]:
    """How a worry stands, for the list."""
    if not case.is_worry or case.state != CaseState.OPEN:
        return {}
    worry = getattr(case, "worry", None) or worries.of(case)
    return {
        "in_danger": worry.in_danger,
        "is_unanswered": not worries.has_written(worry),
        "is_answered": worry.is_answered,
        "more": worry.more,
        "is_back": not worry.is_answered and not worry.more and worries.has_written(worry),
        "asks": worry.asks,
        "comes_back": _comes_back(worry, case) if worries.rests(worry) else "",
    }


def _comes_back(worry: Worry, case: Case) -> str:
    """When the team looks again, by the group's clock; with its hour, where that is less than a day away."""
    assert worry.check_at is not None
    is_near = worry.check_at - clock.now() < dt.timedelta(days=1)
    return date_format(worry.check_at.astimezone(zone_of(case.group)), "l j F, H:i" if is_near else "l j F")


def what(case: Case) -> str:
    """Why it waits: the reason, or that somebody asks for another look."""
    if case.kind == CaseKind.APPEAL:
        return gettext("Someone asks us to look again")
    if case.noticed == Kind.WORRY:
        return gettext("Words of worry")
    return str(case.get_reason_display())


def until(case: Case) -> str:
    """The time by the group's clock when it is nobody's again."""
    assert case.lease_until is not None
    return case.lease_until.astimezone(zone_of(case.group)).strftime("%H:%M")


def _hours(case: Case) -> int:
    """Whole hours since the hour began from which it waits: up to one more than it does."""
    return int((clock.now() - case.since).total_seconds() // 3600)


def _team_hours(case: Case, week: Sequence[Hours]) -> int:
    """The same in the team's hours alone, as the promise is made to members; where it has none, all hours count."""
    if not week:
        return _hours(case)
    passed = hours_within(week=week, zone=zone_of(case.group), since=case.since, until=clock.now())
    return int(passed.total_seconds() // 3600)


def _age(case: Case, *, promised: int, in_days: bool) -> str:
    """Since when it waits, as far as is known: times are kept by the hour."""
    hours = _hours(case)
    if hours < 1:
        waits = gettext("new in this hour")
    elif hours < 48:
        waits = gettext("waiting since %(hour)s") % {"hour": hour_of(case.since, case)}
    else:
        waits = gettext("waiting for about %(n)s days") % {"n": hours // 24}
    if not promised:
        return waits
    if in_days:
        said = ngettext("we promise %(n)s day", "we promise %(n)s days", promised // 24)
    else:  # as members read it
        said = ngettext(
            "in team hours we mostly answer within %(n)s hour",
            "in team hours we mostly answer within %(n)s hours",
            promised,
        )
    return f"{waits}, {said % {'n': promised // 24 if in_days else promised}}"


def hour_of(at: dt.datetime, case: Case) -> str:
    """The hour in which something was, by the group's clock; with its day, where that is another."""
    zone = zone_of(case.group)
    begins, now = at.astimezone(zone), clock.now().astimezone(zone)
    between = {"from": begins.strftime("%H:%M"), "to": (begins + dt.timedelta(hours=1)).strftime("%H:%M")}
    if begins.date() == now.date():
        return gettext("between %(from)s and %(to)s") % between
    day = date_format(begins, "l j F")
    return gettext("%(day)s, between %(from)s and %(to)s") % (between | {"day": day})


def _holder(case: Case, *, is_mine: bool) -> str:
    if not cases.is_held(case):
        return ""
    words = gettext("Yours until %(time)s") if is_mine else gettext("A colleague has this until %(time)s")
    return words % {"time": until(case)}


@dataclass(frozen=True, kw_only=True)
class Said:
    """Something said in a copy: who by, as a letter, and what."""

    letter: str
    text: str
    is_subject: bool


def said(case: Case, *, see: Callable[[str], str]) -> list[Said]:
    """The copy with letters for names. `see` puts out of sight what was not asked for."""
    letters = cases.letters(case)
    return [
        Said(letter=letters[line["by"]], text=see(line["text"]), is_subject=line["is_subject"])
        for line in case.context
        if case.subject_kind == CALL or "after" not in line
    ]


@dataclass(frozen=True, kw_only=True)
class Done:
    """A decision in words. `is_told`: they are told if it is undone."""

    public_id: str
    case_id: str
    what: str
    act: str
    day: str
    rule: str
    facts: str
    undone_because: str
    is_told: bool
    is_a_note: bool


def undone(decision: Decision, *, waits: bool) -> str:
    """What became of a decision that was just taken back: no more than is true."""
    if decision.restricts:
        said = gettext("Undone. They are told, and all is as it was.")
    elif decision.act == Act.NOTE:
        said = gettext("Undone. The note stays with them: they may have read it.")
    else:
        said = gettext("Undone. Nobody is told, because nothing was done.")
    return f"{said} {gettext('It waits again.')}" if waits else said


def act_of(decision: Decision) -> str:
    """What was done, and for how long."""
    act = str(Act(decision.act).label)
    if not decision.days:
        return act
    days = ngettext("%(n)s day", "%(n)s days", decision.days) % {"n": decision.days}
    return f"{act}, {days}"


def done(decision: Decision, *, rule: str = "") -> Done:
    """A decision as the team reads it: never whose it was."""
    return Done(
        public_id=decision.public_id,
        case_id=decision.case.public_id,
        what=what(decision.case),
        act=act_of(decision),
        day=date_format(decision.decided_on, "j F"),
        rule=rule,
        facts=decision.facts,
        undone_because=decision.undone_because,
        is_told=decision.restricts,
        is_a_note=decision.act == Act.NOTE,
    )
