"""Field notes as those who meet people read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from community.errors import NotHere
from community.models import Group
from research import policies, sealed
from research.enums import Agreement
from research.models import FieldNote, FieldNoteRevision, StudyGroup
from research.policies import Desk
from research.selectors import presence, shown


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One wording of a note."""

    revision: FieldNoteRevision
    text: str
    codes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class About:
    """A passage that a note is about: whose, by number, and its words; none where it is gone."""

    pid: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note as it stands now."""

    note: FieldNote
    now: Wording
    about: Sequence[About]


def place_of(note: FieldNote, nth: int) -> str:
    """What a wording is sealed for."""
    return f"note|{note.public_id}|{nth}"


def written(*, desk: Desk, code: str = "") -> Sequence[Note]:
    """All notes of a study, the latest week first; or those with this code. Raises NotHere for an analyst."""
    policies.require("keep_notes", desk)
    rows = FieldNote.objects.select_related("study", "group", "colleague").filter(study=desk.study)
    found = [_note(row) for row in rows.order_by("-week", "id")]
    return [one for one in found if not code or code in one.now.codes]


def codes(notes: Sequence[Note]) -> list[str]:
    """Every code that these notes carry."""
    return sorted({code for one in notes for code in one.now.codes})


def find(*, desk: Desk, nid: str) -> Note:
    """One note. Raises NotHere."""
    policies.require("keep_notes", desk)
    row = FieldNote.objects.select_related("study", "group", "colleague").filter(
        study=desk.study, public_id=nid
    )
    found = row.first()
    if found is None:
        raise NotHere
    return _note(found)


def wordings(note: FieldNote) -> list[Wording]:
    """Every wording of a note, the latest first."""
    return [_wording(note, one) for one in note.revisions.order_by("-nth")]


def groups(*, desk: Desk) -> list[Group]:
    """The groups that a note can be about now."""
    hosts = StudyGroup.objects.select_related("study", "group").filter(
        study=desk.study, state=Agreement.AGREED
    )
    return [host.group for host in hosts.order_by("group__name", "id") if presence.watches(host)]


def _note(row: FieldNote) -> Note:
    anchors = row.anchors.select_related("source", "post__thread", "post__byline__persona")
    there = anchors.exclude(shown.is_over()).order_by("id")
    about = [About(pid=one.source.pid, words=shown.words(one, study=row.study)) for one in there]
    return Note(note=row, now=wordings(row)[0], about=about)


def _wording(note: FieldNote, row: FieldNoteRevision) -> Wording:
    opened = sealed.unseal(study=note.study, sealed=bytes(row.sealed), place=place_of(note, row.nth))
    said = json.loads(opened)
    return Wording(revision=row, text=said["text"], codes=said["codes"])
