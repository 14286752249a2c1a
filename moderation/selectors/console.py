"""What somebody of the team finds when they come: what is new to them, what waits, what was decided lately."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from community.enums import TEAM
from community.models import Group
from core import clock, memory
from core.prepared import Prepared
from moderation import policies
from moderation.models import Case, Decision, GroupCare, Queue, QueueEvent, Visit
from moderation.policies import Judge
from moderation.selectors import cases

LATELY = dt.timedelta(days=14)
SHARED = dt.timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Since:
    """What happened since a moderator was last here: what waits and was not there then, and what colleagues decided.
    `upto` is the number of the last event it counts."""

    upto: int
    worries: list[Case]
    fresh: list[Case]
    decided: list[Decision]


_queue = Prepared(lambda group: Queue.objects.filter(group=group))
_seen_to = Prepared(lambda member: Visit.objects.filter(member=member).values_list("seq", flat=True))
_later = Prepared(
    lambda queue, after: (
        QueueEvent.objects.filter(stream=queue, seq__gt=after).values_list("ref", flat=True).distinct()
    )
)
_before = Prepared(
    lambda queue, upto, refs: QueueEvent.objects.filter(
        stream=queue, seq__lte=upto, ref__in=refs
    ).values_list("ref", flat=True)
)
_decided = Prepared(
    lambda group, after: (
        Decision.objects.filter(case__group=group, decided_on__gt=after, undone_on=None)
        .select_related("case__group")
        .defer("case__text", "case__context")
        .order_by("-decided_on", "id")
    )
)


def since(*, judge: Judge, read: Read, waiting: list[Case]) -> Since:
    """What is new to a moderator, of what they may see. `waiting` is what waits for them."""
    if read.queue_id is None:
        return Since(upto=0, worries=[], fresh=[], decided=[])
    seq = (_seen_to.first(member=judge.member.pk) if judge.member else None) or 0
    later = set(_later(queue=read.queue_id, after=seq))
    touched = [case for case in waiting if case.public_id in later]
    refs = sorted(case.public_id for case in touched) if seq else []
    before = set(_before(queue=read.queue_id, upto=seq, refs=refs)) if refs else set()
    new = [case for case in touched if case.public_id not in before and not _knows(judge, case)]
    decided = [one for one in read.decided if one.case.public_id in later]
    return Since(
        upto=read.seq,
        worries=[case for case in new if case.is_worry],
        fresh=[case for case in new if not case.is_worry],
        decided=[one for one in lately(judge=judge, among=decided) if not _is_own(judge, one)],
    )


@dataclass(frozen=True, kw_only=True)
class Read:
    """What waited in a group, and what was decided there lately, when its queue was at `seq`: whoever may see it, and
    without the words it is about. Good for a second from `at`. `made`: what was made of it to be shown, by all that it
    hangs on."""

    group_id: int
    queue_id: int | None
    seq: int
    at: dt.datetime
    waiting: list[Case]
    decided: list[Decision]
    made: dict[tuple[Any, ...], str] = field(default_factory=dict)


_last: Read | None = None


def _forget() -> None:
    global _last  # noqa: PLW0603 as below
    _last = None


memory.for_a_day(_forget)


def read(*, group: Group) -> Read:
    """What waits, and what was decided, now."""
    return _read(group, _queue.first(group=group.pk))


def read_now(*, group: Group) -> Read:
    """The same; or what was read for a colleague in this second, if nothing was told since. A whole team asks at once,
    and who may see what is still asked for each."""
    global _last  # noqa: PLW0603 one for each process, so that it holds no more than one group's
    queue, last = _queue.first(group=group.pk), _last
    seq = queue.last_seq if queue else 0
    is_good = last and (last.group_id, last.seq) == (group.pk, seq) and abs(clock.now() - last.at) < SHARED
    if last is None or not is_good:
        _last = last = _read(group, queue)
    return last


def _read(group: Group, queue: Queue | None) -> Read:
    return Read(
        group_id=group.pk,
        queue_id=queue.pk if queue else None,
        seq=queue.last_seq if queue else 0,
        at=clock.now(),
        waiting=list(cases.open_rows(group=group).defer("text", "context")),
        decided=decided(group=group),
    )


def head(*, judge: Judge) -> int:
    """The number of the last event in the group's queue."""
    found = _queue.first(group=judge.group.pk)
    return found.last_seq if found else 0


def decided(*, group: Group) -> list[Decision]:
    """What was decided in the last two weeks and holds, the latest day first, whoever may see it."""
    rows = _decided(group=group.pk, after=clock.today() - LATELY)
    models.prefetch_related_objects(rows, "case__parties")
    return rows


def lately(*, judge: Judge, among: list[Decision]) -> list[Decision]:
    """Of these decisions, those that a judge may see."""
    return [one for one in among if policies.may("see", judge, one.case)]


def handover(*, judge: Judge) -> str:
    """What the last one left for the next."""
    return GroupCare.objects.filter(group=judge.group).values_list("handover", flat=True).first() or ""


def mark_of(note: str) -> str:
    """What a form carries to say which note was read before another was written; nothing for none."""
    return hashlib.sha256(note.encode()).hexdigest()[:16] if note else ""


def others_here(*, judge: Judge) -> int:
    """How many others of the team have one of its pages open, or had it until some minutes ago. Never who."""
    rows = Visit.objects.filter(member__group=judge.group, member__role__in=TEAM, member__left_month=None)
    return rows.filter(open_until__gt=clock.now()).exclude(member=judge.member).count()


def preferences(*, judge: Judge) -> dict[str, bool]:
    """How this judge likes to work: `shows` messages at once, `keys`. Both are off until they are switched on."""
    found = Visit.objects.filter(member=judge.member).first() if judge.member else None
    return {"shows": bool(found and found.shows), "keys": bool(found and found.keys)}


def _knows(judge: Judge, case: Case) -> bool:
    """Whether this judge has it before them now, did the last thing that happened with it, or decided it once."""
    key = judge.key_in(case.public_id)
    return (
        cases.holds(judge, case)
        or bytes(case.told_by or b"") == key
        or any(_is_own(judge, one) for one in case.decisions.all())
    )


def _is_own(judge: Judge, decision: Decision) -> bool:
    return bytes(decision.decider_key) == judge.key_in(decision.case.public_id)
