"""Studies as a group has them: what asks, what runs, what ran, and how much there is room for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community.enums import Role, Visibility
from community.errors import NotHere
from community.models import Group
from community.selectors import here as places
from community.selectors.here import Here
from core import clock
from research.enums import Agreement, StudyState
from research.models import OutsideStudy, Study, StudyGroup, StudyLoad
from research.policies.studies import OPEN
from research.selectors import studies
from research.selectors.desks import Desk

BEFORE_OVER = (StudyState.APPROVED, *OPEN)
# Once a study has begun in a group, people there see it, and find the way out of it, though the group is asked again.
AGAIN = Q(state=Agreement.ASKED, answered_on__isnull=False, study__opened_on__isnull=False)
SAID_YES = Q(state__in=[Agreement.AGREED, Agreement.ENDED]) | AGAIN


@dataclass(frozen=True, kw_only=True)
class Hosted:
    """A study in a group, and its settings in force."""

    host: StudyGroup
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a group bears: what runs here, what is agreed and not begun, what ran, what others do, and its wishes."""

    running: Sequence[Hosted]
    agreed: Sequence[Hosted]
    ran: Sequence[Hosted]
    outside: Sequence[OutsideStudy]
    at_most: int
    none_until: dt.date | None


def load(group: Group) -> Load:
    """Everything of it, for every member alike."""
    rows = StudyGroup.objects.filter(SAID_YES, group=group)
    hosts = list(rows.select_related("study", "group").order_by("-answered_on", "id"))
    wishes = wishes_of(group)
    found = _hosted(hosts)
    here = [one for one in found if _goes_on(one.host)]
    return Load(
        running=[one for one in here if one.host.study.state in OPEN],
        agreed=[one for one in here if one.host.study.state not in OPEN],
        ran=[one for one in found if not _goes_on(one.host) and one.host.study.opened_on],
        outside=list(OutsideStudy.objects.filter(group=group).order_by("-ends_on", "id")),
        at_most=wishes.at_most,
        none_until=wishes.none_until if wishes.none_until and wishes.none_until > clock.today() else None,
    )


def wishes_of(group: Group) -> StudyLoad:
    """How many studies a group wants; one at once where it said nothing."""
    return StudyLoad.objects.filter(group=group).first() or StudyLoad(group=group)


def no_room(group: Group, *, study: Study) -> str:
    """Why a group takes no further study now, in a sentence for its team; empty where it would."""
    wishes, today = wishes_of(group), clock.today()
    if wishes.none_until and wishes.none_until > today:
        return _("This group wants no studies until %(day)s.") % {
            "day": date_format(wishes.none_until, "j F Y")
        }
    if not wishes.at_most:
        return _("This group wants no studies.")
    rows = StudyGroup.objects.filter(group=group, state=Agreement.AGREED, study__state__in=BEFORE_OVER)
    outside = OutsideStudy.objects.filter(group=group, begins_on__lte=today, ends_on__gte=today)
    if rows.exclude(study=study).count() + outside.count() >= wishes.at_most:
        return _("This group has a study already.")
    return ""


def askable(gid: str) -> Group:
    """A group that a researcher can ask. Raises NotHere: a hidden group is none until its own lead lets a study ask."""
    found = Group.objects.filter(public_id=gid).exclude(visibility=Visibility.HIDDEN).first()
    if found is None:
        raise NotHere
    return found


def known_groups(study: Study, *, gids: Sequence[str]) -> dict[str, Group]:
    """The groups among these that the team may know of: those anyone can find, and those that let it ask."""
    rows = Group.objects.filter(public_id__in=gids)
    let = set(study.hosts.values_list("group_id", flat=True))
    return {
        row.public_id: row
        for row in rows.order_by("name", "public_id")
        if row.visibility != Visibility.HIDDEN or row.pk in let
    }


def without_room(study: Study, *, gids: Sequence[str]) -> list[str]:
    """Of the groups that the team may know of, in sentences, those that take no further study now. One that this study
    asked already is none of them."""
    asked = set(study.hosts.values_list("group_id", flat=True))
    groups = [group for group in known_groups(study, gids=gids).values() if group.pk not in asked]
    found = [(group.name, no_room(group, study=study)) for group in groups]
    return [f"{name}: {reason}" for name, reason in found if reason]


