"""How a group is looked after, as it is now."""

from __future__ import annotations

from community.models import Group
from community.selectors import rota
from core import clock
from core.prepared import Prepared
from moderation.enums import Checking, OffHours
from moderation.models import GroupCare, SlowThread

_care = Prepared(lambda group: GroupCare.objects.filter(group=group))
_slow = Prepared(
    lambda group, place, moment: SlowThread.objects.filter(group=group, place=place, until__gt=moment)
)


def of(*, group: Group) -> GroupCare:
    """How a group is looked after; as every group starts, where nothing was changed yet."""
    return _care.first(group=group.pk) or GroupCare(group=group)


def rules_of(*, gid: str) -> tuple[str, str]:
    """Whose messages are checked before they appear in a group, and what newcomers find while nobody of the team is
    here."""
    found = GroupCare.objects.filter(group__public_id=gid).values_list("checking", "off_hours").first()
    return found or (Checking.OFF, OffHours.SAME)


def is_off_hours(*, group: Group, care: GroupCare) -> bool:
    """Whether something is other for newcomers now: nobody of the team is here."""
    return care.off_hours != OffHours.SAME and not rota.on_duty(group=group, moment=clock.now())


def minutes_of(care: GroupCare) -> int:
    """How many minutes lie between two messages of one person in the group now; 0 for none."""
    return care.minutes_between if care.slow_until and care.slow_until > clock.now() else 0


def slow_thread(*, group: Group, place: str) -> SlowThread | None:
    """What slows one thread down now, by its public id."""
    return _slow.first(group=group.pk, place=place, moment=clock.now())
