"""Deciding: a decision, what it does, its reasons, its notice and its entry on the record are one transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext, gettext_noop

from community.actions import standing
from community.errors import NotHere
from community.selectors import charters
from core import clock
from core.registries.subjects import subjects
from moderation import acts, parties, policies
from moderation.actions import claims, earlier, folds, forgetting, notices, queue, reports
from moderation.actions.reports import Told
from moderation.enums import FACTS, Act, CaseKind, CaseState, Outcome, Reason, Scope
from moderation.errors import Conflict, Incomplete, Unanswered, Unfinished
from moderation.models import Appeal, Case, Decision, Notice, Report, Sanction, Strike
from moderation.policies import Judge, judges, reach
from moderation.selectors import again, cases, team, worries

AGAIN = dt.timedelta(days=10)  # until somebody is asked: it is to be looked at again within two weeks
UNDONE = gettext_noop(
    "We looked again, and took back what we decided about you. Everything is as it was before."
)
UNMASKS = gettext_noop(
    "Not for a one-thread name: you would see whose messages wait, and so who it is. Pick something else."
)
PART_OF_IT = gettext_noop(
    "You are part of this, so you can help, but not decide more. Write to them, or give it back for someone else."
)
HARD = frozenset({Act.BAN, Act.SUSPEND})
WEIGHT = {
    Act.ASK_EDIT: 0,
    Act.HEADS_UP: 0,
    Act.HIDE: 1,
    Act.MUTE: 1,
    Act.BAN: 1,
    Act.SUSPEND: 1,
    Act.REMOVE: 2,
}  # what weighs on a message, the heaviest last: of two decisions about one message the heavier one shows


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What is to be done and why. `message` is what the person is told, `heads_up` what a heads-up says; `unfounded`
    that whoever folded it should not have. `seen` marks what somebody in danger wrote last, and nobody answered:
    whoever closes it knows that. `also` are the letters of others beside it whom the same is decided for."""

    act: Act
    scope: Scope = Scope.MESSAGE
    days: int | None = None
    rule_code: str = ""
    facts: str = ""
    message: str = ""
    heads_up: str = ""
    by_machine: bool = False
    unfounded: bool = False
    seen: str = ""
    also: tuple[str, ...] = ()


class Entry(NamedTuple):
    """What the record will say of an act: the last thing in its transaction."""

    act: str
    ref: str
    payload: dict[str, object]


@transaction.atomic
def decide(*, judge: Judge, case: Case, fence: int, ruling: Ruling) -> Decision:
    """Decide a case that one holds. Raises NotHere, Incomplete, Unanswered, or Conflict with what happened
    meanwhile."""
    judge = queue.lock_for(judge)
    now = cases.with_parties(pk=case.pk)
    policies.require("decide", judge, now)
    if now.kind != CaseKind.REPORT:
        raise NotHere  # an appeal has its own answer
    claims.require(judge=judge, case=now, fence=fence)
    check(case=now, ruling=ruling)
    if acts.KINDS[ruling.act].restricts and not policies.may("restrict", judge, now):
        raise Incomplete(gettext(PART_OF_IT))
    _ask_once(now, ruling)
    others = cases.beside(now)
    decision, entry = _store(judge, now, ruling, fence=fence)
    close(case=now)
    also = [others[letter] for letter in sorted(set(ruling.also) & set(others))]
    beside = [one for thing in also for one in _decide_beside(judge, now, ruling, thing=thing)]
    _record(judge, entry, *beside)
    return decision


def _decide_beside(judge: Judge, case: Case, ruling: Ruling, *, thing: str) -> list[Entry]:
    """The same for somebody else beside it: a case and a decision of their own, with their own note, other look and
    undo, whoever has which other name. What waits already, or is not this judge's to decide, waits."""
    told = Told(kind=case.subject_kind, subject_id=thing, reason=Reason(case.reason))
    waits = Case.objects.filter(subject_kind=told.kind, subject_id=thing, state=CaseState.OPEN)
    if waits.filter(Case.alike(case.reason)).exists():
        return []
    other = cases.with_parties(pk=reports.open_case(case.group, subjects()[told.kind], told).pk)
    queue.tell(case=other)
    if not (policies.may("decide", judge, other) and policies.may("restrict", judge, other)):
        return [Entry("report", other.public_id, {"reason": other.reason})]
    check(case=other, ruling=ruling)
    Case.objects.filter(pk=other.pk).update(fence=1)
    _, entry = _store(judge, other, replace(ruling, unfounded=False), fence=1)
    close(case=other)
    return [entry]


