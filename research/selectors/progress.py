"""How many are how far with each round of a study. No ids, no names: counts alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count

from core import clock
from research import sealed
from research.enums import Part, TaskState
from research.models import Study, Wave, WaveTask
from research.selectors.desks import Desk


class Stage(StrEnum):
    """Where somebody is with one round today."""

    DONE = "done"
    PART_WAY = "part-way"
    NOT_OPENED = "not opened"
    NOT_DUE = "not due"
    OVER = "over"


@dataclass(kw_only=True)
class RoundCounts:
    """One round: how many are where, in all and by version. The versions go by the letters that the reader may see."""

    wave: Wave
    all: Counter[Stage] = field(default_factory=Counter)
    by_version: dict[str, Counter[Stage]] = field(default_factory=dict)


def counts(*, desk: Desk) -> Sequence[RoundCounts]:
    """Every round in order, of all whose answers may be used."""
    names = letters(desk=desk)
    found = {
        wave.pk: RoundCounts(wave=wave, by_version={name: Counter() for name in sorted(names.values())})
        for wave in Wave.objects.filter(study=desk.study).order_by("number")
    }
    used = WaveTask.objects.filter(
        participant__study=desk.study, participant__part__in=[Part.IN, Part.STOPPED]
    ).exclude(state=TaskState.CANCELLED)
    rows = used.values("wave", "participant__arm", "state", "opens_on", "closes_on").annotate(n=Count("pk"))
    for row in rows.order_by("wave"):
        stage, number = _stage(row["state"], row["opens_on"], row["closes_on"]), row["n"]
        found[row["wave"]].all[stage] += number
        if name := names.get(row["participant__arm"]):
            found[row["wave"]].by_version[name][stage] += number
    return list(found.values())


def letters(*, desk: Desk) -> dict[int, str]:
    """What each version is called at this desk: by its code, or by a letter that says nothing to who may not know.
    Which letter it is follows from the study's key, so that it is the same on every page."""
    if desk.sees_versions:
        return {arm.pk: arm.code for arm in desk.study.arms.order_by("code")}
    return letters_of(study=desk.study)


def letters_of(*, study: Study) -> dict[int, str]:
    """Letters that say nothing, one for each version."""
    arms = list(study.arms.order_by("code"))
    mixed = sorted(arms, key=lambda arm: sealed.mark(study=study, of=f"letter|{arm.code}"))
    return {arm.pk: chr(ord("Z") + 1 - len(arms) + nth) for nth, arm in enumerate(mixed)}


def _stage(state: str, opens_on: dt.date, closes_on: dt.date) -> Stage:
    today = clock.today()
    if state == TaskState.DONE:
        return Stage.DONE
    if today < opens_on:
        return Stage.NOT_DUE
    if today > closes_on or state == TaskState.DECLINED:
        return Stage.OVER
    return Stage.PART_WAY if state == TaskState.STARTED else Stage.NOT_OPENED
