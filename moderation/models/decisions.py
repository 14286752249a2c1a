"""Decisions, and what the person they are about is told."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from community.models import Group, Member
from core import clock, ids
from core.models import RandomKeyModel
from moderation.enums import FACTS, Act, Scope
from moderation.models.cases import Case

models.TextField.register_lookup(Length)


class Notice(RandomKeyModel):
    """What the team tells one person in one group: found by a key that only their owner tag and the key ring make."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    key = models.BinaryField(max_length=32, db_index=True)
    message = models.TextField(max_length=2000)
    sent_on = models.DateField(default=clock.today)
    is_read = models.BooleanField(default=False)


class Decision(RandomKeyModel):
    """What was decided about a case, and why. A restriction without rule, facts, reach, way to appeal and notice
    cannot be stored, nor one that somebody took in a case about themselves.

    `from_outside`: the outside person took it; `decided_by` may be empty of a team's as well, once its member is gone.
    `alone`: nobody else was there to ask; it is looked at again by `again_on`. `undone_on`: it holds no more.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    fence = models.PositiveIntegerField()
    act = models.CharField(max_length=12, choices=Act.choices)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.MESSAGE)
    restricts = models.BooleanField()
    days = models.PositiveIntegerField(null=True)
    rule_code = models.CharField(max_length=40, blank=True)
    charter_version = models.PositiveIntegerField(null=True)
    facts = models.TextField(max_length=2000, blank=True)
    by_machine = models.BooleanField(default=False)
    appeal_until = models.DateField(null=True)
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True, related_name="decision")
    decided_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    from_outside = models.BooleanField(default=False)
    decider_key = models.BinaryField(max_length=32)
    author_key = models.BinaryField(max_length=32)
    decided_on = models.DateField(default=clock.today)
    alone = models.BooleanField(default=False)
    again_on = models.DateField(null=True)
    looked_again_on = models.DateField(null=True)
    undone_on = models.DateField(null=True)
    undone_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "fence"], name="one_decision_a_claim"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(undone_on=None), name="one_decision_holds"
            ),
            models.CheckConstraint(condition=~Q(decider_key=F("author_key")), name="nobody_decides_their_own"),
            models.CheckConstraint(
                condition=Q(restricts=False)
                | Q(
                    ~Q(rule_code=""), ~Q(scope=""), charter_version__isnull=False, appeal_until__isnull=False,
                    notice__isnull=False, facts__length__gte=FACTS,
                ),
                name="reasons_are_complete",
            ),
            models.CheckConstraint(
                condition=Q(restricts=True) | Q(act__in=["nothing", "note"]), name="what_restricts_says_so"
            ),
            models.CheckConstraint(
                condition=~Q(act__in=["slow", "check_first", "mute", "ban", "suspend"]) | Q(days__isnull=False),
                name="limits_have_an_end",
            ),
            models.CheckConstraint(
                condition=Q(alone=False) | Q(again_on__isnull=False), name="alone_is_looked_at_again"
            ),
        ]  # fmt: skip


class Sanction(RandomKeyModel):
    """What a decision did to a person, to undo it: their owner tag, the limit and the earlier problem, all sealed,
    so that no row leads from a one-thread name to a member."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="sanction")
    sealed = models.BinaryField()


class Strike(RandomKeyModel):
    """An earlier problem of a name in this group, by rule: `key` is made by the key ring, for all of somebody's names
    one, for each one-thread name another. It fades at the end of a month, so that its row tells no decision by its day.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField(max_length=32, db_index=True)
    rule_code = models.CharField(max_length=40)
    fades_on = models.DateField()
