"""What is kept of the hour at which something was written: nothing, unless the group decided otherwise."""

from __future__ import annotations

import datetime as dt
import secrets
from zoneinfo import ZoneInfo

from chat.models import GroupRhythm, Post
from community.models import Group
from community.selectors.names import Policy, policy_of
from core import clock

FOLDED_EVERY = dt.timedelta(days=7)


def hour_for(group: Group) -> int | None:
    """The hour, in UTC, that a post of now is to show; None where only days are shown."""
    return clock.now().hour if policy_of(group).times == "hours" else None


def count_hour(group: Group) -> None:
    """Count a post into its group's rhythm, or, every other time, an hour drawn by lot: a count of one says little
    about when somebody wrote. The group's counter is locked by now, so that no count is lost."""
    if not policy_of(group).rhythm:
        return
    hour = clock.now().astimezone(ZoneInfo(group.time_zone)).hour
    if secrets.randbelow(2):
        hour = secrets.randbelow(24)
    row, _ = GroupRhythm.objects.get_or_create(group=group)
    row.gathered[hour] += 1
    GroupRhythm.objects.filter(pk=row.pk).update(gathered=row.gathered)


def fold() -> None:
    """Once a week, what was gathered joins what is shown, and what was shown counts half. Due work."""
    for row in GroupRhythm.objects.filter(folded_on__lte=clock.today() - FOLDED_EVERY):
        shown = [old // 2 + new for old, new in zip(row.shown, row.gathered, strict=True)]
        gathered = GroupRhythm.objects.filter(pk=row.pk, folded_on=row.folded_on)
        gathered.update(shown=shown, gathered=[0] * 24, folded_on=clock.today())


def follow_policy(group: Group, policy: Policy) -> None:
    """Forget what a new version of how names work no longer shows, in its transaction."""
    if policy.times == "days":
        Post.objects.filter(thread__group=group, posted_hour__isnull=False).update(posted_hour=None)
    if not policy.rhythm:
        GroupRhythm.objects.filter(group=group).delete()
