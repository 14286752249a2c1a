"""Reading cases: what somebody of the team may see, and in which order."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Exists, OuterRef, Q, QuerySet, When, prefetch_related_objects
from django.utils.translation import gettext

from community.enums import TEAM
from community.errors import NotHere
from community.models import Group, Member
from community.selectors.here import Here
from core import clock, keyring
from core.prepared import Prepared
from core.registries.subjects import Where, subjects
from moderation import policies
from moderation.acts import UNDO_DAYS
from moderation.enums import Act, CaseKind, CaseState
from moderation.models import Appeal, Case, Decision, Report, Written
from moderation.models.cases import CARE
from moderation.policies import Judge, judges

BESIDE = ("parties", "decisions", "worry__written")  # what is read with every case


def _rows() -> QuerySet[Case]:
    return Case.objects.select_related("group", "worry")


_by_pk = Prepared(lambda pk: _rows().filter(pk=pk))
_in_group = Prepared(lambda group, public_id: _rows().filter(group__pk=group, public_id=public_id))


def _whole(found: Case | None) -> Case | None:
    """A case with what is read beside it."""
    if found is not None:
        prefetch_related_objects([found], *BESIDE)
    return found


def with_parties(*, pk: int) -> Case:
    """A case as it is now."""
    found = _whole(_by_pk.first(pk=pk))
    if found is None:
        raise Case.DoesNotExist
    return found


def find(*, judge: Judge, public_id: str) -> Case:
    """One case that this judge may see, or NotHere."""
    found = _whole(_in_group.first(group=judge.group.pk, public_id=public_id))
    if found is None or not policies.may("see", judge, found):
        raise NotHere
    return found


def is_outside(case: Case) -> bool:
    """Whether nobody of the team as it is now may look, so that the outside person does."""
    return not judges.free_for(case=case)


def group_of(*, public_id: str) -> Group:
    """The group of a case that the outside person may get, or NotHere."""
    found = _rows().prefetch_related(*BESIDE).filter(public_id=public_id).first()
    if found is None or not is_outside(found):
        raise NotHere
    return found.group


def groups_outside() -> list[Group]:
    """The groups in which something is for the outside person."""
    since = clock.today() - dt.timedelta(days=UNDO_DAYS)
    rows = _rows().prefetch_related(*BESIDE).filter(Q(closed_on=None) | Q(closed_on__gte=since))
    found = {case.group_id for case in rows if is_outside(case)}
    return list(Group.objects.filter(pk__in=found).order_by("name", "public_id"))


def decision_of(case: Case) -> Decision | None:
    """The last decision about a case."""
    return _last.first(case=case.pk)


_last = Prepared(
    lambda case: (
        Decision.objects.select_related("case__group").filter(case__pk=case).order_by("-fence", "pk")[:1]
    )
)


def note_in(case: Case) -> str:
    """What a private note said, where that was the last decision: nothing else of it tells whether it is right. Empty
    once its person had it erased. Of a worry, `worries.written` has all that the team wrote."""
    last = decision_of(case)
    if last is None or last.act != Act.NOTE or case.is_worry:
        return ""
    return last.notice.message if last.notice else ""


def seen_decision(case: Case, public_id: str) -> Decision:
    """The decision of a case that somebody had before them, or NotHere. It may have been taken back since."""
    found = Decision.objects.select_related("case__group").filter(case=case, public_id=public_id).first()
    if found is None:
        raise NotHere
    return found


def reports_of(*, judge: Judge, case: Case) -> list[Report]:
    """Why it was reported, and never by whom. Raises NotHere."""
    policies.require("see", judge, case)
    return list(Report.objects.filter(case=case).order_by("reported_on", "id"))


def appeal_of(case: Case) -> Appeal:
    """What somebody asks to be looked at again, with the decision and the first case."""
    found = _appeal.first(case=case.pk)
    if found is None:
        raise Appeal.DoesNotExist
    return found


_appeal = Prepared(
    lambda case: Appeal.objects.select_related("case__group", "decision__case__group").filter(case__pk=case)
)


def subject_of(case: Case) -> str:
    """The public id of the thing a case is about: for another look, that of the first case."""
    return appeal_of(case).decision.case.subject_id if case.kind == CaseKind.APPEAL else case.subject_id


def next_after(*, judge: Judge, public_id: str = "") -> Case | None:
    """What to look at next: the first that waits, is free and is not this one."""
    free = [case for case in waiting(judge=judge) if case.public_id != public_id and not is_held(case)]
    return min(free, key=_rests, default=None)


def _rests(case: Case) -> bool:
    """Whether somebody looked, and means to do so again later: they are not sent back to it at once."""
    worry = getattr(case, "worry", None)
    return worry is not None and worry.check_at is not None and worry.check_at > clock.now()


def is_held(case: Case) -> bool:
    """Whether somebody has it now."""
    return case.lease_until is not None and case.lease_until > clock.now()


def holds(judge: Judge, case: Case) -> bool:
    """Whether this judge has it now."""
    return is_held(case) and bytes(case.holder or b"") == judge.key_in(case.public_id)


def held_by(judge: Judge) -> list[Case]:
    """What this judge has now."""
    return [case for case in waiting(judge=judge) if holds(judge, case)]


def seen_by(judge: Judge, among: Iterable[Case]) -> list[Case]:
    """Those of these cases that a judge may see: the others are not there, in no list and no count."""
    return [case for case in among if policies.may("see", judge, case)]


def waiting(*, judge: Judge) -> list[Case]:
    """What waits for this judge: the most urgent first, of those whom nobody answered, then the oldest."""
    rows = _open(group=judge.group.pk, moment=clock.now())
    prefetch_related_objects(rows, *BESIDE)
    return seen_by(judge, rows)


def open_rows(*, group: Group) -> QuerySet[Case]:
    """What waits in a group, whoever may see it, in the order of `waiting`: worries first, of them those that
    nobody answered, of these first those in danger, and last those whom the team wrote to and looks in on."""
    return _in_order(group.pk, clock.now()).prefetch_related(*BESIDE)


def _in_order(group: Any, moment: Any) -> QuerySet[Case]:
    # the team has done what it can for now: what waits for an answer, or for a colleague, stays where it is
    later = When(worry__check_at__gt=moment, worry__is_answered=True, worry__asks=False, then=1)
    calm = ~Q(worry__in_danger=True)
    written = Exists(Written.objects.filter(worry__case=OuterRef("pk")))
    rows = _rows().filter(group__pk=group, state=CaseState.OPEN)
    rows = rows.annotate(
        rests=Choice(later, default=0),
        rule=Choice(When(reason__in=CARE, then=0), default=1),
        said=Choice(When(worry__is_answered=True, then=1), default=0),
        calm=Choice(When(calm, then=1), default=0),
        before=Choice(When(Q(worry__more=0) & written, then=1), default=0),
    )
    return rows.order_by("rests", "rule", "said", "calm", "before", "urgency", "since", "id")


_open = Prepared(_in_order)


def how_many_wait(here: Here) -> int:
    """How much waits for somebody of the team, of what they may see."""
    return len(waiting(judge=policies.judge_of(here)))


def waiting_by_group(*, members: Iterable[Member], strong: bool) -> dict[int, list[Case]]:
    """Group key -> what waits, in the groups where one of these members is on the team, of what they may see. However
    many groups: as many queries. Without the key ring it is nothing, and the page is there."""
    team = {
        one.group_id: Judge(group=one.group, member=one, tag=bytes(one.owner_tag))
        for one in members
        if strong and one.role in TEAM
    }
    rows = Case.objects.filter(group__in=list(team), state=CaseState.OPEN).defer("text", "context")
    found: dict[int, list[Case]] = {}
    with contextlib.suppress(keyring.RingAway):
        for case in rows.select_related("group").prefetch_related("parties"):
            if policies.may("see", team[case.group_id], case):
                found.setdefault(case.group_id, []).append(case)
    return found


def what_happened(case: Case) -> str:
    """In words, why a case is not there to be decided; empty if it is."""
    if case.state == CaseState.DECIDED:
        last = Decision.objects.filter(case=case).order_by("-fence").first()
        done = last.get_act_display().lower() if last else gettext("closed")
        return gettext("Someone just dealt with this: %(act)s. Nothing of yours was done.") % {"act": done}
    if is_held(case):
        return gettext("Someone else has just taken this. It is theirs for a few minutes.")
    return ""


def where(case: Case) -> Where | None:
    """The place that a limit from this case can be kept to; None where there is none."""
    return subjects()[case.subject_kind].where()


def beside(case: Case) -> dict[str, str]:
    """Letter -> the public id of what that person wrote nearest to what a case is about: as it stands in the copy and
    still does, so that nothing is judged that nobody read."""
    try:
        now = subjects()[case.subject_kind].beside(public_id=case.subject_id)
    except NotHere:
        return {}
    read = {(line["by"], line["text"]) for line in case.context if not line["is_subject"]}
    named, found = letters(case), dict[str, str]()
    for public_id, line in now.items():
        if (line.by, line.text) in read:
            found.setdefault(named[line.by], public_id)
    return dict(sorted(found.items()))


def letters(case: Case) -> dict[str, str]:
    """Byline -> what its writer is called in this case: 'A' wrote what it is about, the others as they come."""
    subject = [line["by"] for line in case.context if line["is_subject"]]
    everyone = dict.fromkeys([*subject, *(line["by"] for line in case.context)])
    alphabet = (chr(ord("A") + number) for number in itertools.count())
    return dict(zip(everyone, alphabet, strict=False))
