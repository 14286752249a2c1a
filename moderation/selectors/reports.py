"""What somebody reported: found by keys that they alone can make, tried on each case of the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.errors import NotHere
from community.models import Group
from community.selectors.here import Here
from core.registries.subjects import KeyOf, Subject, subjects
from moderation.enums import Act, CaseKind, CaseState
from moderation.models import Case, Decision, GroupCare, Report

KIND = "report"


@dataclass(frozen=True, kw_only=True)
class Mine:
    """One's own report. `is_taken`: somebody has looked. `acted`: whether something was done in the end; None until
    it is decided. `looked_twice`: a decision about it was taken back. What was done, and to whom, is not in here."""

    report: Report
    is_taken: bool
    acted: bool | None
    looked_twice: bool


def subject_for(*, here: Here, key_of: KeyOf, kind: str, subject_id: str) -> Subject:
    """What somebody is about to report, or NotHere: also where it is there, but not for them."""
    subject = subjects().get(kind)
    if subject is None or not subject.may_be_reported(viewer=here, key_of=key_of, public_id=subject_id):
        raise NotHere
    return subject


def of(*, group: Group, key_of: KeyOf) -> list[Mine]:
    """One's own reports in a group, the newest first."""
    refs = Case.objects.filter(group=group, kind=CaseKind.REPORT).values_list("public_id", flat=True)
    keys = [key_of(KIND, ref) for ref in refs]
    rows = Report.objects.filter(key__in=keys).select_related("case").prefetch_related("case__decisions")
    return [_mine(found) for found in rows.order_by("-reported_on", "id")]


def about(*, group: Group, key_of: KeyOf, kind: str, subject_id: str) -> Mine | None:
    """One's own report of this thing, while it is open."""
    refs = Case.objects.filter(
        group=group, subject_kind=kind, subject_id=subject_id, kind=CaseKind.REPORT, state=CaseState.OPEN
    ).values_list("public_id", flat=True)
    rows = Report.objects.filter(key__in=[key_of(KIND, ref) for ref in refs]).select_related("case")
    found = rows.prefetch_related("case__decisions").first()
    return _mine(found) if found else None


def outside_person(*, group: Group) -> str:
    """Who looks where the whole team is part of it, if somebody is named."""
    return GroupCare.objects.filter(group=group).values_list("outside_person", flat=True).first() or ""


def _mine(report: Report) -> Mine:
    case, decisions = report.case, list(report.case.decisions.all())
    return Mine(
        report=report,
        is_taken=case.fence > 0,
        acted=_acted(decisions) if case.state == CaseState.DECIDED else None,
        looked_twice=any(decision.undone_on for decision in decisions),
    )


def _acted(decisions: Sequence[Decision]) -> bool:
    return any(decision.undone_on is None and decision.act != Act.NOTHING for decision in decisions)
