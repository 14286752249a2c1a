"""Files of a study's data: what was asked for, what the check found, who let it go, and whose numbers are in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core import clock, ids
from core.models import RandomKeyModel
from research.enums import ExportState, ExportTier, Wanted
from research.models.consent import Participant, Source
from research.models.once import OnceName
from research.models.studies import Study

NOT_MADE = {"sealed_made": None, "made_over": "", "made_until": None}


class Export(RandomKeyModel):
    """One file. No copy of it is kept: `digest` is SHA-256 over it, and it is made anew, to the same byte, whenever
    it is fetched. `recipe` says what goes in; `sealed_reading` what somebody did to which message while they read it,
    as places and never as words. `asked_by` and `decided_by` are keys as a `Colleague` has them. `found` is what the
    check found, `trace` what each stage did, in counts. `gone_on`: its holders said that no copy is left.

    `wanted`: somebody, `wanted_by`, asked that it be made, and it was not yet; `tries` were begun. `refusal` says in
    words why the last one came to nothing. `sealed_made` is one that was made to be fetched: it lies there until
    `made_until`, and is given out only while what it rests on is still `made_over`."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="exports")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    tier = models.CharField(max_length=2, choices=ExportTier.choices)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.READING)
    recipe = models.JSONField()
    recipient = models.CharField(max_length=200, blank=True)
    agreement = models.CharField(max_length=200, blank=True)
    asked_by = models.BinaryField(max_length=32)
    decided_by = models.BinaryField(max_length=32, null=True)
    sealed_reading = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    people = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list)
    trace = models.JSONField(default=list)
    asked_on = models.DateField(default=clock.today)
    decided_on = models.DateField(null=True)
    until = models.DateField(null=True)  # the last day on which it can be fetched
    fetched_on = models.DateField(null=True)
    gone_on = models.DateField(null=True)
    wanted = models.CharField(max_length=6, choices=Wanted.choices, blank=True)
    wanted_by = models.BinaryField(max_length=32, null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    refusal = models.CharField(max_length=300, blank=True)
    sealed_made = models.BinaryField(null=True)
    made_over = models.CharField(max_length=64, blank=True)
    made_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tier__in=ExportTier.values) & Q(state__in=ExportState.values),
                name="export_state_known",
            ),
            models.CheckConstraint(  # a second person, whatever asks
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="export_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.APPROVED)
                | Q(decided_by__isnull=False, until__isnull=False) & ~Q(digest=""),
                name="export_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(tier=ExportTier.T1) | ~Q(recipient="") & ~Q(agreement=""),
                name="export_has_recipient",
            ),
        ]


class ExportSubject(RandomKeyModel):
    """That somebody's part, or a one-thread name, is in a file, under which number there. It goes with that."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="subjects")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, null=True, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, related_name="+")
    once = models.ForeignKey(OnceName, on_delete=models.CASCADE, null=True, related_name="+")
    number = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "participant"], name="participant_in_file_once"),
            models.UniqueConstraint(fields=["export", "source"], name="source_in_file_once"),
            models.UniqueConstraint(fields=["export", "once"], name="once_in_file_once"),
            models.CheckConstraint(
                condition=Q(participant__isnull=False, source__isnull=True, once__isnull=True)
                | Q(participant__isnull=True, source__isnull=False, once__isnull=True)
                | Q(participant__isnull=True, source__isnull=True, once__isnull=False),
                name="subject_is_one_part",
            ),
        ]
