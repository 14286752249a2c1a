"""The second look at what was decided with a heavy hand, or by one person alone."""

from __future__ import annotations

from django.db import transaction

from community.errors import NotHere
from core import clock
from moderation.actions import queue
from moderation.errors import Conflict
from moderation.models import Decision
from moderation.policies import Judge
from moderation.selectors import again, cases


@transaction.atomic
def still_right(*, judge: Judge, decision: Decision) -> None:
    """Somebody looked again, and the decision stays. Raises NotHere or Conflict."""
    judge = queue.lock_for(judge)
    now = Decision.objects.select_related("case").get(pk=decision.pk)
    case = cases.with_parties(pk=now.case_id)
    if now.looked_again_on or now.undone_on:
        raise Conflict(again.what_happened(now))
    if not again.may_look(judge=judge, decision=now, case=case):
        raise NotHere
    Decision.objects.filter(pk=now.pk).update(looked_again_on=clock.today())
    queue.tell(case=case)
    queue.record(
        group=case.group, act="looked again", role=queue.role_of(judge), ref=now.public_id,
        payload={"alone": judge.key_in(case.public_id) == bytes(now.decider_key)},
    )  # fmt: skip