def _ask_once(case: Case, ruling: Ruling) -> None:
    """Nobody closes without a word what somebody in danger wrote last, unless they saw that it is so."""
    mark = worries.mark_unanswered(case) if ruling.act == Act.NOTHING else ""
    if mark != ruling.seen and mark:
        raise Unanswered(gettext("Nobody has answered what they wrote last."), mark=mark)


def decide_instead(
    *, judge: Judge, decision: Decision, ruling: Ruling | None, latest: dt.datetime | None = None
) -> Decision:
    """Put another decision in the place of one that was just taken back; a limit ends at `latest`. The queue is
    locked. Raises Incomplete."""
    case = cases.with_parties(pk=decision.case_id)
    if ruling is None:
        raise Incomplete(gettext("Say what is to be done instead."))
    check(case=case, ruling=ruling)
    Case.objects.filter(pk=case.pk).update(fence=F("fence") + 1)
    made, entry = _store(judge, case, ruling, fence=case.fence + 1, latest=latest)
    _record(judge, entry)
    return made


def end_of(decision: Decision) -> dt.datetime | None:
    """When the limit that a decision set is over; None where it set none, or that is gone."""
    found = Sanction.objects.filter(decision=decision).first()
    value = parties.unseal(ref=decision.public_id, sealed=found.sealed) if found else {}
    return standing.end_of(pk=value["limit"]) if "limit" in value else None


def days_left(decision: Decision) -> int:
    """Of a limit: whole days, but one at least until it is over."""
    ends = end_of(decision)
    return max((ends - clock.now()).days, 1) if ends and ends > clock.now() else 0


def close(*, case: Case) -> None:
    """Nothing more is to be done about a case. The queue is locked."""
    # what others said around it is not kept
    own = [line for line in case.context if line["is_subject"] or "after" in line]
    Case.objects.filter(pk=case.pk).update(
        state=CaseState.DECIDED, holder=None, lease_until=None, closed_on=clock.today(), context=own
    )
    Report.objects.filter(case=case).update(is_new=True)
    forgetting.forget_if_asked(case=case)
    queue.tell(case=case)


def draft(*, judge: Judge, case: Case, ruling: Ruling, fence: int) -> tuple[Decision, Notice]:
    """A decision and what its person is told of it, not stored: to be looked at, or to be carried out."""
    kind, today = acts.KINDS[ruling.act], clock.today()
    decision = Decision(
        case=case, fence=fence, act=ruling.act, scope=ruling.scope, restricts=kind.restricts,
        days=ruling.days if kind.days else None, rule_code=ruling.rule_code, facts=ruling.facts,
        charter_version=case.group.charter_version if kind.restricts else None,
        by_machine=ruling.by_machine or bool(case.noticed), decided_by=judge.member,
        from_outside=judge.member is None,
        appeal_until=today + dt.timedelta(days=acts.UNDO_DAYS) if kind.restricts else None,
        decider_key=judge.key_in(case.public_id), author_key=bytes(case.author_key),
        alone=ruling.act in HARD and team.is_one(group=case.group),
        again_on=_again_on(judge, case, ruling.act),
    )  # fmt: skip
    # who told it is said where it is not the team as always
    told = [ruling.message] if judge.member else [ruling.message, team.outside_words(group=judge.group)]
    return decision, Notice(group=case.group, message="\n\n".join(told))


def _again_on(judge: Judge, case: Case, act: Act) -> dt.date | None:
    """From when somebody is asked whether it is right: at once where it reaches beyond the group and somebody else is
    there to ask; else some days before two weeks are over, with fresh eyes."""
    if act not in HARD:
        return None
    asks_at_once = act == Act.SUSPEND and judges.free_for(case=case, but=judge.member)
    return clock.today() if asks_at_once else clock.today() + AGAIN


def _store(
    judge: Judge, case: Case, ruling: Ruling, *, fence: int, latest: dt.datetime | None = None
) -> tuple[Decision, Entry]:
    reach.require(judge, ruling.act)
    author = parties.author_of(ref=case.public_id, sealed=case.sealed_author)
    opens = not acts.KINDS[ruling.act].restricts
    fold = folds.end(case=case, author=author, opens=opens, unfounded=ruling.unfounded)
    done = _carry_out(case, ruling, author, latest)
    _still_do(case, over=WEIGHT.get(ruling.act, 2))
    decision, notice = draft(judge=judge, case=case, ruling=ruling, fence=fence)
    if decision.restricts or ruling.act == Act.NOTE:
        decision.notice = notices.send(group=case.group, owner_tag=author, message=notice.message)
    decision.save()
    if done:
        sealed = parties.seal(ref=decision.public_id, value={"tag": author.hex()} | done)
        Sanction.objects.create(decision=decision, sealed=sealed)
    act = f"decision {ruling.act}".replace("_", " ")
    return decision, Entry(act, decision.public_id, on_record(decision) | fold)


