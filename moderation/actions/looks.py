"""Looking whose name it is, or at ways to reach somebody: not before one asks, and on the record."""

from __future__ import annotations

from django.db import transaction

from community.errors import NotHere
from community.selectors.here import Here
from core.registries.subjects import subjects
from moderation import policies
from moderation.actions import queue
from moderation.enums import CaseState, Reason
from moderation.models import Case, Look
from moderation.policies import Judge
from moderation.selectors import cases, worries

MOST = 20  # worries whose name is compared, the first of the list


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


def of_the_same_name(*, judge: Judge, case: Case) -> list[Case]:
    """The other worries that wait about the name that this one is about: each message has its own, and their pages
    show that name. A one-thread name is one in its talk alone, and a call for help has none: nothing that a person
    wrote under another name stands beside it. Raises NotHere."""
    name = name_of(judge=judge, case=case) if _is_about_its_writer(case) else ""
    if not name:
        return []
    place = case.place if case.is_alias else None
    others = [
        one
        for one in cases.waiting(judge=judge)
        if one.pk != case.pk
        and _is_about_its_writer(one)
        and (one.place if one.is_alias else None) == place
        and one.is_alias == case.is_alias
    ]
    return [one for one in others[:MOST] if _signed_as(one) == name]


def _is_about_its_writer(case: Case) -> bool:
    return case.state == CaseState.OPEN and case.reason in worries.OF_ONESELF


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


@transaction.atomic
def look_at_advice(*, judge: Judge, here: Here | None, case: Case) -> str:
    """Where a note about the advice in it is added: its name stands there, so that it is a look. Raises NotHere."""
    page = advice_page(here=here, case=case)
    if not page:
        raise NotHere
    look(judge=judge, case=case)
    return page


def advice_page(*, here: Here | None, case: Case) -> str:
    """The address of that, for whoever of the team may add one, where somebody reported the advice; else nothing."""
    if here is None or not case.reports.filter(reason=Reason.BAD_ADVICE).exists():
        return ""
    try:
        return subjects()[case.subject_kind].advice_page(viewer=here, public_id=case.subject_id)
    except NotHere:
        return ""


def _signed_as(case: Case) -> str:
    """Empty where what it is about is not there any more."""
    try:
        return subjects()[case.subject_kind].signed_as(public_id=cases.subject_of(case))
    except NotHere:
        return ""
