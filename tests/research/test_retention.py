"""When the time for which a study keeps data is over: who is told before, when it goes, what stays, and that an older
copy does not bring it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest import mock

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from audit.models import AuditEntry
from community.errors import MayNot
from core import clock, ledger
from core.registries import holdings
from research import protocols
from research.actions import counting, departing, exports, harm, notes, retention, rooms, studies
from research.actions.notes import Words
from research.enums import NoteKind, Related, Scope, Severity, StudyState
from research.models import (
    Allocation,
    ConsentDocument,
    DaySheet,
    Departure,
    Export,
    ExportSubject,
    FieldNote,
    FieldNoteRevision,
    Participant,
    Presence,
    Protocol,
    Recall,
    Reminder,
    Response,
    RoomFace,
    RoomGuest,
    RoomPost,
    SafetyEntry,
    Seat,
    Source,
    StillCounted,
    Study,
)
from research.selectors import retention as reading
from tests.people import Cast, make_cast
from tests.privacy import backups
from tests.research.consenting import ARMS
from tests.research.filing import Filing, filing, quote_asked, writes
from tests.research.studies import make_study
from tests.scenes import same

MONTHS = 8
KEPT = 30 * MONTHS
TITLE = "all data about people goes"
GONE = "was deleted"


@pytest.fixture
@same
def filled(cast: Cast) -> Filing:
    return fill(cast)


def fill(cast: Cast) -> Filing:
    """A study with a row of every kind that goes, over since today."""
    found = filing(cast, retention_months=MONTHS, arms=ARMS, field_notes=True)
    post = writes(cast.alice, found, "The nights are long and the kitchen is cold.")[0]
    quote_asked(post, found)
    writes(cast.bob, found, "Another.")
    found.fetched()
    written = Words(text="People answer kindly.", codes=[])
    notes.write(desk=found.desk(), gid=cast.harbour.public_id, kind=NoteKind.REFLEXIVE, words=written)
    harm.note(
        desk=found.desk(),
        happened_on=clock.today(),
        severity=Severity.MILD,
        related=Related.NO,
        words="Hard.",
    )
    studies.pause(desk=found.desk())
    studies.go_on(desk=found.desk(), why="We wrote to them.")
    departing.leave(group=cast.harbour, sid=found.sid, scope=Scope.EXCLUDE, key_of=cast.bob.keyed)
    counting.count(study=found.study)
    Study.objects.filter(pk=found.study.pk).update(state=StudyState.CLOSED, closed_on=clock.today())
    found.study.refresh_from_db()
    return found


@contextmanager
def after(days: int) -> Iterator[None]:
    with clock.held_at(clock.now() + dt.timedelta(days=days)):
        yield


def worked(*days: int) -> None:
    """The duty ran on these days after the end, twice on each."""
    for one in days:
        with after(one):
            retention.let_go()
            retention.let_go()


def is_gone(study: Study) -> bool:
    there = {
        model.__name__ for model, path in retention.GOES if model._default_manager.filter(**{path: study})
    }
    is_noted = Study.objects.get(pk=study.pk).data_gone_on is not None
    assert is_noted == (not there), there
    return is_noted


def stood() -> list[int]:
    return sorted(Reminder.objects.values_list("before", flat=True), reverse=True)


# --- who is told ------------------------------------------------------------------------------------------------------
def test_nobody_outside_the_team_reads_a_reminder(filled: Filing) -> None:
    worked(KEPT - 7)
    url, cast = reverse("research:study", args=[filled.sid]), filled.cast
    for outsider in (cast.alice, cast.lead, cast.olga):
        assert outsider.client.get(url).status_code == 404
    for name in ("research:study_here", "research:mine", "research:studies"):
        args = [cast.harbour.public_id, *([] if name == "research:studies" else [filled.sid])]
        page = cast.alice.client.get(reverse(name, args=args)).content.decode()
        assert TITLE not in page and GONE not in page


@pytest.mark.parametrize("who", ["ruth", "remy", "ana"])
def test_the_whole_team_reads_it_from_its_day_on(filled: Filing, who: str) -> None:
    client, url = filled.people[who].client, reverse("research:study", args=[filled.sid])
    worked(KEPT - 181)
    assert TITLE not in client.get(url).content.decode()
    assert not Reminder.objects.exists(), "a page counts for nothing"
    worked(KEPT - 180)
    page = client.get(url).content.decode()
    day = filled.study.closed_on + dt.timedelta(days=KEPT)  # type: ignore[operator]
    assert f"On {day.day} {day:%B %Y} {TITLE}" in page
    assert "This goes:" in page and "This stays:" in page


def test_each_reminder_stands_once_and_no_two_on_one_day(filled: Filing) -> None:
    worked(*range(KEPT - 200, KEPT, 1))
    assert stood() == [180, 60, 30, 7, 1]
    for before, day in ((1, clock.today()), (2, Reminder.objects.order_by("before")[0].stood_on)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(study=filled.study, before=before, stood_on=day)
    assert not is_gone(filled.study)


def test_of_several_that_were_missed_only_the_last_stands(filled: Filing) -> None:
    worked(*range(KEPT - 20, KEPT - 10))
    assert stood() == [30]


@pytest.mark.parametrize(
    ("state", "months", "may"),
    [(StudyState.APPROVED, 61, True), (StudyState.INVITING, 61, False), (StudyState.INVITING, 59, True)],
)
def test_nobody_is_kept_for_longer_than_they_were_told(
    cast: Cast, state: StudyState, months: int, may: bool
) -> None:
    """Also whoever never answers when they are asked anew."""
    team = make_study((cast.harbour, cast.lead), state=state, retention_months=60)
    studies.save(desk=team.desk(), given={"retention_months": months})
    with nullcontext() if may else pytest.raises(MayNot, match="a shorter time"):
        studies.approve(desk=team.desk(), note="Another time.")
    assert "retention_months" in protocols.MATERIAL


# --- the day ----------------------------------------------------------------------------------------------------------
def test_it_goes_on_the_day_and_not_before(filled: Filing) -> None:
    worked(KEPT - 7, KEPT - 1)
    assert not is_gone(filled.study)
    worked(KEPT)
    assert is_gone(filled.study)


@pytest.mark.parametrize(
    ("ran", "goes"),
    [
        ([], KEPT + 42),  # the server was off all the time
        ([KEPT - 30], KEPT + 41),
        ([KEPT - 30, KEPT - 7], KEPT + 40),
        ([KEPT - 1], KEPT + 41),
    ],
)
def test_it_waits_until_two_reminders_stood_before(filled: Filing, ran: list[int], goes: int) -> None:
    worked(*ran)
    for day in range(KEPT + 40, goes):
        worked(day)
        with after(day):
            assert reading.goes_on(Study.objects.get()) == clock.today() + dt.timedelta(days=goes - day)
        assert not is_gone(filled.study)
    worked(goes)
    assert is_gone(filled.study) and len(stood()) == 2


@pytest.mark.parametrize("state", [StudyState.INVITING, StudyState.RUNNING])
def test_a_study_that_is_on_keeps_what_it_has(filled: Filing, state: StudyState) -> None:
    Study.objects.update(state=state, closed_on=None)
    worked(*range(KEPT - 10, KEPT + 10))
    assert not is_gone(filled.study) and not stood()


# --- what goes, and what stays ----------------------------------------------------------------------------------------
def test_every_row_that_is_held_of_somebody_goes() -> None:
    held = {one.model for one in holdings.holdings() if one.model._meta.app_label == "research"}
    by_themselves = {RoomPost, RoomFace, RoomGuest}  # a duty of their own
    goes = {model for model, _path in retention.GOES}
    assert held - by_themselves - {Seat} <= goes
    for model in apps.get_app_config("research").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model in {Participant, Source}:
                assert model in goes, model


def test_what_stays_names_nobody(filled: Filing) -> None:
    study, cast = filled.study, filled.cast
    places = Allocation.objects.filter(list__study=study).count()
    sheet, entries = DaySheet.objects.get().counts, AuditEntry.objects.filter(chain__scope=filled.sid).count()
    assert places and Recall.objects.exists() and Allocation.objects.exclude(key=None).exists()
    assert all(model._default_manager.filter(**{path: study}).exists() for model, path in retention.GOES
               if model.__name__ not in {"Anchor", "OnceName"})  # fmt: skip
    worked(KEPT - 7, KEPT - 1, KEPT)
    assert is_gone(study)
    of_nobody_by_key = (FieldNote, FieldNoteRevision, StillCounted, Departure, SafetyEntry)
    assert not [model for model in of_nobody_by_key if model._default_manager.exists()]
    with after(KEPT + 1):
        counting.count_each_day()
    assert DaySheet.objects.get().counts == sheet, "the flow stays as it was counted last"
    assert Allocation.objects.filter(list__study=study, key=None).count() == places
    assert AuditEntry.objects.filter(chain__scope=filled.sid).count() == entries + 1
    assert Protocol.objects.exists() and ConsentDocument.objects.exists() and Recall.objects.exists()
    assert (
        Export.objects.get().digest and not ExportSubject.objects.exists() and Presence.objects.count() == 0
    )
    assert not Source.objects.filter(member=cast.alice.member(cast.harbour)).exists()


def test_members_read_that_it_is_gone_and_when(filled: Filing) -> None:
    worked(KEPT - 7, KEPT - 1, KEPT)
    gid, client = filled.cast.harbour.public_id, filled.cast.alice.client
    day = Study.objects.get().data_gone_on
    assert day is not None
    for name, args in (
        ("research:studies", [gid]), ("research:study_here", [gid, filled.sid]), ("research:mine", [gid, filled.sid]),
    ):  # fmt: skip
        page = client.get(reverse(name, args=args)).content.decode()
        assert GONE in page and f"{day.day} {day:%B %Y}" in page, name
    for page_of in (
        "study",
        "progress",
        "harm",
        "notes",
        "quotes",
        "files",
        "left",
        "lists",
        "figures",
        "numbers",
    ):
        found = filled.people["ruth"].client.get(reverse(f"research:{page_of}", args=[filled.sid]))
        assert found.status_code == 200, page_of
        assert TITLE not in found.content.decode()
        assert "All data about people was deleted on" in found.content.decode(), page_of


def test_what_would_be_refused_is_not_asked_for_once_it_is_gone(filled: Filing) -> None:
    """The forms of the safety log, of notes and of files; also where somebody types their address. Words that came too
    late are there to be copied."""
    ruth, buttons = (
        filled.people["ruth"].client,
        {"harm": "Note it", "note_new": "Note it", "files": "Ask for it"},
    )

    def has_form(name: str) -> bool:
        page = ruth.get(reverse(f"research:{name}", args=[filled.sid])).content.decode()
        return f">{buttons[name]}</button>" in page

    assert all(has_form(name) for name in ("harm", "files"))
    worked(KEPT - 7, KEPT - 1, KEPT)
    assert not [name for name in buttons if has_form(name)]
    late = ruth.post(reverse("research:harm", args=[filled.sid]), {"told": "Hard words."})
    assert "Hard words." in late.content.decode()


def test_nothing_new_comes_once_it_is_gone(filled: Filing) -> None:
    worked(KEPT - 7, KEPT - 1, KEPT)
    Study.objects.update(ethics_until=clock.today() + dt.timedelta(days=9))
    with pytest.raises(MayNot, match="deleted"):
        exports.require_on(filled.desk())
    given = {
        "happened_on": clock.today().isoformat(),
        "severity": "mild",
        "related": "no",
        "told": "Hard words.",
    }
    url = reverse("research:harm", args=[filled.sid])
    page = filled.people["ruth"].client.post(url, given)
    assert page.status_code == 422 and "keeps nothing about people" in page.content.decode()
    assert is_gone(filled.study)


# --- broken off, and brought back -------------------------------------------------------------------------------------
def test_what_breaks_off_is_whole_and_done_again_once(filled: Filing) -> None:
    worked(KEPT - 7, KEPT - 1)
    with after(KEPT):
        with mock.patch.object(retention, "append", side_effect=OSError), pytest.raises(OSError):
            retention.let_go()
        assert not is_gone(filled.study) and Response.objects.exists()
        retention.let_go()
        entries = AuditEntry.objects.count()
        retention.let_go()
        retention.forget(str(filled.study.pk))
    assert is_gone(filled.study) and AuditEntry.objects.count() == entries


@pytest.mark.django_db(transaction=True)
def test_an_older_copy_has_it_deleted_again(tmp_path: Path) -> None:
    """Also one from the time when the study was on. It comes back with less than two reminders."""
    found = fill(make_cast())
    other = Participant.objects.filter(study=found.study).count()
    Study.objects.update(state=StudyState.RUNNING, closed_on=None)
    backup = backups.make(tmp_path)
    Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    worked(KEPT - 7, KEPT - 1, KEPT)
    assert is_gone(found.study)
    backups.restore(backup)
    assert Participant.objects.filter(study=found.study).count() == other and not stood()
    call_command("replay_erasures")
    assert is_gone(found.study)
    now = Study.objects.get()
    assert (now.state, now.closed_on) == (StudyState.CLOSED, clock.today())
    assert ledger.replay() == 0


def test_an_older_copy_goes_by_itself_too(filled: Filing) -> None:
    """The day is over: without a line in the ledger, the duty does it once the reminders stood."""
    worked(KEPT + 100)
    rooms.let_go()
    assert not is_gone(filled.study)
    worked(KEPT + 101, KEPT + 102)
    assert is_gone(filled.study)
