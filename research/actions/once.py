"""One-thread names in a study: noted in the request of whoever signs with one, and taken back so that none tells whose
another is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction

from community.actions import leaving
from community.errors import NotHere
from community.selectors.here import Here
from core import clock, ledger
from research import sealed
from research.actions import codes
from research.actions.parts import locked
from research.enums import Agreement, StudyState
from research.models import Export, ExportSubject, OnceName, Recall, Study, StudyGroup
from research.models.exports import NOT_MADE
from research.selectors import once as reading
from research.selectors.consent import Own
from research.selectors.desks import KeyOf


def note(here: Here, tid: str, key_of: KeyOf) -> None:
    """Somebody signs a talk with a one-thread name: note it where a study that they let read it does so now. One study
    at most reads one name, by lot: two would tell who is in both."""
    hosts = StudyGroup.objects.filter(group=here.group)
    running = hosts.filter(state=Agreement.AGREED, study__state=StudyState.RUNNING, study__is_paused=False)
    sids = sorted(running.values_list("study__public_id", flat=True))
    random.SystemRandom().shuffle(sids)
    if not sids:
        return
    every = hosts.values_list("study__public_id", flat=True)
    keys = [key_of(reading.KIND, reading.ref(sid=sid, tid=tid)) for sid in every]
    for sid in sids:
        with suppress(NotHere), transaction.atomic():
            leaving.keep_in(here=here)
            own = locked(sid=sid, group=here.group, key_of=key_of)
            if OnceName.objects.filter(key__in=keys).exists():
                return
            if reading.reads_today(own):
                _write(own, tid, key_of)


def _write(own: Own, tid: str, key_of: KeyOf) -> None:
    study, group = own.study, own.host.group
    key = key_of(reading.KIND, reading.ref(sid=study.public_id, tid=tid))
    is_first = not reading.own(study=study, group=group, key_of=key_of)
    value = key_of("alias", tid) + bytes([is_first])
    kept = sealed.seal(study=study, value=value, place=reading.place_of(key))
    OnceName.objects.create(study=study, group=group, key=key, sealed=kept)


def take_back_own(*, own: Own, key_of: KeyOf) -> None:
    """Take back one's own in one study here. In a transaction that locked the study."""
    take_back(own.study, reading.own(study=own.study, group=own.host.group, key_of=key_of))


def take_back(study: Study, rows: Sequence[OnceName]) -> None:
    """Take these names back. Once anybody may have seen which there are, all of the group go with them, also from
    files that somebody holds: names that go together are one person's. The study is locked."""
    if not rows:
        return
    if reading.was_asked_for(study):
        groups = {row.group_id for row in rows}
        rows = list(OnceName.objects.filter(study=study, group__in=groups))
    told = ExportSubject.objects.filter(once__in=[row.pk for row in rows], export__fetched_on__isnull=False)
    there = set(Recall.objects.filter(study=study).values_list("export", "pid"))
    for export, number in set(told.filter(export__gone_on=None).values_list("export", "number")) - there:
        Recall.objects.create(study=study, export_id=export, pid=number, since=clock.today())
    ledger.note_all(kind=reading.KIND, refs=[str(row.pk) for row in rows])
    OnceName.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Export.objects.filter(study=study, made_until__isnull=False).update(**NOT_MADE)


@transaction.atomic
def forget(ref: str) -> None:
    """Take one back, by its row's key: for an erasure."""
    row = OnceName.objects.select_related("study").filter(pk=int(ref)).first()
    if row is not None:
        codes.lock(row.study)
        take_back(row.study, list(OnceName.objects.filter(pk=row.pk)))


@transaction.atomic
def drop(ref: str) -> None:
    """Take one row away: for a replay of the ledger, which names each of those that went."""
    ledger.note(kind=reading.KIND, ref=ref)
    OnceName.objects.filter(pk=int(ref)).delete()


def tidy() -> None:
    """The duty: what can be in no file any more is not kept. Where a file has it, its owner can still take it back."""
    over = Study.objects.filter(state=StudyState.CLOSED, ethics_until__lt=clock.today())
    in_files = ExportSubject.objects.filter(once__isnull=False).values("once")
    for study in over.filter(pk__in=OnceName.objects.values("study")):
        with transaction.atomic():
            codes.lock(study)
            OnceName.objects.filter(study=study).exclude(pk__in=in_files).delete()
