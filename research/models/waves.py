"""Questions over time, on each participant's own clock."""

from __future__ import annotations

from django.db import models

from core.models import RandomKeyModel
from research.enums import TaskState
from research.models.consent import Participant
from research.models.studies import Study


class Instrument(RandomKeyModel):
    """A set of questions that an operator took in. Never changed: `digest` is SHA-256 over `definition`. The bundled
    ones are files."""

    code = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    definition = models.JSONField()
    taken_in_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="instrument_version_once")]


class Wave(RandomKeyModel):
    """One round of questions: in which week of somebody's part it opens, for how many days, and which instruments, as
    a list of [code, version, digest]."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="waves")
    number = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField()
    open_days = models.PositiveSmallIntegerField()
    instruments = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "number"], name="wave_once")]


class WaveTask(RandomKeyModel):
    """One round of one participant. Made with their part, all at once, so that nothing has to happen later for it to
    open: it is open from one day to another."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="tasks")
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(max_length=9, choices=TaskState.choices, default=TaskState.WAITING)
    opens_on = models.DateField()
    closes_on = models.DateField()  # the last day
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "wave"], name="task_once")]


class Response(RandomKeyModel):
    """One answer. A choice is a number, free text is sealed under the study's key; else `missing` says why."""

    task = models.ForeignKey(WaveTask, on_delete=models.CASCADE, related_name="responses")
    instrument = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    value = models.SmallIntegerField(null=True)
    sealed = models.BinaryField(null=True)
    missing = models.SmallIntegerField(null=True)
    study_day = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "instrument", "item"], name="answer_once")]
