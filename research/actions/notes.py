"""Writing field notes: sealed, added to and never changed, and about nobody who did not say yes to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community.errors import MayNot, NotHere
from community.models import Group
from community.selectors.here import Here
from core import clock
from core import text as texts
from research import sealed
from research.actions.codes import locked
from research.enums import NoteKind
from research.models import Anchor, FieldNote, FieldNoteRevision
from research.policies import Desk
from research.selectors import notes, passages, presence, quoting, shown
from research.selectors.desks import KeyOf

NOT_NOTED = gettext_noop("You cannot note anything about this message.")  # says nothing of its writer


@dataclass(frozen=True, kw_only=True)
class Words:
    """What somebody notes, and the codes they put on it."""

    text: str
    codes: Sequence[str] = ()


class Unfit(MayNot):
    """A note that may not say what it says. `reasons` are plain sentences that say what to change."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


def write(*, desk: Desk, gid: str, kind: NoteKind, words: Words) -> FieldNote:
    """Note something about a group that hosts the study now. Raises NotHere, Unfit."""
    with transaction.atomic():
        now = locked(desk, "keep_notes")
        group = next((one for one in notes.groups(desk=now) if one.public_id == gid), None)
        if group is None:
            raise NotHere
        return _write(now, group, kind, words)


def revise(*, desk: Desk, nid: str, words: Words) -> None:
    """Word a note anew; what it said before stays. Raises NotHere, Unfit."""
    with transaction.atomic():
        now = locked(desk, "keep_notes")
        found = notes.find(desk=now, nid=nid)
        if (words.text, list(words.codes)) != (found.now.text, list(found.now.codes)):
            _add(found.note, words, nth=found.now.revision.nth + 1)


def note_on(
    *, here: Here, pid: str, passage: str, key_of: KeyOf, nid: str = "", kind: NoteKind | None = None,
    words: Words | None = None,
) -> None:  # fmt: skip
    """Tie a passage of a message to a note, an old one or a new one. Raises NotHere for a message that is not open to
    them, MayNot for one whose writer did not say yes to that, and Unfit."""
    with transaction.atomic():
        now = locked(presence.desk_of(here=here, key_of=key_of), "keep_notes")
        post = passages.message(here=here, pid=pid, key_of=key_of)
        source = shown.source_of(study=now.study, post=post)
        if source is None:
            raise MayNot(_(NOT_NOTED))
        at = passages.locate(study=now.study, post=post, words=passage)
        if at is None:
            raise MayNot(_("These words are not in the message. Copy them as they stand there."))
        if nid:
            note = notes.find(desk=now, nid=nid).note
        elif kind and words:
            note = _write(now, here.group, kind, words)
        else:
            raise MayNot(_("Pick a note, or write one."))
        Anchor.objects.create(note=note, post=post, source=source, **at)


def _write(desk: Desk, group: Group, kind: NoteKind, words: Words) -> FieldNote:
    assert desk.study.opened_on
    week = (clock.today() - desk.study.opened_on).days // 7
    note = FieldNote.objects.create(
        study=desk.study, colleague=desk.colleague, group=group, kind=kind, week=week
    )
    _add(note, words, nth=1)
    return note


def _add(note: FieldNote, words: Words, *, nth: int) -> None:
    text, codes = texts.tidy(words.text), [" ".join(texts.tidy(code).split()) for code in words.codes]
    said = "\n".join([text, *codes])
    if reasons := quoting.faults(study=note.study, group=note.group, text=said):
        raise Unfit(reasons)
    value = json.dumps({"text": text, "codes": codes}).encode()
    FieldNoteRevision.objects.create(
        note=note, nth=nth, sealed=sealed.seal(study=note.study, value=value, place=notes.place_of(note, nth))
    )
