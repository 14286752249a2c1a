"""When the time for which a study keeps what it has of people is over, it goes by itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from audit.actions import append
from core import clock, ledger
from research.actions import codes
from research.enums import StudyState
from research.models import (
    Allocation,
    Anchor,
    ConsentEvent,
    Departure,
    Export,
    ExportSubject,
    FieldNote,
    FieldNoteRevision,
    OnceName,
    Participant,
    QuoteAsk,
    Reminder,
    Response,
    SafetyEntry,
    Source,
    StillCounted,
    Study,
    WaveTask,
    WentOn,
)
from research.models.exports import NOT_MADE
from research.selectors import retention as reading

KIND = "study data"  # in the ledger: all that a study kept of people
BY = "time kept"

# All that tells of somebody, from what points to what is pointed to. What stays, and why:
# - the study with its protocol versions, documents, groups, versions, rounds and team: members read them;
# - what was read in talks (Presence): members were told, and it names nobody;
# - lists and their places: anybody can check them, and no key is left in them;
# - DaySheet and Tally: counts. Export: members read which files left;
# - Recall: whoever holds a file still has to take these numbers out;
# - the record: it holds fingerprints alone.
# A room goes by a duty of its own, which first locks the queue of its group's team.
GOES = (
    (ExportSubject, "export__study"),
    (Anchor, "source__study"),
    (QuoteAsk, "study"),
    (FieldNoteRevision, "note__study"),
    (FieldNote, "study"),
    (Response, "task__participant__study"),
    (WaveTask, "participant__study"),
    (ConsentEvent, "study"),
    (Source, "study"),
    (Participant, "study"),
    (OnceName, "study"),
    (StillCounted, "study"),
    (Departure, "study"),
    (SafetyEntry, "study"),
    (WentOn, "study"),
)


def let_go() -> None:
    """The duty: let reminders stand, and on the day have all go. A study is one transaction: it may break off, and be
    done again."""
    for pk in _keeping().exclude(closed_on=None).order_by("id").values_list("pk", flat=True):
        with transaction.atomic():
            study = _locked(pk)
            if study is None:
                continue
            if reading.may_go(study):
                _take_away(study)
            elif before := reading.due(study):
                Reminder.objects.create(study=study, before=before)


@transaction.atomic
def forget(ref: str) -> None:
    """Have all that a study kept of people go again, by its row's key: for a replay of the ledger. In an older copy it
    may not be over yet; it is from now on."""
    study = _locked(int(ref))
    if study is not None:
        _take_away(study)


def there() -> Iterable[str]:
    """The keys of all studies that still keep what they have: for the ledger."""
    return map(str, _keeping().values_list("pk", flat=True).iterator())


def _keeping() -> QuerySet[Study]:
    return Study.objects.filter(data_gone_on=None)


def _locked(pk: int) -> Study | None:
    """A study that still keeps what it has, held still. Whoever says something there waits, and finds it gone."""
    for study in _keeping().filter(pk=pk):
        codes.lock(study)
    return _keeping().filter(pk=pk).first()


def _take_away(study: Study) -> None:
    ledger.note(kind=KIND, ref=str(study.pk))
    for model, path in GOES:
        model._default_manager.filter(**{path: study}).delete()
    Allocation.objects.filter(~Q(key=None), list__study=study).update(key=None)
    Export.objects.filter(study=study).update(sealed_reading=None, wanted="", wanted_by=None, **NOT_MADE)
    today = clock.today()
    Study.objects.filter(pk=study.pk).update(
        data_gone_on=today, state=StudyState.CLOSED, closed_on=Coalesce("closed_on", today), is_paused=False,
        paused_because="",
    )  # fmt: skip
    append(scope=study.public_id, act="what it kept of people deleted", actor_role=BY, payload={})
