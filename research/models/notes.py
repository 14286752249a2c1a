"""Field notes, and the passages that they are about."""

from __future__ import annotations

from django.db import models

from chat.models import Post
from community.models import Group
from core import clock, ids
from core.models import RandomKeyModel
from research.enums import NoteKind, QuoteAnswer
from research.models.consent import Source
from research.models.studies import Colleague, Study


class Passage(RandomKeyModel):
    """Where words stand in a message, and no word of them: `mark` is made over them with the study's key, so that a
    message that was changed or taken away says nothing here any more. It goes with its writer's part."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="%(class)ss")
    start = models.PositiveIntegerField()
    length = models.PositiveIntegerField()
    mark = models.BinaryField(max_length=32)

    class Meta:
        abstract = True


class FieldNote(RandomKeyModel):
    """What somebody who works on a study noted, in a week of it, about a group. Its words are in its revisions."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="notes")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    colleague = models.ForeignKey(Colleague, on_delete=models.SET_NULL, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=14, choices=NoteKind.choices)
    week = models.PositiveSmallIntegerField()


class FieldNoteRevision(RandomKeyModel):
    """One wording of a note with its codes, sealed under the study's key. Added to, never changed."""

    note = models.ForeignKey(FieldNote, on_delete=models.CASCADE, related_name="revisions")
    nth = models.PositiveIntegerField()
    sealed = models.BinaryField()
    on_day = models.DateField(default=clock.today)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "nth"], name="note_revision_once")]


class QuoteAsk(Passage):
    """A writer is asked to be quoted. What it is for, and other words for it, are sealed under the study's key. Once it
    went out (`released_on`) nobody can call it back."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="quotes")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    sealed = models.BinaryField()
    answer = models.CharField(max_length=10, choices=QuoteAnswer.choices, default=QuoteAnswer.WAITING)
    asked_on = models.DateField(default=clock.today)
    answered_on = models.DateField(null=True)
    released_on = models.DateField(null=True)


class Anchor(Passage):
    """A passage that a note is about. It is the only way in which a note points to somebody."""

    note = models.ForeignKey(FieldNote, on_delete=models.CASCADE, related_name="anchors")
