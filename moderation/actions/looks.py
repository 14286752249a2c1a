"""Looking whose name it is: not before one asks, and on the record."""

from __future__ import annotations

from django.db import transaction

from core.registries.subjects import subjects
from moderation import policies
from moderation.actions import queue
from moderation.models import Case, Look
from moderation.policies import Judge


@transaction.atomic
def look(*, judge: Judge, case: Case) -> str:
    """The name that signed what a case is about. The first look of each moderator is recorded; a worry shows it to
    everybody who may see the case. Raises NotHere."""
    queue.lock(group=case.group)
    policies.require("look", judge, case)
    is_new = judge.member is not None and Look.objects.get_or_create(case=case, member=judge.member)[1]
    if is_new:
        queue.record(group=case.group, act="look at a name", ref=case.public_id)
    return subjects()[case.subject_kind].signed_as(public_id=case.subject_id)


def has_looked(*, judge: Judge, case: Case) -> bool:
    """Whether this judge may see the name without a further look."""
    return case.is_worry or (
        judge.member is not None and Look.objects.filter(case=case, member=judge.member).exists()
    )
