"""Claims: a case is somebody's for ten minutes, or for as long as they go on saying so."""

from __future__ import annotations

import contextlib
import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from community.selectors.here import Here
from core import clock, keyring
from moderation import policies
from moderation.actions import queue
from moderation.enums import CaseState
from moderation.errors import Conflict
from moderation.models import Case, Worry
from moderation.policies import Judge
from moderation.selectors import cases

LEASE = dt.timedelta(minutes=10)


@transaction.atomic
def claim(*, judge: Judge, case: Case) -> Case:
    """Take a case that nobody holds, or whose holder asks a colleague, or go on holding one's own. Returns it with its
    new fence. Raises NotHere, or Conflict with what happened."""
    judge = queue.lock_for(judge)
    policies.require("claim", judge, case)
    now = clock.now()
    rows = Case.objects.filter(pk=case.pk, state=CaseState.OPEN)
    key = judge.key_in(case.public_id)  # of the outside persons, too, one alone holds it
    held = rows.filter(lease_until__gt=now, fence__gt=0)
    if held.filter(holder=key).update(lease_until=now + LEASE):
        return cases.with_parties(pk=case.pk)
    free = rows.filter(Q(lease_until=None) | Q(lease_until__lte=now) | Q(worry__asks=True))
    if not free.update(holder=key, lease_until=now + LEASE, fence=F("fence") + 1):
        told = cases.what_happened(cases.with_parties(pk=case.pk))  # nothing, if it ends this moment
        raise Conflict(told or gettext("Someone else had this until just now. Try again."))
    # whoever asked is answered once somebody else has it: it is theirs then, as any other
    asked = Worry.objects.filter(case=case.pk, asks=True)
    asked.exclude(case__told_by=key, case__told_by__isnull=False).update(asks=False)
    found = cases.with_parties(pk=case.pk)
    queue.tell(case=found, by=judge)
    return found


@transaction.atomic
def keep(*, judge: Judge, case: Case, fence: int) -> Case:
    """Go on holding a case that is still one's own. Raises NotHere or Conflict; it never takes one anew."""
    judge = queue.lock_for(judge)
    policies.require("claim", judge, case)
    require(judge=judge, case=case, fence=fence)
    Case.objects.filter(pk=case.pk).update(lease_until=clock.now() + LEASE)
    return cases.with_parties(pk=case.pk)


@transaction.atomic
def release(*, judge: Judge, case: Case) -> None:
    """Give a case back, for whoever comes next. Harmless when it is not one's own."""
    queue.lock(group=case.group)
    rows = Case.objects.filter(pk=case.pk, state=CaseState.OPEN, holder=judge.key_in(case.public_id))
    if rows.update(holder=None, lease_until=None):
        queue.tell(case=case, by=judge)


def release_all(here: Here) -> int:
    """Give back all that somebody of the team has, as they go off duty. Without the key ring nobody knows what that
    is: they can go all the same, and it ends by itself."""
    judge, given_back = policies.judge_of(here), 0
    with contextlib.suppress(keyring.RingAway):
        for case in cases.held_by(judge):
            release(judge=judge, case=case)
            given_back += 1
    return given_back


def require(*, judge: Judge, case: Case, fence: int) -> None:
    """That a case is still this judge's, by the fence of their claim. Raises Conflict. The queue is locked."""
    key = judge.key_in(case.public_id)
    held = Case.objects.filter(
        pk=case.pk, state=CaseState.OPEN, holder=key, fence=fence, lease_until__gt=clock.now()
    )
    if not held.exists():
        now = cases.with_parties(pk=case.pk)
        raise Conflict(
            cases.what_happened(now) or gettext("Your ten minutes are over. Take it again, and look.")
        )
