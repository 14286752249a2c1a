"""Whose pages go by which version of the settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from community.models import Group
from community.selectors import names
from community.selectors.names import Change, Policy
from core import clock
from research.enums import Agreement, Part, Unit
from research.models import Allocation, Arm, Participant, StudyGroup
from research.policies import floor, studies
from research.selectors import parts
from research.selectors.desks import KeyOf

NOTICE = dt.timedelta(days=14)  # to read what would change, and to talk about it


@dataclass(frozen=True, kw_only=True)
class GroupVersion:
    """The version that a whole group got: what it changes here, and from when its lead may let it hold."""

    arm: Arm
    changes: Sequence[Change]
    from_day: dt.date

    @property
    def is_early(self) -> bool:
        """Whether people still have time to talk about it."""
        return clock.today() < self.from_day


def of_group(*, host: StudyGroup) -> GroupVersion | None:
    """The version of a group that said yes to an open study. None: there is none, or it was not given yet."""
    given = Allocation.objects.select_related("arm").filter(host=host).first()
    if given is None or host.study.opened_on is None:
        return None
    ordinary = names.policy_of(host.group)
    after = floor.applied(arm=given.arm.policy, ordinary=ordinary)
    return GroupVersion(
        arm=given.arm,
        changes=names.changes(before=ordinary, after=after, kinds=names.kinds()),
        from_day=max(host.study.opened_on, host.answered_on or host.study.opened_on) + NOTICE,
    )


def own_settings(group: Group, policy: Policy, key_of: KeyOf) -> Policy:
    """The settings of somebody's own pages: their group's, but for what their version changes while its study runs.
    What others would see stays the group's, whatever a version says."""
    hosts = StudyGroup.objects.select_related("study").filter(
        group=group, state=Agreement.AGREED, study__unit=Unit.PERSON, study__state__in=studies.OPEN,
        study__is_paused=False,
    )  # fmt: skip
    keys = [key_of(parts.PARTICIPANT, parts.ref(study=host.study, gid=group.public_id)) for host in hosts]
    if not keys:
        return policy
    rows = Participant.objects.select_related("arm").filter(key__in=keys, part=Part.IN, arm__isnull=False)
    for row in rows.order_by("id"):
        assert row.arm is not None
        if not floor.seen_by_others(arm=row.arm.policy, ordinary=policy):
            policy = floor.applied(arm=row.arm.policy, ordinary=policy)
    return policy
