"""What happens to a report, in plain words: before it is sent, and while one waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Group
from community.presenters.strip import Strip, strip_for
from community.selectors import rota
from community.selectors.here import Here
from moderation.enums import WORRIES
from moderation.policies import judges
from moderation.selectors import reports
from moderation.selectors.reports import Mine


@dataclass(frozen=True, kw_only=True)
class Next:
    """Who reads a report and when: the truth of the rota, never more."""

    readers: str
    strip: Strip
    usually: str
    instead: str


def what_happens(here: Here, *, is_worry: bool) -> Next:
    """What somebody should know before they send. Nobody judges what they report; a worry is open to them, too."""
    group = here.group
    outside = reports.outside_person(group=group)
    has_team = rota.has_team(group=group)
    name = {"name": outside or _("who runs this place")}
    if not is_worry and [one.member for one in judges.judges(group=group)] == [here.member]:
        readers = _("You look after this group alone. So %(name)s reads it, from outside the group.") % name
        return Next(readers=readers, strip=strip_for(group), usually="", instead="")
    strip = strip_for(group)
    if is_worry and not strip.somebody_here:  # who worries waits for no team
        instead = _(
            "It could be that nobody from the team sees it before they come. So please do not wait for us."
        )
    elif is_worry or not has_team:
        instead = ""
    else:
        instead = _("Is all of the team part of it? Then %(name)s looks instead.") % name
    usually = _usually(group) if has_team else ""
    readers = _readers(has_team=has_team, outside=outside)
    if is_worry and has_team:
        readers = _("It goes to the team of this group. Who wrote the message does not see it.")
    return Next(readers=readers, strip=strip, usually=usually, instead=instead)


def _readers(*, has_team: bool, outside: str) -> str:
    if has_team:
        return _("The team of this group reads it. Who wrote the message does not.")
    if outside:
        return _("This group has no team. %(name)s reads it.") % {"name": outside}
    return _("This group has no team. We keep it, but it may take long until someone reads it.")


def _usually(group: Group) -> str:
    hours = group.response_hours
    if not hours:
        return ""
    words = ngettext(
        "When the team is here, it looks within %(n)s hour.",
        "When the team is here, it looks within %(n)s hours.",
        hours,
    )
    return words % {"n": hours}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One's own report. `mark` finds it again on the page; `steps` are (words, whether it has come so far)."""

    mark: str
    mine: Mine
    steps: list[tuple[str, bool]]
    outcome: str
    is_asked: bool


def line(mine: Mine, *, mark: str) -> Line:
    """Where a report stands: what was done to whom is nobody's but theirs."""
    report = mine.report
    is_over = mine.acted is not None
    return Line(
        mark=mark,
        mine=mine,
        steps=[
            (_("We have it"), True),
            (_("Someone has looked"), is_over or mine.is_taken),
            (_("It is decided"), is_over),
        ],
        outcome=_outcome(mine),
        is_asked=bool(report.question and not report.answer and not is_over),
    )


def _outcome(mine: Mine) -> str:
    if mine.acted is None:
        return _("We look at it once more.") if mine.looked_twice else ""
    is_worry = mine.report.case.is_worry or mine.report.reason in WORRIES
    if mine.acted:
        return (
            _("Someone took care of it. Thank you for looking out for them.")
            if is_worry
            else _("We acted: it did not fit the group promise. What we did is between us and them.")
        )
    if mine.looked_twice:
        return _("We looked twice. In the end we left things as they are.")
    if is_worry:
        return _("The team has looked at it. Thank you for looking out for them. It was right to tell us.")
    return _("We did not act: it fits the group promise as it stands. It was right to tell us.")
