"""Reports and the cases they become."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from community.models import Group, Member
from core import clock, ids
from core.models import RandomKeyModel
from moderation.enums import WORRIES, CaseKind, CaseState, Kind, Part, Reason

CARE = sorted(WORRIES)


class Case(RandomKeyModel):
    """Something to look at, with a copy of it as it was then. However many report a thing, there is one about the
    rules, and one about care: that all of the team may see the second opens nothing of the first.

    `subject_kind` and `subject_id` name the thing in the registry of subjects; `context` is a list of {"by":
    byline's public id, "text", "is_subject"}; what its person told the team has "after": how often it had written.
    `holder`, a person's key, has it until `lease_until`; `fence` grows with each claim, so that a decision of an
    earlier holder is refused. `told_by`, a person's key, did what happened with it last; nobody, where no one of the
    team did. `sealed_author` holds the writer's owner tag, for a limit to follow them. `since` is the hour of the
    first report, or since which it waits again. `opened_at`: how many entries the group's record had as it opened.
    `is_to_forget`: its copy goes once it is decided, as does that of whoever asks for another look. `noticed` is what
    automatic help found in it, if it did.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="cases")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    kind = models.CharField(max_length=8, choices=CaseKind.choices, default=CaseKind.REPORT)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.CharField(max_length=20)
    version = models.BigIntegerField(default=0)
    text = models.TextField(blank=True)
    context = models.JSONField(default=list)
    place = models.CharField(max_length=20, blank=True)
    is_alias = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    urgency = models.PositiveSmallIntegerField()
    noticed = models.CharField(max_length=8, choices=Kind.choices, blank=True)
    state = models.CharField(max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    since = models.DateTimeField()
    opened_at = models.PositiveBigIntegerField(default=0)
    is_to_forget = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    sealed_author = models.BinaryField()
    author_key = models.BinaryField(max_length=32)
    holder = models.BinaryField(max_length=32, null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    told_by = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes = [models.Index(fields=["group", "state", "urgency", "since"], name="cases_by_urgency")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(state="open") & ~Q(reason__in=CARE),
                name="one_open_case_a_thing",
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(state="open") & Q(reason__in=CARE),
                name="one_open_worry_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(holder=None) | Q(lease_until__isnull=False), name="a_claim_has_an_end"
            ),
        ]

    @property
    def is_worry(self) -> bool:
        """Care for somebody, not a rule that was broken."""
        return self.reason in WORRIES

    @property
    def is_told_more(self) -> bool:
        """Whether its person told the team more, as a call for help does."""
        return any("after" in line for line in self.context)

    @property
    def with_parts(self) -> Iterable[Party]:
        """Its parties; where they were fetched with it, as they are: `all` would make a queryset of them each time."""
        fetched: dict[str, Iterable[Party]] = getattr(self, "_prefetched_objects_cache", {})
        return fetched["parties"] if "parties" in fetched else self.parties.all()

    @classmethod
    def alike(cls, reason: str) -> Q:
        """Cases that something with this reason belongs to: those about care, or those about the rules."""
        care = Q(reason__in=CARE)
        return care if reason in WORRIES else ~care


class Party(RandomKeyModel):
    """Somebody is part of a case, known by a key that only their owner tag and the key ring make over `ref`: this
    case, or an earlier one about the same thing, whose parts go on here."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    ref = models.CharField(max_length=20)
    part = models.CharField(max_length=10, choices=Part.choices)
    key = models.BinaryField(max_length=32, db_index=True)


class Report(RandomKeyModel):
    """Somebody reported. `key` is HMAC(S, 'report' ‖ case): its reporter finds it, nobody else.

    The team may ask one thing, and be answered, without learning who it is. `is_new`: what became of it is something
    its reporter has not read yet.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    key = models.BinaryField(max_length=32, unique=True)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    reported_on = models.DateField(default=clock.today)
    question = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    is_new = models.BooleanField(default=False)


class Look(RandomKeyModel):
    """A moderator looked whose name it is: once for each case and moderator, and on the record."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="looks")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="one_look")]
