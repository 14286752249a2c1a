"""What leaving a study would reach, before somebody leaves."""

from __future__ import annotations

from dataclasses import dataclass

from core import clock
from research.enums import Item, TaskState
from research.models import ConsentEvent, Response, WaveTask
from research.selectors import once, rooms, usable
from research.selectors.consent import Own
from research.selectors.desks import KeyOf


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Counts of what there is of one person in one study."""

    answers: int
    rounds_done: int
    rounds_to_come: int
    choices: int
    reads_messages: bool
    counts_messages: bool
    once_names: int
    once_seen: bool  # somebody of the team may have seen them
    said_in_room: int
    names_in_room: int


def reach(*, own: Own, key_of: KeyOf) -> Reach:
    """What there is of somebody now."""
    said = rooms.own_posts(host=own.host, key_of=key_of)
    keys = [bytes(row.key) for row in (own.participant, own.source) if row is not None]
    tasks = WaveTask.objects.filter(participant=own.participant)
    return Reach(
        answers=Response.objects.filter(task__participant=own.participant, missing=None).count(),
        rounds_done=tasks.filter(state=TaskState.DONE).count(),
        rounds_to_come=tasks.filter(state__in=[TaskState.WAITING, TaskState.STARTED]).count(),
        choices=ConsentEvent.objects.filter(key__in=keys).count(),
        reads_messages=has_begun(own, Item.POSTS),
        counts_messages=has_begun(own, Item.ACTIVITY),
        once_names=len(once.own(study=own.study, group=own.host.group, key_of=key_of)),
        once_seen=once.was_asked_for(own.study),
        said_in_room=said.count(),
        names_in_room=said.values("face").distinct().count(),
    )


def has_begun(own: Own, item: Item) -> bool:
    """Whether there was a day, or is one now, on which a yes about messages let the team use any. A yes holds from a
    day by lot: who takes it back before that let them use none."""
    if own.source is None:
        return False
    today = clock.today().isoformat()
    return any(
        start is not None and start <= today
        for start, _last in usable.days_read(source=own.source, item=item)
    )
