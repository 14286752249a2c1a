"""When most replies come in a group, from counts that belong to no post."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chat.models import GroupRhythm
from community.models import Group
from community.selectors.names import policy_of
from core import clock

WIDE = 3  # hours of the window that is named
FLOOR = 5  # counts in it
STANDS_OUT = 1.5  # times what an even day would have


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """The hours in which most is written, and whether this hour is not one of them."""

    start: int
    end: int
    is_quiet: bool


def rhythm_of(*, group: Group) -> Rhythm | None:
    """None where the group does not show it, or where too little is known to say anything. One query or none."""
    if not policy_of(group).rhythm:
        return None
    shown = GroupRhythm.objects.filter(group=group).values_list("shown", flat=True).first()
    if shown is None:
        return None
    windows = [sum(shown[(start + n) % 24] for n in range(WIDE)) for start in range(24)]
    best = max(range(24), key=lambda start: windows[start])
    if windows[best] < max(FLOOR, STANDS_OUT * sum(shown) * WIDE / 24):
        return None
    hour = clock.now().astimezone(ZoneInfo(group.time_zone)).hour
    is_busy = any((best + n) % 24 == hour for n in range(WIDE))
    return Rhythm(start=best, end=(best + WIDE) % 24, is_quiet=not is_busy)
