"""Leaving a study: at once, in three ways; what is taken away, and what stays without saying whose it was."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import F

from community.errors import NotHere
from community.models import Group
from core import clock, ids, ledger
from research.actions import codes, once, passages, room_leaving, waves
from research.actions.consent import DAYS_BY_LOT, write_event
from research.actions.parts import locked
from research.enums import Answer, Item, Part, Scope, StudyState
from research.models import (
    Allocation,
    ConsentDocument,
    ConsentEvent,
    Departure,
    Export,
    ExportSubject,
    Participant,
    Recall,
    Source,
    StillCounted,
    Study,
    WaveTask,
)
from research.models.exports import NOT_MADE
from research.selectors import consent as reading
from research.selectors import parts, sheets, shown
from research.selectors.consent import Own
from research.selectors.desks import KeyOf

KINDS: dict[type[Participant | Source], str] = {
    Participant: parts.PARTICIPANT,
    Source: parts.SOURCE,
}  # in the ledger


def leave(*, group: Group, sid: str, scope: Scope, key_of: KeyOf, together: bool = False) -> None:
    """Leave a study now, whatever state it is in and whatever limits one has in the group. `together`: what is deleted
    of several names in its room goes at once. Raises NotHere for whoever has no part in it, or left it before; who
    stopped may still have everything deleted."""
    with transaction.atomic():
        own = locked(sid=sid, group=group, key_of=key_of)
        if own.participant is None:
            raise NotHere
        if scope != Scope.STOP or own.study.state != StudyState.CLOSED:  # by halves they are in no file
            once.take_back_own(own=own, key_of=key_of)
        takes_all = scope == Scope.DELETE
        room_leaving.go_out(host=own.host, key_of=key_of, takes_all=takes_all, together=together)
        if scope == Scope.DELETE:
            of_answers, of_messages = _two_days()
            forget(Participant, str(own.participant.pk), goes_on=of_answers)
            if own.source:
                _let_go(own.source, goes_on=of_messages)
            return
        if own.participant.part != Part.IN:
            raise NotHere
        _stop(own, own.participant, scope)


def leave_all(*, group: Group, key_of: KeyOf) -> None:
    """Stop every study here: for whoever leaves the group."""
    found_here = parts.participants(gid=group.public_id, key_of=key_of)
    in_order = sorted(
        found_here, key=lambda row: row.study.public_id
    )  # else two who leave wait for each other
    for found in in_order:
        if found.part == Part.IN:
            leave(group=group, sid=found.study.public_id, scope=Scope.STOP, key_of=key_of)


def _stop(own: Own, participant: Participant, scope: Scope) -> None:
    part = Part.STOPPED if scope == Scope.STOP else Part.EXCLUDED
    of_answers, of_messages = _two_days()
    _end(participant, part, goes_on=of_answers)
    if own.source:
        _end(own.source, part, goes_on=of_messages)
    _note(participant, scope, goes_on=of_answers)


def _end(row: Participant | Source, part: Part, *, goes_on: dt.date) -> None:
    """End one part: nothing new of it is asked or read. Messages end on a day by lot that is over, so that two parts of
    one person do not end on one day. From `goes_on` on the team's pages tell it."""
    model, kind = type(row), KINDS[type(row)]
    ledger.note(kind=f"{kind} {part}", ref=str(row.pk))
    back = secrets.randbelow(DAYS_BY_LOT) if model is Source else 0
    day = clock.today() - dt.timedelta(days=back)
    document = ConsentDocument.objects.get(study=row.study_id, version=row.study.consent_version)
    if isinstance(row, Source):
        passages.hold(source=row, goes_on=goes_on)  # before anything of it changes
    for item, last in reading.answers(key=bytes(row.key)).items():
        if last.answer in {Answer.GIVEN, Answer.SUPERSEDED}:
            write_event(
                study=row.study, key=bytes(row.key), item=Item(item), answer=Answer.WITHDRAWN, document=document,
                on_day=day,
            )  # fmt: skip
    if isinstance(row, Participant):
        _hold(row, goes_on=goes_on)  # before anything of it changes
        if part == Part.EXCLUDED:
            _keep_told(row)
        Participant.objects.filter(pk=row.pk).update(
            part=part, left_on=day, goes_on=goes_on
        )  # before its rounds
        waves.cancel_all(participant=row)
    else:
        Source.objects.filter(pk=row.pk).update(part=part, participant=None, until=day)
    if part == Part.EXCLUDED:
        _recall(row, since=goes_on)
    _throw_away(row)


def _throw_away(row: Participant | Source) -> None:
    """What was made of the study to be fetched, and was not yet."""
    Export.objects.filter(study=row.study_id, made_until__isnull=False).update(**NOT_MADE)


def end_again(model: type[Participant | Source], part: Part, ref: str) -> None:
    """End a part that had ended: for a replay of the ledger, where an older copy still has it."""
    with transaction.atomic():
        row = _locked(model, ref)
        if row is None or row.part != Part.IN:
            return
        goes_on = _day_by_lot()
        _end(row, part, goes_on=goes_on)
        if isinstance(row, Participant):
            _note(row, Scope.STOP if part == Part.STOPPED else Scope.EXCLUDE, goes_on=goes_on)


def _day_by_lot() -> dt.date:
    """The day from which the team's pages tell that somebody left, tomorrow at the earliest."""
    return clock.today() + dt.timedelta(days=1 + secrets.randbelow(DAYS_BY_LOT))


