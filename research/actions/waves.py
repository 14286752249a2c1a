"""Rounds of questions: made all at once, answered page by page, never twice.

A page is written whole under a lock on its owner's part, so that two tabs, a second press or a line that breaks off
leave each answer there once, or the page as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from community.errors import MayNot, NotHere
from community.selectors.here import Here
from core import clock
from core.prepared import Prepared
from research import sealed
from research.enums import Missing, Opening, TaskState
from research.models import Participant, Response, Study, Wave, WaveTask
from research.selectors import instruments, parts, waves
from research.selectors.desks import KeyOf
from research.selectors.waves import Given, Round, Step

IS = ("value", "sealed", "missing", "study_day")


@transaction.atomic
def prepare(*, study: Study, settings: Mapping[str, Any]) -> None:
    """Freeze the rounds that a protocol asks for, each set with its digest. Those there are already stay. Raises MayNot
    where a set is not here, is asked twice in a round, or a round was frozen otherwise."""
    for given in settings.get("waves", []):
        asked = [_frozen(code, version) for code, version in given["instruments"]]
        if len({code for code, _version, _digest in asked}) < len(asked):
            raise MayNot(_("A round asks the same questions twice."))
        frozen = {"week": given["week"], "open_days": given["open_days"], "instruments": asked}
        row, _is_new = Wave.objects.get_or_create(study=study, number=given["number"], defaults=frozen)
        if {name: getattr(row, name) for name in frozen} != frozen:
            raise MayNot(_("These questions are fixed already. Add a new round instead."))


def _frozen(code: str, version: str) -> list[str]:
    try:
        found = instruments.named(code=code, version=version)
    except NotHere:
        found = None
    if found is None or found.status == "stub":
        raise MayNot(_("Some of these questions are not here. Take them in first."))
    return [code, version, found.digest]


_of_study = Prepared(lambda study: Wave.objects.filter(study=study).order_by("number"))
_cancelled = Prepared(
    lambda participant: WaveTask.objects.filter(
        participant=participant, state=TaskState.CANCELLED
    ).values_list("pk", flat=True)[:1]
)


@transaction.atomic
def begin(*, participant: Participant, on: dt.date) -> None:
    """Make all rounds of somebody's part, on their own clock. Again it changes nothing, but for who said no to
    questions in between: theirs come back, on the days they had."""
    rows = []
    for wave in _of_study(study=participant.study_id):
        opens = on + dt.timedelta(weeks=wave.week)
        closes = opens + dt.timedelta(days=wave.open_days - 1)
        rows.append(WaveTask(participant=participant, wave=wave, opens_on=opens, closes_on=closes))
    WaveTask.objects.bulk_create(rows, ignore_conflicts=True)
    if not _cancelled(participant=participant.pk):
        return
    back = WaveTask.objects.filter(participant=participant, state=TaskState.CANCELLED)
    back.filter(Exists(Response.objects.filter(task=OuterRef("pk")))).update(state=TaskState.STARTED)
    back.update(state=TaskState.WAITING)


@transaction.atomic
def cancel_all(*, participant: Participant) -> int:
    """No more questions for somebody who leaves; what is done stays done. Says how many were to come."""
    Participant.objects.select_for_update().filter(
        pk=participant.pk
    ).first()  # the part before its rounds, always
    left = WaveTask.objects.filter(participant=participant, state__in=waves.TO_ANSWER)
    return left.update(state=TaskState.CANCELLED)


@transaction.atomic
def save(
    *,
    here: Here,
    sid: str,
    number: int,
    key_of: KeyOf,
    page: int,
    given: Mapping[str, Given],
    rest_skipped: bool = True,
) -> None:
    """Keep one page. What is not `given` stays as it was kept before; what never was is skipped, or stays open where
    `rest_skipped` is false: whoever goes back has not passed it. Raises NotHere or MayNot."""
    now = _locked(here=here, sid=sid, number=number, key_of=key_of)
    step = now.steps[page]
    rows = [
        _row(now, step, code=one.code, given=given.get(one.code))
        for one in step.questions
        if one.code in given or (rest_skipped and (step.definition.code, one.code) not in now.given)
    ]  # fmt: skip
    if not rows:
        return
    Response.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["task", "instrument", "item"], update_fields=IS
    )
    _mark(now, state=TaskState.STARTED)


@transaction.atomic
def finish(*, here: Here, sid: str, number: int, key_of: KeyOf) -> None:
    """It is done; what was never asked says so. Again it changes nothing. Raises NotHere or MayNot."""
    now = _locked(here=here, sid=sid, number=number, key_of=key_of, settled=Opening.DONE)
    if now.opening == Opening.DONE:
        return
    left = [
        _row(now, step, code=one.code, given=None, missing=Missing.NOT_SHOWN)
        for step in now.steps for one in step.questions if (step.definition.code, one.code) not in now.given
    ]  # fmt: skip
    Response.objects.bulk_create(left)
    _mark(now, state=TaskState.DONE, done_on=clock.today())


@transaction.atomic
def decline(*, here: Here, sid: str, number: int, key_of: KeyOf) -> None:
    """Leave this round out. No reason is asked, and what was answered stays. Raises NotHere or MayNot."""
    now = _locked(here=here, sid=sid, number=number, key_of=key_of, settled=Opening.DECLINED)
    _mark(now, state=TaskState.DECLINED)


def _locked(*, here: Here, sid: str, number: int, key_of: KeyOf, settled: Opening = Opening.OPEN) -> Round:
    """The round, held to the end of the transaction, if it takes answers now or was settled so before."""
    now = waves.find(here=here, sid=sid, number=number, key_of=key_of, lock=True)
    if now.opening not in {Opening.OPEN, settled}:
        raise MayNot(_("These questions are not open now. What you answered before is kept."))
    return now


def _mark(now: Round, **changed: Any) -> None:
    WaveTask.objects.filter(pk=now.task.pk).update(**changed)


def _row(now: Round, step: Step, *, code: str, given: Given, missing: Missing = Missing.REFUSED) -> Response:
    part = now.task.participant
    day = max(0, (clock.today() - part.since).days)
    row = Response(task=now.task, instrument=step.definition.code, item=code, study_day=day)
    if isinstance(given, int):
        row.value = given
    elif given:
        row.sealed = sealed.seal(study=part.study, value=given.encode(), place=parts.place_of(part.pid, row))
    else:
        row.missing = missing
    return row