def _record(judge: Judge, *entries: Entry) -> None:
    for act, ref, payload in entries:
        queue.record(group=judge.group, act=act, role=queue.role_of(judge), ref=ref, payload=payload)


def check(*, case: Case, ruling: Ruling) -> None:
    """Raise Incomplete with what a ruling on this case lacks, or why it cannot be done to a one-thread name."""
    if ruling.unfounded and acts.KINDS[ruling.act].restricts:
        raise Incomplete(
            gettext("You do something about the message, so folding it was right. Pick one of the two.")
        )
    if ruling.act not in acts.possible(is_alias=case.is_alias):
        raise Incomplete(gettext(UNMASKS))
    if ruling.also and (case.is_worry or ruling.act not in acts.FOR_SEVERAL):
        raise Incomplete(gettext("This cannot reach that far."))
    complete(ruling, charter_rules=_rules(case))


def complete(ruling: Ruling, *, charter_rules: frozenset[str]) -> None:
    """Raise Incomplete with what is missing for people to be told why."""
    kind = acts.KINDS[ruling.act]
    if not kind.restricts:
        if ruling.act == Act.NOTE and ruling.message.strip() in {"", gettext(acts.NOTE_BEGINS)}:
            raise Unfinished(gettext("This is only the beginning. Write what you want to tell them."))
        return
    if ruling.rule_code not in charter_rules:
        raise Incomplete(gettext("Pick the line of the group promise that this is about."))
    if len(ruling.facts.strip()) < FACTS:
        if ruling.facts.strip():
            raise Incomplete(
                gettext("That is too short. Say in a sentence or two what happened. They will read it.")
            )
        raise Incomplete(gettext("Say in a sentence or two what happened. They will read it."))
    if ruling.scope not in kind.scopes:
        raise Incomplete(gettext("This cannot reach that far."))
    if kind.days is not None and not 1 <= (ruling.days or 0) <= acts.MAX_DAYS:
        raise Incomplete(gettext("Say for how many days: 1 to 365."))
    if ruling.act == Act.HEADS_UP and not ruling.heads_up:
        raise Incomplete(gettext("Pick what the heads-up says."))
    if not ruling.message.strip():
        raise Incomplete(gettext("Write what you want to tell them."))


def on_record(decision: Decision) -> dict[str, object]:
    """What the record keeps of a decision: no name, no text, nothing of whom it is about."""
    return {
        "act": decision.act, "scope": decision.scope, "days": decision.days, "rule": decision.rule_code,
        "promise": decision.charter_version, "reason": decision.case.reason, "by machine": decision.by_machine,
        "alone": decision.alone,
    }  # fmt: skip


def _rules(case: Case) -> frozenset[str]:
    charter = charters.current(group=case.group)
    return frozenset(rule.code for rule in charter.rules_in_order)


def _carry_out(case: Case, ruling: Ruling, author: bytes, latest: dt.datetime | None) -> dict[str, Any]:
    """Do it. Returns the keys of the limit and the earlier problem that it left, to undo them, and the words of a
    heads-up, to put them back."""
    kind, done = acts.KINDS[ruling.act], dict[str, Any]()
    if kind.is_on_person and author:
        effect = acts.effect_of(ruling.act, scope=ruling.scope, place=case.place)
        until = clock.this_hour() + dt.timedelta(days=ruling.days or 0, hours=1 + secrets.randbelow(24))
        until = min(until, latest or until)
        limit = standing.limit(group=case.group, owner_tag=author, effect=replace(effect, until=until))
        done["limit"] = limit.pk
    _do_to_subject(case, ruling.act, ruling.heads_up)
    if ruling.act == Act.HEADS_UP:
        done["heads_up"] = ruling.heads_up
    if kind.strikes and author and not case.is_worry:  # care is no earlier problem
        strike = Strike.objects.create(
            group=case.group, key=earlier.key_for(case=case, author=author), rule_code=ruling.rule_code,
            fades_on=earlier.fades_on(),
        )  # fmt: skip
        done["strike"] = strike.pk
    return done


