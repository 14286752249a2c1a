"""What orders a group's threads: a number that goes up with every post, and says nothing of when."""

from __future__ import annotations

from django.db.models import F

from chat.models import GroupActivity


def take(*, group_id: int) -> int:
    """The group's next number. This locks it until the transaction ends."""
    rows = GroupActivity.objects.filter(group_id=group_id)
    if not rows.update(counter=F("counter") + 1):
        lock(group_id=group_id)
        rows.update(counter=F("counter") + 1)
    return rows.values_list("counter", flat=True).get()


def lock(*, group_id: int) -> None:
    """Lock a group's number until the transaction ends, making it at first use."""
    rows = GroupActivity.objects.filter(group_id=group_id)
    if not rows.update(counter=F("counter")):
        GroupActivity.objects.bulk_create([GroupActivity(group_id=group_id)], ignore_conflicts=True)
        rows.update(counter=F("counter"))
