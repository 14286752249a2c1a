"""Looking whose name it is, or at ways to reach somebody: not before one asks, and on the record."""

from __future__ import annotations

from django.db import transaction

from community.errors import NotHere
from core.registries.subjects import subjects
from moderation import policies
from moderation.actions import queue
from moderation.models import Case, Look
from moderation.policies import Judge
from moderation.selectors import cases


@transaction.atomic
def look(*, judge: Judge, case: Case) -> str:
    """The name that signed what a case is about. The first look of each moderator is recorded, and each of the outside
    person's; a worry shows it to everybody who may see the case. Raises NotHere."""
    judge = queue.lock_for(judge)
    policies.require("look", judge, case)
    is_new = judge.member is None or Look.objects.get_or_create(case=case, member=judge.member)[1]
    if is_new:
        queue.record(group=case.group, act="look at a name", role=queue.role_of(judge), ref=case.public_id)
    return _signed_as(case)


def has_looked(*, judge: Judge, case: Case) -> bool:
    """Whether this judge may see the name without a further look."""
    return case.is_worry or (
        judge.member is not None and Look.objects.filter(case=case, member=judge.member).exists()
    )


def name_of(*, judge: Judge, case: Case) -> str:
    """The name, for whoever has looked already; nothing for others, and nothing is recorded. Raises NotHere."""
    policies.require("look", judge, case)
    return _signed_as(case) if has_looked(judge=judge, case=case) else ""


@transaction.atomic
def look_at_contacts(*, judge: Judge, case: Case) -> None:
    """Before names and ways to reach somebody, in the words of a case, are shown: each look is recorded. Raises
    NotHere."""
    judge = queue.lock_for(judge)
    policies.require("look", judge, case)
    queue.record(
        group=case.group,
        act="look at names and contact details",
        role=queue.role_of(judge),
        ref=case.public_id,
    )


@transaction.atomic
def look_in_talk(*, judge: Judge, case: Case) -> str:
    """Where something stands among the others, with every name there: each look is recorded before it. Raises NotHere,
    also where no talk is open to the team."""
    judge = queue.lock_for(judge)
    policies.require("look", judge, case)
    url = talk_page(judge=judge, case=case)
    if not url:
        raise NotHere
    queue.record(
        group=case.group, act="look at names in a talk", role=queue.role_of(judge), ref=case.public_id
    )
    return url


def talk_page(*, judge: Judge, case: Case) -> str:
    """The address of that, for those of the team, who may read there anyway; empty where there is none."""
    try:
        page = subjects()[case.subject_kind].talk_page(public_id=cases.subject_of(case))
    except NotHere:
        return ""
    return page if judge.member else ""


def _signed_as(case: Case) -> str:
    """Empty where what it is about is not there any more."""
    try:
        return subjects()[case.subject_kind].signed_as(public_id=cases.subject_of(case))
    except NotHere:
        return ""
