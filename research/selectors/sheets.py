"""The counts of a study's people that its team is told, made once a day. Somebody who left is among those who take part
until their day by lot, on every page alike. Exact: a presenter makes them rough before anybody sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q

from community.models import Member
from core import clock
from research.enums import Agreement, Part, TaskState
from research.models import DaySheet, Departure, Participant, Response, StillCounted, Study, WaveTask
from research.protocols import NEGATIVE

FLOOR = 5  # people: a count under it is not shown, nor the rest to a whole; answers of fewer are in no file
BAD = 2  # "a few times" and more, in the questions about bad experiences


class Stage(StrEnum):
    """Where somebody is with one round today."""

    DONE = "done"
    PART_WAY = "part-way"
    NOT_OPENED = "not opened"
    NOT_DUE = "not due"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What was counted. `on` is None before the first time. `left` by scope; `told` are people who told of bad moments,
    also those who had that taken away; `rounds` by number, then by version's key ('' for none), then by stage: each
    person is in one stage of each round, so that all rounds have the same sums."""

    on: dt.date | None = None
    members: int = 0
    said_yes: int = 0
    left: Mapping[str, int] = field(default_factory=dict)
    told: int = 0
    last_due: int = 0
    last_done: int = 0
    rounds: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)

    @property
    def all_left(self) -> int:
        """How many left, in any way."""
        return sum(self.left.values())


def rough(count: int) -> int | None:
    """A count of people as it is told: down to a whole five, None for fewer."""
    return count // FLOOR * FLOOR or None


def of(study: Study) -> Sheet:
    """What was last counted."""
    row = DaySheet.objects.filter(study=study).first()
    return Sheet(on=row.on, **row.counts) if row else Sheet()


def flow(study: Study) -> dict[str, int | None]:
    """How many were asked, said yes and left again, as it may be told."""
    now = of(study)
    return {"members": rough(now.members), "said_yes": rough(now.said_yes), "left": rough(now.all_left)}


def take(study: Study) -> Sheet:
    """Count now. For the duty alone: a page that counted anew would show the minute of an answer."""
    left = dict(_departures(study).values_list("scope").annotate(n=Count("id")).order_by("scope"))
    due, done = _last_round(study)
    return Sheet(
        on=clock.today(), members=_members(study),
        said_yes=Participant.objects.filter(study=study, part=Part.IN).count()
        + Departure.objects.filter(study=study).count(),
        left=left, told=_told(study), last_due=due, last_done=done, rounds=_rounds(study),
    )  # fmt: skip


def has_told(participant: Participant) -> bool:
    """Whether somebody told of bad moments."""
    return bool(_bad().filter(task__participant=participant).exists())


def _members(study: Study) -> int:
    hosts = study.hosts.filter(state__in=[Agreement.AGREED, Agreement.ENDED]).values("group")
    return Member.objects.filter(group__in=hosts, left_month=None).count()


def _departures(study: Study) -> Any:
    return Departure.objects.filter(Q(shows_on=None) | Q(shows_on__lte=clock.today()), study=study)


def _bad() -> Any:
    return Response.objects.filter(instrument=NEGATIVE, value__gte=BAD)


def _told(study: Study) -> int:
    """With those who left and had it taken away: harm does not become less by that."""
    rows = _bad().filter(task__participant__study=study, task__participant__part__in=[Part.IN, Part.STOPPED])
    return int(rows.values("task__participant").distinct().count()) + study.told_and_gone


def _tasks(study: Study) -> Iterator[tuple[int, int | None, str, dt.date, dt.date, int]]:
    """Of each round how many people are where: number, version, state, first and last day, people."""
    today = clock.today()
    shown = Q(participant__part=Part.IN) | Q(participant__part=Part.STOPPED) & (
        Q(participant__goes_on=None) | Q(participant__goes_on__lte=today)
    )
    rows = WaveTask.objects.filter(shown, participant__study=study).values_list(
        "wave__number", "participant__arm", "state", "opens_on", "closes_on"
    )
    yield from rows.annotate(n=Count("pk")).order_by("wave__number")
    for held in StillCounted.objects.filter(study=study, goes_on__gt=today).order_by("id"):
        for number, state, opens_on, closes_on in held.rounds:
            days = dt.date.fromisoformat(opens_on), dt.date.fromisoformat(closes_on)
            yield number, held.arm_id, state, *days, 1


def _rounds(study: Study) -> dict[str, dict[str, dict[str, int]]]:
    found: dict[str, dict[str, dict[str, int]]] = {}
    for number, arm, state, opens_on, closes_on, n in _tasks(study):
        stages = found.setdefault(str(number), {}).setdefault(str(arm or ""), {})
        stage = _stage(state, opens_on, closes_on)
        stages[stage] = stages.get(stage, 0) + n
    return found


def _last_round(study: Study) -> tuple[int, int]:
    """Of the last round: how many were due, and how many are done."""
    last = study.waves.order_by("-number").values_list("number", flat=True).first()
    due = done = 0
    for number, _arm, state, opens_on, _closes_on, n in _tasks(study):
        if number == last and opens_on <= clock.today() and state != TaskState.CANCELLED:
            due, done = due + n, done + n * (state == TaskState.DONE)
    return due, done


def _stage(state: str, opens_on: dt.date, closes_on: dt.date) -> Stage:
    today = clock.today()
    if state == TaskState.DONE:
        return Stage.DONE
    if state in {TaskState.DECLINED, TaskState.CANCELLED}:
        return Stage.OVER
    if today < opens_on:
        return Stage.NOT_DUE
    if today > closes_on:
        return Stage.OVER
    return Stage.PART_WAY if state == TaskState.STARTED else Stage.NOT_OPENED
