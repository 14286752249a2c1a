"""What happens to cases, told to the consoles of a group's team, and put on the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from audit.actions import append
from community.models import Group
from core.live import log
from moderation import policies
from moderation.enums import CaseState, EventKind
from moderation.models import Case, Held, Queue, QueueEvent
from moderation.policies import Judge

TEAM, LEAD, OUTSIDE, MACHINE = "moderation team", "group lead", "outside person", "automatic help"
TIME = "time"  # nobody did it


def lock(*, group: Group) -> Queue:
    """Lock a group's queue until the transaction ends, making it at first use. It comes before every other lock, so
    that whoever decides, claims and reports about one group do so one after another."""
    queue, _ = Queue.objects.get_or_create(group=group)
    Queue.objects.filter(pk=queue.pk).update(last_seq=F("last_seq"))
    return queue


def lock_for(judge: Judge) -> Judge:
    """The same for whoever decides something: they as they are now that it is locked. Raises NotHere for whoever has
    no part in the team any more."""
    lock(group=judge.group)
    return policies.again(judge)


def tell(*, case: Case, kind: EventKind = EventKind.CASE_CHANGED, by: Judge | None = None) -> None:
    """Say that a case is not as it was, inside the transaction that locked the queue. `by`: whoever did that while it
    goes on waiting; it is not new to them then."""
    Case.objects.filter(pk=case.pk).update(told_by=by.key_in(case.public_id) if by else None)
    _append(group_id=case.group_id, kind=kind, ref=case.public_id)


def tell_held(*, held: Held) -> None:
    """Say that something is checked, or is not any more."""
    _append(group_id=held.group_id, kind=EventKind.HELD_CHANGED, ref=held.public_id)


def _append(*, group_id: int, kind: EventKind, ref: str) -> None:
    queue = Queue.objects.get(group=group_id)
    seq = log.take_seq(stream=queue)
    log.append(events=QueueEvent, stream=queue, seq=seq, kind=kind, ref=ref, bell=f"q:{queue.group_id}")


def subject_changed(*, group: Group, kind: str, public_id: str) -> None:
    """Say that the thing that cases are about was changed by whoever wrote it. The queue is locked."""
    rows = Case.objects.filter(group=group, subject_kind=kind, subject_id=public_id)
    for nth, case in enumerate(rows.order_by("-since", "id")):
        if nth == 0 or case.state == CaseState.OPEN:
            tell(case=case)


def role_of(judge: Judge) -> str:
    """As whom somebody acts, for the record."""
    return TEAM if judge.member else OUTSIDE


def record(
    *, group: Group, act: str, role: str = TEAM, ref: str = "", payload: Mapping[str, Any] | None = None
) -> None:
    """Put an act on the group's record: the last thing in its transaction."""
    append(scope=group.public_id, act=act, actor_role=role, ref=ref, payload=payload or {})
