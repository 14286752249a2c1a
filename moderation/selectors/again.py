"""Decisions that somebody has to look at again."""

from __future__ import annotations

from django.utils.translation import gettext

from core import clock
from moderation import policies
from moderation.models import Case, Decision
from moderation.policies import Judge, judges, reach
from moderation.selectors import cases


def due(*, judge: Judge) -> list[Decision]:
    """What is due for this judge, the oldest first."""
    rows = Decision.objects.filter(
        case__group=judge.group, again_on__lte=clock.today(), looked_again_on=None, undone_on=None
    ).order_by("again_on", "id")
    found = rows.select_related("case__group").prefetch_related("case__parties")
    return [one for one in found if may_look(judge=judge, decision=one, case=one.case)]


def may_look(*, judge: Judge, decision: Decision, case: Case) -> bool:
    """Whoever may see the case; who decided it only where nobody else of the team could look."""
    if decision.again_on is None or decision.again_on > clock.today():
        return False
    if not policies.may("see", judge, case):
        return False
    if judge.key_in(case.public_id) != bytes(decision.decider_key):
        return True
    return not judges.free_for(case=case, but=judge.member)


def of_case(*, judge: Judge, case: Case) -> Decision | None:
    """The decision of a case that this judge should look at again."""
    found = cases.decision_of(case)
    if found is None or found.looked_again_on or found.undone_on:
        return None
    return found if may_look(judge=judge, decision=found, case=case) else None


def may_undo(*, judge: Judge, case: Case, decision: Decision) -> bool:
    """Whoever could decide it may take it back, and whoever is asked whether it is right."""
    return decision.act in reach.acts_of(judge) or of_case(judge=judge, case=case) == decision


def what_happened(decision: Decision) -> str:
    """In words, why there is nothing to look at again."""
    if decision.undone_on:
        return gettext("Someone undid this meanwhile.")
    return gettext("Someone looked at this again just before you.")
