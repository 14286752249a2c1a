"""Reading cases: what somebody of the team may see, and in which order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext

from community.errors import NotHere
from core import clock
from moderation import policies
from moderation.enums import CaseState
from moderation.models import Case, Decision
from moderation.policies import Judge


def _rows() -> QuerySet[Case]:
    return Case.objects.select_related("group", "holder").prefetch_related("parties")


def with_parties(*, pk: int) -> Case:
    """A case as it is now."""
    return _rows().get(pk=pk)


def find(*, judge: Judge, public_id: str) -> Case:
    """One case that this judge may see, or NotHere."""
    found = _rows().filter(group=judge.group, public_id=public_id).first()
    if found is None or not policies.may("see", judge, found):
        raise NotHere
    return found


def seen_by(judge: Judge, among: Iterable[Case]) -> list[Case]:
    """Those of these cases that a judge may see: the others are not there, in no list and no count."""
    return [case for case in among if policies.may("see", judge, case)]


def waiting(*, judge: Judge) -> list[Case]:
    """What waits for this judge: the most urgent first, then the oldest."""
    rows = _rows().filter(group=judge.group, state=CaseState.OPEN).order_by("urgency", "since", "id")
    return seen_by(judge, rows)


def what_happened(case: Case) -> str:
    """In words, why a case is not there to be decided; empty if it is."""
    if case.state == CaseState.DECIDED:
        last = Decision.objects.filter(case=case).order_by("-fence").first()
        done = last.get_act_display().lower() if last else gettext("closed")
        return gettext("Someone just dealt with this: %(act)s. Nothing of yours was done.") % {"act": done}
    if case.holder_id and case.lease_until and case.lease_until > clock.now():
        return gettext("Someone else has just taken this. It is theirs for a few minutes.")
    return ""


def letters(case: Case) -> dict[str, str]:
    """Byline -> what its writer is called in this case: 'A' wrote what it is about, the others as they come."""
    subject = [line["by"] for line in case.context if line["is_subject"]]
    everyone = dict.fromkeys([*subject, *(line["by"] for line in case.context)])
    alphabet = (chr(ord("A") + number) for number in itertools.count())
    return dict(zip(everyone, alphabet, strict=False))
