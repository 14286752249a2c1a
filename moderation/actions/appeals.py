"""Asking for another look, and giving it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from community.errors import MayNot, NotHere
from core import clock
from moderation import parties, policies
from moderation.actions import claims, decisions, earlier, notices, queue, reports
from moderation.actions.decisions import Ruling
from moderation.enums import Act, CaseKind, Outcome, Part, Reason, Scope
from moderation.errors import Conflict, Incomplete
from moderation.models import Appeal, Case, Decision, Notice, Party
from moderation.policies import Judge, judges
from moderation.selectors import cases
from moderation.selectors import notices as told

URGENCY = 2  # like what gives somebody away: it waits for nobody's free evening


@transaction.atomic
def appeal(*, notice: Notice, owner_tag: bytes, words: str) -> Appeal:
    """Ask for another look at the decision of one's own notice; it works for somebody who is kept out, too. Raises
    NotHere, MayNot or Incomplete."""
    queue.lock(group=notice.group)
    decision = Decision.objects.select_related("case__group").filter(notice=notice).first()
    if decision is None or bytes(notice.key) != parties.key_of(ref=notice.public_id, owner_tag=owner_tag):
        raise NotHere
    if not words.strip():
        raise Incomplete(gettext("Write what we should know."))
    if decision.undone_on or decision.appeal_until is None or decision.appeal_until < clock.today():
        raise MayNot(gettext("This is over: there is nothing left to look at again."))
    if told.appeal_about(notice):
        raise MayNot(gettext("You asked for this already. You find the answer here."))
    case = _case_for(decision, owner_tag)
    made = Appeal.objects.create(
        decision=decision, case=case, words=words, first_decider_key=bytes(decision.decider_key)
    )
    queue.tell(case=case)
    queue.record(group=case.group, act="appeal", role="member", ref=decision.public_id)
    return made


def _case_for(decision: Decision, owner_tag: bytes) -> Case:
    first = decision.case
    case = Case(
        group=first.group, kind=CaseKind.APPEAL, subject_kind=first.subject_kind, subject_id=decision.public_id,
        text=first.text, context=first.context, place=first.place, is_alias=first.is_alias, reason=Reason.OTHER,
        urgency=URGENCY, since=clock.this_hour(), version=first.version, opened_at=first.opened_at,
        is_to_forget=first.is_to_forget,
    )  # fmt: skip
    case.sealed_author = earlier.sealed_again(first=first, case=case)
    case.author_key = parties.key_of(ref=case.public_id, owner_tag=owner_tag)
    case.save(force_insert=True)
    Party.objects.create(case=case, ref=case.public_id, part=Part.AUTHOR, key=bytes(case.author_key))
    # known as in the first case: who left and came back has another row, and the same key
    Party.objects.create(case=case, ref=first.public_id, part=Part.DECIDER, key=bytes(decision.decider_key))
    reports.go_on(Case.objects.filter(pk=first.pk), case=case)  # who reported it does not judge it now
    if not judges.free_for(case=case):  # nobody else is there: the same person looks once more
        case.parties.filter(part=Part.DECIDER).delete()
    return case


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What becomes of the decision, and what the person is told. `instead`: the milder decision of a change."""

    outcome: Outcome
    words: str
    instead: Ruling | None = None


@transaction.atomic
def resolve(*, judge: Judge, appeal: Appeal, fence: int, answer: Answer) -> None:
    """Answer an appeal whose case one holds. Raises NotHere, Incomplete or Conflict."""
    judge = queue.lock_for(judge)
    case = cases.with_parties(pk=appeal.case_id)
    decision = Decision.objects.select_related("case__group").get(pk=appeal.decision_id)
    policies.require("decide", judge, case)
    claims.require(judge=judge, case=case, fence=fence)
    check(decision=decision, answer=answer)
    ends = decisions.end_of(decision)
    key, alone = judge.key_in(decision.case.public_id), _is_alone(judge, case, appeal)
    Appeal.objects.filter(pk=appeal.pk).update(
        outcome=answer.outcome, answer=answer.words, answered_on=clock.today(), decider_key=key, alone=alone
    )
    if answer.outcome != Outcome.KEEP and decision.undone_on is None:
        decisions.take_back(decision=decision, because=answer.words[:300], tells=False)  # the answer does
    if answer.outcome == Outcome.CHANGE:
        decisions.decide_instead(judge=judge, decision=decision, ruling=answer.instead, latest=ends)
    decisions.close(case=case)
    author = parties.author_of(ref=case.public_id, sealed=case.sealed_author)
    notices.send(group=case.group, owner_tag=author, message=answer.words)
    queue.record(
        group=case.group, act=f"appeal {answer.outcome}", role=queue.role_of(judge), ref=decision.public_id,
        payload={"alone": alone},
    )  # fmt: skip


def draft(*, judge: Judge, appeal: Appeal, answer: Answer) -> tuple[Appeal, tuple[Decision, Notice] | None]:
    """The answer, and what comes instead with what its person is told of that, not stored: to be looked at. Raises
    Incomplete or Conflict."""
    decision = Decision.objects.select_related("case__group").get(pk=appeal.decision_id)
    check(decision=decision, answer=answer)
    case = cases.with_parties(pk=appeal.case_id)
    found = Appeal(case=case, decision=decision, outcome=answer.outcome, answer=answer.words)
    found.alone = _is_alone(judge, case, appeal)
    if answer.outcome != Outcome.CHANGE or answer.instead is None:
        return found, None
    first = cases.with_parties(pk=decision.case_id)
    return found, decisions.draft(judge=judge, case=first, ruling=answer.instead, fence=0)


def check(*, decision: Decision, answer: Answer) -> None:
    """Raise Incomplete with what an answer lacks, or Conflict where there is nothing left to decide."""
    if decision.undone_on and answer.outcome != Outcome.UNDO:
        raise Conflict(gettext("This is undone already."))
    if not answer.words.strip():
        raise Incomplete(gettext("Write what you found, for them to read."))
    if answer.outcome == Outcome.CHANGE and answer.instead:
        _require_milder(answer.instead, decision)
        decisions.check(case=decision.case, ruling=answer.instead)


def _is_alone(judge: Judge, case: Case, appeal: Appeal) -> bool:
    """Whether whoever answers has decided it first."""
    is_same = judge.key_in(appeal.decision.case.public_id) == bytes(appeal.first_decider_key)
    return is_same or Part.DECIDER in judge.parts_in(case)


def _require_milder(instead: Ruling, decision: Decision) -> None:
    """Nobody is worse off for having asked: a milder act, or the same for a shorter time than is left; never for
    longer than that, and never further."""
    order, scopes = list(Act), list(Scope)
    before, now = order.index(Act(decision.act)), order.index(Act(instead.act))
    days, left = instead.days or 0, min(decisions.days_left(decision), decision.days or 0)
    if days and not left:
        raise Incomplete(gettext("That limit is over. Undo it, or pick something about the message."))
    is_wider = scopes.index(Scope(instead.scope)) > scopes.index(Scope(decision.scope))
    is_same = now == before and days == left
    if now > before or days > left or is_wider or is_same:
        raise Incomplete(gettext("Pick something milder than before, or a shorter time than is left of it."))
