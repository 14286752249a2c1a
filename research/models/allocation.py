"""Versions of the settings, and which one somebody or some group got."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import RandomKeyModel
from research.models.studies import Study, StudyGroup


class Arm(RandomKeyModel):
    """A version of the settings. `policy` holds what differs from the group's own, as in a version of how names work.
    Never changed once somebody got it."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="arms")
    code = models.CharField(max_length=1)
    title = models.CharField(max_length=80)
    policy = models.JSONField(default=dict)
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "code"], name="arm_code_once")]


class AllocationList(RandomKeyModel):
    """The order in which one stratum's versions are given out, fixed by a sealed seed. `commitment` is SHA-256 over
    the seed, shown before the first one is given. `taken` is how many are."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="lists")
    stratum = models.CharField(max_length=40)
    sealed_seed = models.BinaryField()
    commitment = models.CharField(max_length=64)
    taken = models.PositiveIntegerField(default=0)
    revealed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "stratum"], name="list_once")]


class Allocation(RandomKeyModel):
    """One place of a list: which version it is, and the key of the participant, or the group, that took it. It stays,
    without the key, when somebody leaves with everything: no place is given out twice."""

    list = models.ForeignKey(AllocationList, on_delete=models.CASCADE, related_name="places")
    index = models.PositiveIntegerField()
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, related_name="+")
    key = models.BinaryField(max_length=32, null=True, unique=True)
    host = models.OneToOneField(StudyGroup, on_delete=models.CASCADE, null=True, related_name="allocation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "index"], name="place_given_once"),
            models.CheckConstraint(condition=Q(key__isnull=True) | Q(host__isnull=True), name="place_of_one"),
        ]