def that_let_ask(study: Study) -> Sequence[Group]:
    """Hidden groups whose leads let a study ask."""
    rows = Group.objects.filter(visibility=Visibility.HIDDEN, pk__in=study.hosts.values("group"))
    return list(rows.order_by("name", "public_id"))


def asked(*, here: Here) -> Sequence[Hosted]:
    """What asks this group, or asked it before and can still be answered: for its leads. Raises NotHere."""
    if not here.is_lead:
        raise NotHere
    rows = StudyGroup.objects.filter(group=here.group, study__state__in=BEFORE_OVER)
    return _hosted(rows.select_related("study", "group").order_by("asked_on", "id"))


def how_many_ask(here: Here) -> int:
    """How many studies wait for this lead's answer."""
    if not here.is_lead:
        return 0
    rows = StudyGroup.objects.filter(group=here.group, state=Agreement.ASKED, study__state__in=BEFORE_OVER)
    return rows.count()


def groups_that_are_asked() -> Sequence[str]:
    """The public ids of all groups that a study waits for: whose they are, their leads find by their own tags."""
    rows = StudyGroup.objects.filter(state=Agreement.ASKED, study__state__in=BEFORE_OVER)
    gids = rows.order_by("group__public_id").values_list("group__public_id", flat=True)
    return list(gids.distinct())


def asked_where_i_lead(*, owner_tags: Sequence[bytes]) -> Sequence[Group]:
    """Of one's own groups those that one leads and that a study waits for."""
    mine = places.groups_of(owner_tags=owner_tags)
    return [member.group for member in mine if member.role == Role.LEAD]


def find_asked(*, here: Here, sid: str) -> Hosted:
    """One of those. Raises NotHere."""
    found = next((one for one in asked(here=here) if one.host.study.public_id == sid), None)
    if found is None:
        raise NotHere
    return found


def find_here(*, group: Group, sid: str) -> Hosted:
    """A study that this group said yes to, now or before, for its members. Raises NotHere: one that only asks is not
    there."""
    rows = StudyGroup.objects.filter(SAID_YES, group=group, study__public_id=sid)
    host = rows.select_related("study", "group").first()
    if host is None:
        raise NotHere
    return _hosted([host])[0]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A group of a study, as its team sees it. `group` is None for one that cannot be found, `host` before it was
    asked; `no_room` says why it cannot be asked now."""

    gid: str
    group: Group | None
    host: StudyGroup | None
    pair: int
    no_room: str


def of_study(*, desk: Desk) -> Sequence[Asked]:
    """The groups of a study, pair by pair."""
    study, settings = desk.study, studies.settings_of(desk.study)
    known = known_groups(study, gids=settings["groups"])
    hosts = {host.group.public_id: host for host in study.hosts.select_related("group")}
    found = []
    for gid in settings["groups"]:
        group, host = known.get(gid), hosts.get(gid)
        number = next((nth for nth, pair in enumerate(settings["pairs"], start=1) if gid in pair), 0)
        reason = no_room(group, study=study) if group and not host else ""
        found.append(Asked(gid=gid, group=group, host=host, pair=number, no_room=reason))
    return sorted(found, key=lambda one: one.pair)


def has_group(study: Study) -> bool:
    """Whether any group's yes to it holds now."""
    return study.hosts.filter(state=Agreement.AGREED).exists()


def in_the_open(study: Study) -> Sequence[StudyGroup]:
    """The groups that said yes, now or before, and that anybody can look up."""
    rows = StudyGroup.objects.filter(SAID_YES, study=study).exclude(group__visibility=Visibility.HIDDEN)
    return list(rows.select_related("group").order_by("group__name", "id"))


def runs_here(*, gid: str) -> bool:
    """Whether a study runs in a group now: one query, for a line that is the same for everybody."""
    rows = StudyGroup.objects.filter(group__public_id=gid, state=Agreement.AGREED, study__state__in=OPEN)
    return rows.exists()


def _goes_on(host: StudyGroup) -> bool:
    return host.state == Agreement.AGREED and host.study.state != StudyState.CLOSED


def _hosted(hosts: Iterable[StudyGroup]) -> list[Hosted]:
    rows = list(hosts)
    settings = studies.settings_of_all(host.study for host in rows)
    return [Hosted(host=host, settings=settings[host.study.pk]) for host in rows]