def _do_to_subject(case: Case, act: Act, heads_up: str) -> None:
    subject, thing = subjects()[case.subject_kind], case.subject_id
    if act in {Act.BAN, Act.SUSPEND, Act.MUTE, Act.HIDE}:
        subject.hide(public_id=thing)
    elif act == Act.REMOVE:
        subject.remove(public_id=thing)
    elif act == Act.ASK_EDIT:
        subject.ask_edit(public_id=thing)
    elif act == Act.HEADS_UP and heads_up:
        subject.warn(public_id=thing, heads_up=heads_up)


def _still_do(case: Case, *, over: int = -1) -> None:
    """Do again to a message what other decisions about it do that hold and weigh more: the heaviest has the last
    word."""
    rows = Decision.objects.select_related("sanction").filter(
        case__group=case.group_id, case__subject_kind=case.subject_kind, case__subject_id=case.subject_id,
        case__kind=CaseKind.REPORT, undone_on=None, act__in=WEIGHT,
    )  # fmt: skip
    for one in sorted(rows, key=lambda one: WEIGHT[Act(one.act)]):
        if WEIGHT[Act(one.act)] > over:
            found = getattr(one, "sanction", None)
            value = parties.unseal(ref=one.public_id, sealed=found.sealed) if found else {}
            _do_to_subject(case, Act(one.act), value.get("heads_up", ""))


@transaction.atomic
def undo(*, judge: Judge, decision: Decision, because: str) -> None:
    """Take a decision back with all it did: it waits again, to be decided anew. Raises NotHere, Incomplete or
    Conflict."""
    judge = queue.lock_for(judge)
    case = cases.with_parties(pk=decision.case_id)
    policies.require("undo", judge, case)
    if not again.may_undo(judge=judge, case=case, decision=decision):
        raise NotHere
    if not because.strip():
        raise Incomplete(gettext("Say why, in a sentence: it is on the record."))
    take_back(decision=decision, because=because)
    _reopen(case, decision)
    _answer_appeal(judge, decision)
    queue.tell(case=case)
    queue.record(
        group=case.group, act="undone", role=queue.role_of(judge), ref=decision.public_id,
        payload=on_record(decision) | {"why": because},
    )  # fmt: skip


def _answer_appeal(judge: Judge, decision: Decision) -> None:
    """Whoever asked for another look at what is undone has their answer, and nobody looks any more."""
    key = judge.key_in(decision.case.public_id)
    for one in Appeal.objects.select_related("case").filter(decision=decision, outcome=""):
        Appeal.objects.filter(pk=one.pk).update(
            outcome=Outcome.UNDO, answer=gettext(UNDONE), answered_on=clock.today(), decider_key=key,
            alone=key == bytes(one.first_decider_key),
        )  # fmt: skip
        close(case=one.case)


def _reopen(case: Case, decision: Decision) -> None:
    """It waits again, and as long as before: whoever reported it has waited on. Unless it does so elsewhere: as another
    look, or as a later report of the same thing."""
    same = Case.objects.filter(
        Case.alike(case.reason),
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        state=CaseState.OPEN,
    )
    if not Appeal.objects.filter(decision=decision).exists() and not same.exists():
        Case.objects.filter(pk=case.pk).update(
            state=CaseState.OPEN, closed_on=None, holder=None, lease_until=None
        )


def take_back(*, decision: Decision, because: str, tells: bool = True) -> None:
    """Undo what a decision did, and tell the person unless something else does. The queue is locked. Raises
    Conflict."""
    rows = Decision.objects.filter(pk=decision.pk, undone_on=None)
    if not rows.update(undone_on=clock.today(), undone_because=because):
        raise Conflict(gettext("This is undone already."))
    case = decision.case
    Report.objects.filter(case=case).update(is_new=True)
    folds.lift(case=case)
    found = Sanction.objects.filter(decision=decision).first()
    if found is not None:
        value = parties.unseal(ref=decision.public_id, sealed=found.sealed)
        author = bytes.fromhex(value["tag"])
        if "limit" in value:
            standing.lift(owner_tag=author, pk=value["limit"])
        if "strike" in value:
            Strike.objects.filter(pk=value["strike"]).delete()
    if acts.KINDS[Act(decision.act)].restricts:
        subjects()[case.subject_kind].restore(public_id=case.subject_id)
        _still_do(case)  # what another decision took out of the talk stays out
        author = parties.author_of(ref=case.public_id, sealed=case.sealed_author)
        if tells:
            notices.send(group=case.group, owner_tag=author, message=gettext(UNDONE))
