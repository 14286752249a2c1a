"""Reporting something, and being asked about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from audit import selectors as record
from community.actions import leaving
from community.errors import MayNot, NotHere
from community.models import Group
from community.selectors import here as places
from community.selectors import roles
from community.selectors.here import Here
from core import clock
from core.registries.subjects import KeyOf, Subject
from moderation import parties, policies
from moderation.actions import earlier, queue, worries
from moderation.enums import URGENCY, CaseKind, CaseState, Part, Reason
from moderation.models import Case, Party, Report
from moderation.policies import Judge
from moderation.selectors import reports as mine


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody reports and why, in their own words if they wish."""

    kind: str
    subject_id: str
    reason: Reason
    note: str = ""


@transaction.atomic
def report(*, here: Here, told: Told, key_of: KeyOf) -> Report:
    """Report something here. Reports about one thing become one case, with a copy from the first, and worries another;
    somebody who reports it twice has reported it once. Raises NotHere, also for what is there but not for them, and
    for their own."""
    queue.lock(group=here.group)
    leaving.keep_in(here=here)
    here = places.again(here)
    found = mine.about(group=here.group, key_of=key_of, kind=told.kind, subject_id=told.subject_id)
    if found is not None:
        return found.report
    subject = mine.subject_for(here=here, key_of=key_of, kind=told.kind, subject_id=told.subject_id)
    return join(here=here, case=open_case(here.group, subject, told), told=told, key_of=key_of)


def join(*, here: Here, case: Case, told: Told, key_of: KeyOf) -> Report:
    """Add somebody's first report to an open case. The queue is locked, and whoever reports stays in meanwhile."""
    key = key_of(mine.KIND, case.public_id)
    made = Report.objects.create(case=case, key=key, reason=told.reason, note=told.note)
    own = parties.key_of(ref=case.public_id, owner_tag=bytes(here.member.owner_tag))
    now = Case.objects.filter(group=here.group, state=CaseState.OPEN, kind=CaseKind.REPORT, **_same(told))
    Party.objects.bulk_create(  # who worries does not judge it by the rules, nor the other way round
        Party(case=one, ref=case.public_id, part=Part.REPORTER, key=own) for one in now
    )
    _settle(case, told)
    queue.tell(case=case)
    queue.record(
        group=here.group, act="report", role="member", ref=case.public_id, payload={"reason": told.reason}
    )
    return made


def open_case(group: Group, subject: Subject, told: Told, *, noticed: str = "") -> Case:
    """The open case about a thing in a group, made where there is none. The queue is locked. Raises NotHere."""
    thing = {**_same(told), "state": CaseState.OPEN}
    copy = subject.snapshot(public_id=told.subject_id)
    if copy.group_id != group.pk:
        raise NotHere
    found = Case.objects.select_related("group").filter(Case.alike(told.reason), **thing).first()
    if found is not None:
        _begin(found, told)
        if noticed and not found.noticed:  # else its writer would be told that no program took part
            Case.objects.filter(pk=found.pk).update(noticed=noticed)
        return found
    author = subject.author_tag(public_id=told.subject_id)
    case = Case(
        group=group, reason=told.reason, noticed=noticed, urgency=URGENCY.index(told.reason), since=clock.this_hour(),
        opened_at=record.length(scope=group.public_id), version=copy.version, text=copy.text, place=copy.place,
        is_alias=copy.is_alias,
        context=[{"by": line.by, "text": line.text, "is_subject": line.is_subject} for line in copy.context],
        **thing,
    )  # fmt: skip
    is_lead = roles.is_lead(owner_tag=author)
    case.sealed_author = earlier.sealed_author(case=case, author=author, is_lead=is_lead)
    case.author_key = parties.key_of(ref=case.public_id, owner_tag=author)
    case.save(force_insert=True)
    others = subject.parties(public_id=told.subject_id)
    named = [(Part.AUTHOR, author)] + [(Part(part), tag) for part, tags in others.items() for tag in tags]
    Party.objects.bulk_create(
        Party(case=case, ref=case.public_id, part=part, key=parties.key_of(ref=case.public_id, owner_tag=tag))
        for part, tag in named
    )
    go_on(Case.objects.filter(group=group, kind=CaseKind.REPORT, **_same(told)), case=case)
    _begin(case, told)
    return case


def _begin(case: Case, told: Told) -> None:
    if case.is_worry:
        worries.begin(case=case, words=told.note)
        case.refresh_from_db(fields=["urgency"])


def _same(told: Told) -> dict[str, str]:
    return {"subject_kind": told.kind, "subject_id": told.subject_id}


def go_on(earlier: QuerySet[Case], *, case: Case) -> None:
    """Whoever was part of earlier cases about the same thing is part of this one, too, under the keys of those: also
    who comes into the team later."""
    rows = (
        Party.objects.filter(case__in=earlier)
        .exclude(case=case)
        .exclude(part__in=[Part.AUTHOR, Part.DECIDER])
    )
    known = {(row.ref, row.part, bytes(row.key)) for row in rows}
    Party.objects.bulk_create(Party(case=case, ref=ref, part=part, key=key) for ref, part, key in known)


def _settle(case: Case, told: Told) -> None:
    """The gravest reason names the case."""
    urgency = URGENCY.index(told.reason)
    if urgency < case.urgency:
        case.urgency, case.reason = urgency, told.reason
        case.save(update_fields=["urgency", "reason"])


@transaction.atomic
def ask(*, judge: Judge, case: Case, report: Report, question: str) -> None:
    """Ask a reporter one thing. Raises NotHere or MayNot."""
    judge = queue.lock_for(judge)
    policies.require("ask_reporter", judge, case)
    if not Report.objects.filter(pk=report.pk, case=case, question="").update(question=question):
        raise MayNot(gettext("They were asked something already. One question is enough."))
    queue.tell(case=case, by=judge)
    queue.record(group=case.group, act="question to a reporter", ref=case.public_id)


@transaction.atomic
def answer(*, report: Report, words: str) -> None:
    """The reporter answers, as long as nothing is decided. Raises MayNot."""
    queue.lock(group=report.case.group)
    open_ = Report.objects.filter(pk=report.pk, case__state=CaseState.OPEN).exclude(question="")
    if not open_.filter(answer="").update(answer=words):
        raise MayNot(gettext("The team has decided meanwhile. Thank you all the same."))
    queue.tell(case=report.case)


def mark_read(*, reports: Iterable[Report]) -> None:
    """Their reporter has read what became of them."""
    new = [one.pk for one in reports if one.is_new]
    if new:
        Report.objects.filter(pk__in=new).update(is_new=False)
