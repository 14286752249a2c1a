"""What somebody of the team finds when they come: what is new to them, what waits, what was decided lately."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Collection
from dataclasses import dataclass

from community.enums import TEAM
from core import clock, memory
from moderation import policies
from moderation.models import Case, Decision, GroupCare, Queue, QueueEvent, Visit
from moderation.policies import Judge
from moderation.selectors import cases

LATELY = dt.timedelta(days=14)
SHARED = 1.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Since:
    """What happened since a moderator was last here: what waits and was not there then, and what colleagues decided.
    `upto` is the number of the last event it counts."""

    upto: int
    worries: list[Case]
    fresh: list[Case]
    decided: list[Decision]


def since(*, judge: Judge, waiting: list[Case]) -> Since:
    """What is new to a moderator, of what they may see. `waiting` is what waits for them."""
    queue = Queue.objects.filter(group=judge.group).first()
    if queue is None:
        return Since(upto=0, worries=[], fresh=[], decided=[])
    seq = Visit.objects.filter(member=judge.member).values_list("seq", flat=True).first() or 0
    rows = QueueEvent.objects.filter(stream=queue)
    later = set(rows.filter(seq__gt=seq).values_list("ref", flat=True))
    before = set(rows.filter(seq__lte=seq, ref__in=later).values_list("ref", flat=True))
    new = [case for case in waiting if case.public_id in later - before]
    decided = [one for one in lately(judge=judge, among=later) if not _is_own(judge, one)]
    return Since(
        upto=queue.last_seq,
        worries=[case for case in new if case.is_worry],
        fresh=[case for case in new if not case.is_worry],
        decided=decided,
    )


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What waited in a group when its queue was at `seq`, whoever may see it, and until when that is good."""

    group_id: int
    seq: int
    until: float
    rows: list[Case]


_last: _Read | None = None


def _forget() -> None:
    global _last  # noqa: PLW0603 as below
    _last = None


memory.for_a_day(_forget)


def waiting_now(*, judge: Judge) -> list[Case]:
    """What waits for a judge, as `cases.waiting`; out of rows that were read for a colleague in this second if nothing
    was told since. A whole team asks at once, and who may see what is still asked for each."""
    global _last  # noqa: PLW0603 one for each process, so that it holds no more than one group's
    seq, moment, read = head(judge=judge), time.monotonic(), _last
    if read is None or (read.group_id, read.seq) != (judge.group.pk, seq) or read.until < moment:
        rows = list(cases.open_rows(group=judge.group))
        _last = read = _Read(group_id=judge.group.pk, seq=seq, until=moment + SHARED, rows=rows)
    return cases.seen_by(judge, read.rows)


def head(*, judge: Judge) -> int:
    """The number of the last event in the group's queue."""
    return Queue.objects.filter(group=judge.group).values_list("last_seq", flat=True).first() or 0


def lately(*, judge: Judge, among: Collection[str] | None = None) -> list[Decision]:
    """What was decided in the last two weeks and holds, the latest day first, of what this judge may see; or that
    about cases with these public ids alone."""
    rows = Decision.objects.filter(
        case__group=judge.group, decided_on__gt=clock.today() - LATELY, undone_on=None
    )
    if among is not None:
        rows = rows.filter(case__public_id__in=among)
    rows = rows.select_related("case__group").prefetch_related("case__parties").order_by("-decided_on", "id")
    return [one for one in rows if policies.may("see", judge, one.case)]


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


def _is_own(judge: Judge, decision: Decision) -> bool:
    return bytes(decision.decider_key) == judge.key_in(decision.case.public_id)