def _two_days() -> tuple[dt.date, dt.date]:
    """The same for answers and for messages of one person, never one day."""
    of_messages, of_answers = secrets.randbelow(DAYS_BY_LOT), secrets.randbelow(DAYS_BY_LOT - 1)
    of_answers += of_answers >= of_messages
    tomorrow = clock.today() + dt.timedelta(days=1)
    return tomorrow + dt.timedelta(days=of_answers), tomorrow + dt.timedelta(days=of_messages)


def _recall(row: Participant | Source, *, since: dt.date) -> None:
    """Have its number taken out of files from this day on. Those of answers and of messages come on two days by lot,
    else both would be called on one."""
    files = {KINDS[type(row)]: row, "export__fetched_on__isnull": False, "export__gone_on": None}
    told = ExportSubject.objects.filter(**files).exclude(number="")  # totals have no number to take out
    numbers = {(None, row.pid), *told.values_list("export", "number")}
    there = set(Recall.objects.filter(study=row.study_id).values_list("export", "pid"))
    for export, pid in numbers - there:
        Recall.objects.create(study_id=row.study_id, export_id=export, pid=pid, since=since)


def _locked(model: type[Participant | Source], ref: str) -> Participant | Source | None:
    """A part, with its study locked before it: an answer or a new document waits, and finds it gone."""
    rows = model._default_manager.select_related("study").filter(pk=int(ref))
    for row in rows:
        codes.lock(row.study)
    return rows.select_for_update(of=("self",)).first()


def _note(participant: Participant, scope: Scope, *, goes_on: dt.date) -> None:
    Departure.objects.create(
        study_id=participant.study_id, group_id=participant.group_id, arm_id=participant.arm_id, scope=scope,
        week=max(0, (clock.today() - participant.since).days // 7), shows_on=goes_on,
    )  # fmt: skip


def _hold(participant: Participant, *, goes_on: dt.date) -> None:
    """Have somebody counted as they are until that day, by a row that does not say who. While an earlier one does that
    already, there is nothing more to hold."""
    if participant.goes_on is not None and clock.today() < participant.goes_on:
        return
    tasks = WaveTask.objects.filter(participant=participant).order_by("wave__number")
    rounds = [
        [number, state, opens_on.isoformat(), closes_on.isoformat()]
        for number, state, opens_on, closes_on in tasks.values_list(
            "wave__number", "state", "opens_on", "closes_on"
        )
    ]
    StillCounted.objects.create(
        study_id=participant.study_id, arm_id=participant.arm_id, goes_on=goes_on, rounds=rounds
    )


def _keep_told(participant: Participant) -> None:
    """What somebody told of bad moments stays one in the count of the rule that stops the study."""
    if sheets.has_told(participant):
        Study.objects.filter(pk=participant.study_id).update(told_and_gone=F("told_and_gone") + 1)


@transaction.atomic
def forget(model: type[Participant | Source], ref: str, *, goes_on: dt.date | None = None) -> None:
    """Take away somebody's part, by its row's key; with their answers, every one of them. For leaving with everything,
    an erasure, and a replay of the ledger. From `goes_on` on, else from a day by lot, the team's pages tell it."""
    ledger.note(kind=KINDS[model], ref=ref)
    found = _locked(model, ref)
    if found is None:
        return
    goes_on = goes_on or _day_by_lot()
    if isinstance(found, Participant) and found.part == Part.IN:
        _note(found, Scope.DELETE, goes_on=goes_on)
    if isinstance(found, Participant) and found.part in {Part.IN, Part.STOPPED}:
        _hold(found, goes_on=goes_on)
        _keep_told(found)
    if found.part not in {Part.REFUSED, Part.GONE}:
        _recall(found, since=goes_on)
    _throw_away(found)
    _take_away(found)


def _let_go(source: Source, *, goes_on: dt.date) -> None:
    """Somebody has all deleted, and the team's pages must not tell that today: what is theirs goes now, also from older
    copies, and what is left names nobody and goes on its day."""
    ledger.note(kind=parts.SOURCE, ref=str(source.pk))
    if source.goes_on is not None and source.goes_on <= clock.today():
        _let_it_show(source)  # the duty was about to: what is over already must not come back for some days
        source.refresh_from_db()
    member = source.member_id
    passages.hold(source=source, goes_on=goes_on)
    _recall(source, since=goes_on)
    _throw_away(source)
    ConsentEvent.objects.filter(key=bytes(source.key)).delete()
    ExportSubject.objects.filter(source=source).delete()
    key = shown.left_key(study=source.study, member_id=member) if member else ids.new_secret()
    # Who comes back and leaves again is found once.
    Source.objects.filter(key=key).update(key=ids.new_secret())
    Source.objects.filter(pk=source.pk).update(part=Part.GONE, key=key, member=None, participant=None)


def let_show() -> None:
    """The duty: from its day on, take away what the team's pages still held of whoever left."""
    for ref in Source.objects.filter(goes_on__lte=clock.today()).order_by("id").values_list("pk", flat=True):
        with transaction.atomic():
            source = _locked(Source, str(ref))
            if not isinstance(source, Source) or source.goes_on is None or source.goes_on > clock.today():
                continue  # they left once more just now
            _let_it_show(source)


def _let_it_show(source: Source) -> None:
    """The day has come."""
    if source.part == Part.GONE:
        source.delete()
        return
    if source.part == Part.EXCLUDED:
        passages.forget(source=source)
    Source.objects.filter(pk=source.pk).update(goes_on=None, as_left=None)


def _take_away(found: Participant | Source) -> None:
    ConsentEvent.objects.filter(key=bytes(found.key)).delete()
    Allocation.objects.filter(key=bytes(found.key)).update(key=None)
    found.delete()
