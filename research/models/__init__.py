"""Rows of research: studies, consent, versions of the settings, questions."""

from research.models.allocation import Allocation, AllocationList, Arm
from research.models.consent import ConsentDocument, ConsentEvent, Departure, Participant, Recall, Source
from research.models.counting import DaySheet, StillCounted
from research.models.exports import Export, ExportSubject
from research.models.notes import Anchor, FieldNote, FieldNoteRevision, QuoteAsk
from research.models.once import OnceName
from research.models.presence import Presence, Seat
from research.models.retention import Reminder
from research.models.rooms import Room, RoomFace, RoomGuest, RoomPost
from research.models.studies import (
    Colleague,
    OutsideStudy,
    Protocol,
    SafetyEntry,
    Study,
    StudyCode,
    StudyGroup,
    StudyLoad,
    WentOn,
)
from research.models.tallies import Tally
from research.models.waves import Instrument, Response, Wave, WaveTask

__all__ = [
    "Allocation", "AllocationList", "Anchor", "Arm", "Colleague", "ConsentDocument", "ConsentEvent", "DaySheet",
    "Departure", "Export", "ExportSubject", "FieldNote", "FieldNoteRevision", "Instrument", "OnceName",
    "OutsideStudy", "Participant", "Presence", "Protocol", "QuoteAsk", "Recall", "Reminder", "Response", "Room",
    "RoomFace", "RoomGuest", "RoomPost", "SafetyEntry", "Seat", "Source", "StillCounted", "Study", "StudyCode",
    "StudyGroup", "StudyLoad", "Tally", "Wave", "WaveTask", "WentOn",
]  # fmt: skip
