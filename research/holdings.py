"""What research holds of a person in one group, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from django.db.models import Q

from core import ledger
from core.registries import holdings
from core.registries.holdings import Apart, Owner, Row
from research import once_holdings, room_holdings
from research.actions import departing, retention
from research.enums import Part
from research.models import (
    Allocation,
    AllocationList,
    Anchor,
    Arm,
    Colleague,
    ConsentDocument,
    ConsentEvent,
    DaySheet,
    Departure,
    Export,
    ExportSubject,
    FieldNote,
    FieldNoteRevision,
    Instrument,
    OutsideStudy,
    Participant,
    Presence,
    Protocol,
    QuoteAsk,
    Recall,
    Reminder,
    Response,
    SafetyEntry,
    Seat,
    Source,
    StillCounted,
    Study,
    StudyCode,
    StudyGroup,
    StudyLoad,
    Tally,
    Wave,
    WaveTask,
    WentOn,
)
from research.selectors import parts, passages, quotes


def _participants(owner: Owner) -> Iterable[Participant]:
    assert owner.key is not None
    return parts.participants(gid=owner.group, key_of=owner.key)


def _sources(owner: Owner) -> Iterable[Source]:
    assert owner.key is not None
    return parts.sources(gid=owner.group, key_of=owner.key)


def _own_parts(owner: Owner) -> Iterator[Row]:
    for found in _participants(owner):
        yield {
            "study": parts.title(found.study),
            "your number in it": found.pid,
            "how you stand to it": found.get_part_display(),
            "since": found.since,
        }
    for source in _sources(owner):
        yield {"study": parts.title(source.study), "the number of your messages in it": source.pid}


def _own_consents(owner: Owner) -> Iterator[Row]:
    answers, messages = _participants(owner), _sources(owner)
    keys = [bytes(row.key) for row in answers] + [bytes(row.key) for row in messages]
    for event in ConsentEvent.objects.filter(key__in=keys).order_by("on_day", "nth"):
        yield {
            "on": event.on_day,
            "you were asked": event.get_item_display(),
            "your answer": event.get_answer_display(),
        }


def _own_answers(owner: Owner) -> Iterator[Row]:
    for found in _participants(owner):
        yield from parts.answers(participant=found)


def _own_anchors(owner: Owner) -> Iterator[Row]:
    rows = Anchor.objects.select_related("note__study", "post__byline__persona")
    for anchor in rows.filter(source__in=_sources(owner)):
        study = anchor.note.study
        yield {"study": parts.title(study), "these words were noted": passages.words(anchor, study=study)}


def _own_quotes(owner: Owner) -> Iterator[Row]:
    for one in quotes.of_sources(sources=_sources(owner)):
        yield {
            "study": parts.title(one.ask.study),
            "your words": one.words,
            "the same in other words": one.rewording or None,
            "what it is for": one.use,
            "your answer": one.ask.get_answer_display(),
        }


def _own_files(owner: Owner) -> Iterator[Row]:
    answers, messages = _participants(owner), _sources(owner)
    mine = Q(participant__in=answers) | Q(source__in=messages) | Q(once__in=once_holdings.refs(owner))
    rows = ExportSubject.objects.filter(mine, export__fetched_on__isnull=False).select_related(
        "export__study"
    )
    for row in rows.order_by("export__fetched_on", "number"):
        yield {
            "study": parts.title(row.export.study),
            "a file left on": row.export.fetched_on,
            "its kind": row.export.get_tier_display(),
            "it is for": row.export.recipient or None,
            "your number in it": row.number or "none, you are one of a count",
        }


def _participant_refs(owner: Owner) -> Iterable[str]:
    return [str(row.pk) for row in _participants(owner)]


def _source_refs(owner: Owner) -> Iterable[str]:
    return [str(row.pk) for row in _sources(owner)]


def _participants_there() -> Iterable[str]:
    return map(str, Participant.objects.values_list("pk", flat=True).iterator())


def _sources_there() -> Iterable[str]:
    return map(str, Source.objects.exclude(part=Part.GONE).values_list("pk", flat=True).iterator())


def _own_seat(owner: Owner) -> Iterator[Row]:
    for seat in Seat.objects.select_related("study").filter(member__owner_tag=owner.tag):
        yield {"you read here for": parts.title(seat.study)}


def _no_seat(owner: Owner) -> None:
    Seat.objects.filter(member__owner_tag=owner.tag).delete()


def _still_in(model: type[Participant | Source]) -> Iterable[str]:
    return map(str, model._default_manager.filter(part=Part.IN).values_list("pk", flat=True).iterator())


def _with_part(owner: Owner) -> None:
    """Goes with the part."""


def register() -> None:
    """Register every model of research, and what the ledger of erasures can name."""
    room_holdings.register()
    once_holdings.register()
    ledger.register(parts.PARTICIPANT, refs=_participants_there, erase=partial(departing.forget, Participant))
    ledger.register(parts.SOURCE, refs=_sources_there, erase=partial(departing.forget, Source))
    ledger.register(retention.KIND, refs=retention.there, erase=retention.forget)
    for model, kind in departing.KINDS.items():
        for part in (Part.STOPPED, Part.EXCLUDED):  # an older copy does not take back that somebody left
            end = partial(departing.end_again, model, part)
            ledger.register(f"{kind} {part}", refs=partial(_still_in, model), erase=end)
    holdings.hold(
        Participant,
        export=_own_parts,
        erase=Apart(refs=_participant_refs, erase=lambda ref: departing.forget(Participant, ref)),
        title="Studies you take part in",
    )
    holdings.hold(
        Source,
        export=lambda _: (),
        erase=Apart(refs=_source_refs, erase=lambda ref: departing.forget(Source, ref)),
    )
    holdings.hold(ConsentEvent, export=_own_consents, erase=_with_part, title="What you said yes and no to")
    holdings.hold(Response, export=_own_answers, erase=_with_part, title="Your answers")
    holdings.hold(WaveTask, export=lambda _: (), erase=_with_part)
    holdings.hold(Seat, export=_own_seat, erase=_no_seat, title="Your study here")
    holdings.hold(Anchor, export=_own_anchors, erase=_with_part, title="Notes about your messages")
    holdings.hold(QuoteAsk, export=_own_quotes, erase=_with_part, title="Whether a study may quote you")
    holdings.hold(ExportSubject, export=_own_files, erase=_with_part, title="Files you were in")
    _keep()


def _keep() -> None:
    holdings.keep(Export, because="says which files were asked for; who is in one goes with their part")
    holdings.keep(FieldNote, because="belongs to its study, and names nobody")
    holdings.keep(FieldNoteRevision, because="belongs to its study, and names nobody")
    holdings.keep(Allocation, because="its key goes with the part; the place alone says nothing")
    holdings.keep(AllocationList, because="belongs to its study")
    holdings.keep(Arm, because="belongs to its study")
    holdings.keep(Colleague, because="a role in a study, taken away by its lead or by the one who has it")
    holdings.keep(ConsentDocument, because="belongs to its study")
    holdings.keep(DaySheet, because="counts of a study, made anew each day")
    holdings.keep(Departure, because="says that somebody left, never who")
    holdings.keep(Instrument, because="public questions")
    holdings.keep(OutsideStudy, because="belongs to its group")
    holdings.keep(Presence, because="says which study read in a talk on a day, never who")
    holdings.keep(Protocol, because="belongs to its study")
    holdings.keep(Recall, because="names an id that is to come out of files, and goes when it has")
    holdings.keep(Reminder, because="belongs to its study")
    holdings.keep(SafetyEntry, because="belongs to its study, and names nobody")
    holdings.keep(StillCounted, because="how far somebody was, never who, for a week at most")
    holdings.keep(Study, because="belongs to whoever works on it")
    holdings.keep(StudyCode, because="says which code exists, never whose it is")
    holdings.keep(WentOn, because="belongs to its study, and names nobody")
    holdings.keep(StudyGroup, because="belongs to its group and its study")
    holdings.keep(StudyLoad, because="belongs to its group")
    holdings.keep(Tally, because="rounded counts of ten people and more, which nobody can be taken out of")
    holdings.keep(Wave, because="belongs to its study")
