"""Consent: what somebody was told, what they said, and under which ids they take part."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from community.models import Group, Member
from core.models import RandomKeyModel
from research.enums import Answer, Item, Part, Scope
from research.models.allocation import Arm
from research.models.studies import Study


class ConsentDocument(RandomKeyModel):
    """What is said before somebody says yes, in one version. Never changed: `digest` is SHA-256 over `body`.

    `body` holds title, about (questions with answers), law (the small print), items (code → what a yes means), and
    checks (question, options, right).
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="documents")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    is_material = models.BooleanField(default=True)
    published_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "version"], name="document_version_once")]


class Participant(RandomKeyModel):
    """Somebody's part in a study in one group, as far as answers go. No member: who it is only their own session
    finds, by `key` = HMAC(S, 'participant' ‖ study ‖ group). `pid` is what the team sees."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="participants")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField(max_length=32, unique=True)
    pid = models.CharField(max_length=20)
    part = models.CharField(max_length=8, choices=Part.choices, default=Part.IN)
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    left_on = models.DateField(null=True)
    goes_on = models.DateField(null=True)  # the day by lot from which the team's counts tell that they left

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "group", "pid"], name="pid_once")]


class Source(RandomKeyModel):
    """Somebody's part as far as activity and messages go: these need the member. Its `pid` is another one than that of
    the answers, and `participant` is known only where both may be put together. It begins and ends on days by lot.

    That somebody left shows to the team from `goes_on` on. Until then `as_left` says what their messages allowed: the
    days that could be read, whether they could be asked, and which passages were empty. Of a part that is deleted
    (`Part.GONE`) the row stays until then, without its member, and with a key that only the study's own finds."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="sources")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.BinaryField(max_length=32, unique=True)
    pid = models.CharField(max_length=20)
    part = models.CharField(max_length=8, choices=Part.choices, default=Part.IN)
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, null=True, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.SET_NULL, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    goes_on = models.DateField(null=True)
    as_left = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "member"], name="source_once"),
            models.UniqueConstraint(
                fields=["study", "pid"], condition=~Q(part=Part.GONE), name="source_pid_once"
            ),
        ]


class ConsentEvent(RandomKeyModel):
    """One answer to one item, on one day, to what one document said. Added to, never changed; deleted only with its
    owner's part. `key` is that of the participant or of the source, whichever the item is about."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField(max_length=32, db_index=True)
    nth = models.PositiveIntegerField()
    item = models.CharField(max_length=12, choices=Item.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    document = models.ForeignKey(ConsentDocument, on_delete=models.PROTECT, related_name="+")
    on_day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "nth"], name="consent_event_once")]


class Departure(RandomKeyModel):
    """Somebody left: when and how, and nothing that says who. The team's counts tell it from `shows_on` on."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="departures")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, null=True, related_name="+")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    week = models.PositiveSmallIntegerField()  # of their own part
    shows_on = models.DateField(null=True)


class Recall(RandomKeyModel):
    """An id that has to come out of every file somebody holds; out of one file, where `export` says which. Gone once
    all holders said that it is."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="recalls")
    export = models.ForeignKey("research.Export", on_delete=models.CASCADE, null=True, related_name="recalls")
    pid = models.CharField(max_length=20)
    since = models.DateField()
