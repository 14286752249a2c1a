"""Studies: what they are, in numbered versions, who works on them, and the groups that were asked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from community.models import Group
from core import clock, ids
from core.models import RandomKeyModel
from research.enums import Agreement, PausedBy, Related, Severity, StudyRole, StudyState, Unit


class Study(RandomKeyModel):
    """One study. While it is set up its answers lie in `draft`; a protocol version freezes them.

    `sealed_key` holds its own key, under the ring's lasting one. `joins`: somebody's parts in several groups are
    joined, by an act of theirs in each. The scope of its record is its public id. It takes nobody in after the day to
    which its ethics approval lasts. `paused_because` says what paused it, `seen_counts` the counts of its stop rules
    (measure → number) that its lead had read when it went on. `told_and_gone`: how many told of bad moments and had
    what they gave taken away, so that no rule falls for it. `data_gone_on`: the time for which it keeps what it has of
    people was over, and that went.
    """

    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    state = models.CharField(max_length=8, choices=StudyState.choices, default=StudyState.DRAFT)
    is_paused = models.BooleanField(default=False)
    paused_because = models.CharField(max_length=20, blank=True, choices=PausedBy.choices)
    seen_counts = models.JSONField(default=dict)
    told_and_gone = models.PositiveIntegerField(default=0)
    unit = models.CharField(max_length=6, choices=Unit.choices, default=Unit.PERSON)
    joins = models.BooleanField(default=False)
    draft = models.JSONField(default=dict)
    sealed_key = models.BinaryField()
    protocol_version = models.PositiveIntegerField(default=0)
    consent_version = models.PositiveIntegerField(default=0)
    ethics_until = models.DateField(null=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    data_gone_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=StudyState.values) & Q(unit__in=Unit.values), name="study_state_known"
            ),
            models.CheckConstraint(  # nobody is asked before there is something to say yes to
                condition=Q(state=StudyState.DRAFT) | Q(protocol_version__gt=0, consent_version__gt=0),
                name="study_has_protocol_and_consent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[StudyState.DRAFT, StudyState.APPROVED]) | Q(opened_on__isnull=False),
                name="study_opened_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"study {self.public_id}"


class Protocol(RandomKeyModel):
    """One version of a study's settings. Added to, never changed: `digest` is SHA-256 over the settings."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="protocols")
    version = models.PositiveIntegerField()
    settings = models.JSONField()
    digest = models.CharField(max_length=64)
    change_note = models.CharField(max_length=500, blank=True)
    is_material = models.BooleanField(default=True)
    published_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "version"], name="protocol_version_once")]


class Colleague(RandomKeyModel):
    """Somebody's role in one study, known by HMAC(S, 'study' ‖ its public id): no account and no member is named."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="colleagues")
    key = models.BinaryField(max_length=32, unique=True)
    role = models.CharField(max_length=10, choices=StudyRole.choices)
    label = models.CharField(max_length=60)  # what they chose to be called in this study's papers


class StudyCode(RandomKeyModel):
    """A one-time code that brings somebody into a study, or lets them begin one. Only its fingerprint is stored."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, null=True)
    role = models.CharField(max_length=10, choices=StudyRole.choices)
    fingerprint = models.BinaryField(max_length=32, unique=True)
    expires_on = models.DateField()


class StudyGroup(RandomKeyModel):
    """A group that was asked to host a study. `pair` matches groups of which one gets each version."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="hosts")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=Agreement.choices, default=Agreement.ASKED)
    pair = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)
    asked_on = models.DateField()
    answered_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "group"], name="group_asked_once")]


class StudyLoad(RandomKeyModel):
    """How many studies a group wants at once, and until when it wants none."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="+")
    at_most = models.PositiveSmallIntegerField(default=1)
    none_until = models.DateField(null=True)


class OutsideStudy(RandomKeyModel):
    """A study by others that a group was asked to take part in, elsewhere: it tires people just the same."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    title = models.CharField(max_length=120)
    begins_on = models.DateField()
    ends_on = models.DateField()


class SafetyEntry(RandomKeyModel):
    """Something bad that happened, and what was done. Its words are sealed under the study's key."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="safety")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    happened_on = models.DateField()
    severity = models.CharField(max_length=8, choices=Severity.choices)
    related = models.CharField(max_length=8, choices=Related.choices)
    sealed = models.BinaryField()
    handled_on = models.DateField(null=True)


class WentOn(RandomKeyModel):
    """Why a study went on after a pause: beside the safety log, sealed as its words are."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="went_on")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    on_day = models.DateField(default=clock.today)
    sealed = models.BinaryField()
