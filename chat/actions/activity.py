"""What orders a group's threads: a number that goes up with every post, and says nothing of when."""

from __future__ import annotations

from django.db.models import F

from chat.models import GroupActivity
from core import counting


def take(*, group_id: int) -> int:
    """The group's next number. This locks it until the transaction ends."""
    number = _next(group_id)
    if number is None:
        lock(group_id=group_id)
        number = _next(group_id)
    assert number is not None  # it is there now, and locked
    return number


def _next(group_id: int) -> int | None:
    return counting.next_number(model=GroupActivity, column="counter", where="group_id", value=group_id)


def lock(*, group_id: int) -> None:
    """Lock a group's number until the transaction ends, making it at first use."""
    rows = GroupActivity.objects.filter(group_id=group_id)
    if not rows.update(counter=F("counter")):
        GroupActivity.objects.bulk_create([GroupActivity(group_id=group_id)], ignore_conflicts=True)
        rows.update(counter=F("counter"))
