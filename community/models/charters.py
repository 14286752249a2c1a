"""Charters: versioned, never edited in place."""

from __future__ import annotations

from django.db import models

from community.models.groups import Group
from core.models import RandomKeyModel


class Charter(RandomKeyModel):
    """One version of a group's charter. A change is a new version."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="charters")
    version = models.PositiveIntegerField()
    purpose = models.TextField()
    what_it_is_not = models.JSONField(default=list)
    who_can_see = models.TextField()
    third_party_privacy = models.TextField()
    easy_read = models.TextField(blank=True)
    published_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "version"], name="charter_version_once")]

    @property
    def rules_in_order(self) -> list[Rule]:
        """The rules by position, from what was fetched with the charter where it was."""
        return sorted(self.rules.all(), key=lambda rule: rule.position)


class Rule(RandomKeyModel):
    """One rule of one charter version. `code` names the rule across versions."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="rules")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    example = models.TextField(blank=True)
    consequence = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["charter", "code"], name="rule_code_once")]
