"""Researchers in a group: for which study, and what was read, as everyone there may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from community.enums import Role
from community.errors import NotHere
from community.models import Group, Persona
from community.selectors.here import Here
from core import clock
from research import policies
from research.enums import Agreement, StudyRole
from research.models import Colleague, Presence, Seat, StudyGroup
from research.policies import Desk
from research.policies.studies import OPEN, is_on_in
from research.selectors import desks, parts, studies
from research.selectors.desks import KeyOf

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Seated:
    """A researcher's own place in a group. `reads`: talks open to them now. `choices` are the other studies here that
    they work on and may sit in for."""

    seat: Seat | None
    choices: Sequence[Desk]
    reads: bool = False


def own(*, here: Here, key_of: KeyOf) -> Seated:
    """One's own place. Raises NotHere for whoever has not the role here."""
    if here.member.role != Role.RESEARCHER:
        raise NotHere
    if not here.strong:
        return Seated(seat=None, choices=[])
    hosts = StudyGroup.objects.select_related("study").filter(group=here.group, state=Agreement.AGREED)
    keys = {key_of(desks.KIND, host.study.public_id): host for host in hosts if watches(host)}
    rows = (
        Colleague.objects.select_related("study").filter(key__in=list(keys)).exclude(role=StudyRole.ANALYST)
    )
    seat = of(here=here)
    found = [Desk(study=row.study, colleague=row) for row in rows.order_by("study__public_id")]
    others = [desk for desk in found if seat is None or desk.study.pk != seat.study_id]
    try:
        reads = bool(desk_of(here=here, key_of=key_of))
    except NotHere:
        reads = False
    return Seated(seat=seat, choices=others, reads=reads)


def of(*, here: Here) -> Seat | None:
    """The seat of a member, whatever became of its study."""
    return Seat.objects.select_related("study").filter(member=here.member).first()


def desk_of(*, here: Here, key_of: KeyOf) -> Desk:
    """The desk of somebody who sits here as a researcher, in their own request. Raises NotHere unless they have the
    role, a second factor, a name, a seat, and still work on a study that watches here now."""
    seat = of(here=here)
    is_seen = here.member.role == Role.RESEARCHER and here.strong and here.persona is not None
    if seat is None or not is_seen:
        raise NotHere
    desk = desks.find(sid=seat.study.public_id, key=key_of(desks.KIND, seat.study.public_id))
    policies.require("sit_in", desk)
    host = StudyGroup.objects.select_related("study").filter(study=desk.study, group=here.group).first()
    if host is None or not watches(host):
        raise NotHere
    return desk


def watches(host: StudyGroup) -> bool:
    """Whether a study may watch in a group now: it is on there, and has said that it does."""
    return is_on_in(host) and bool(studies.settings_of(host.study)["field_notes"])


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What everyone in a group reads of one study's presence: who sits here, and days and talks of this week and since
    it began."""

    title: str
    names: Sequence[str]
    days: int
    talks: int
    days_ever: int


def watch(group: Group) -> Sequence[Watch]:
    """Of each study that sits in a group, or read in it: the same for every member."""
    here = {"member__group": group, "member__role": Role.RESEARCHER, "member__left_month": None}
    seats = list(Seat.objects.select_related("study").filter(**here))
    names = dict(
        Persona.objects.filter(member__in=[seat.member_id for seat in seats], is_current=True)
        .order_by("handle").values_list("member_id", "handle")
    )  # fmt: skip
    hosts = StudyGroup.objects.select_related("study").filter(group=group).order_by("-answered_on", "id")
    since = Q(on_day__gte=clock.today() - dt.timedelta(days=WEEK - 1))
    counts = Presence.objects.filter(group=group).values("study").annotate(
        days_ever=Count("on_day", distinct=True), days=Count("on_day", distinct=True, filter=since),
        talks=Count("thread", distinct=True, filter=since),
    )  # fmt: skip
    seen = {row["study"]: row for row in counts.order_by("study")}
    found = []
    for study in [host.study for host in hosts]:
        sitting = [seat for seat in seats if seat.study_id == study.pk]
        row = seen.get(study.pk, {"days": 0, "talks": 0, "days_ever": 0})
        if (sitting and study.state in OPEN) or row["days_ever"]:
            found.append(
                Watch(
                    title=parts.title(study), names=[names[one.member_id] for one in sitting if one.member_id in names],
                    days=row["days"], talks=row["talks"], days_ever=row["days_ever"],
                )
            )  # fmt: skip
    return found
