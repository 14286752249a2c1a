"""What a group announces: to its members, and to anyone with the link."""

from __future__ import annotations

from django.db.models import QuerySet

from community import policies
from community.enums import Reach, Visibility
from community.errors import NotHere
from community.models import Announcement, Group
from community.selectors.here import Here
from core import clock


def _current() -> QuerySet[Announcement]:
    return Announcement.objects.select_related("group").filter(ends_on__gte=clock.today())


def is_announced(group: Group) -> bool:
    """Whether a group has anything to say now: its row tells."""
    return group.announced_until is not None and group.announced_until >= clock.today()


def current(*, here: Here) -> list[Announcement]:
    """Those of a group, the newest first."""
    policies.require("read_library", here)
    return list(_current().filter(group=here.group).order_by("-published_on", "id"))


def find(*, here: Here, nid: str) -> Announcement:
    """One of them. Raises NotHere."""
    policies.require("read_library", here)
    found = _current().filter(group=here.group, public_id=nid).first()
    if found is None:
        raise NotHere
    return found


def by_link(*, nid: str) -> Announcement:
    """One that anyone with the link may read: one query, whatever the answer. A hidden group has none. Raises NotHere
    after its end like for one that never was."""
    rows = _current().filter(reach=Reach.LINK).exclude(group__visibility=Visibility.HIDDEN)
    found = rows.filter(public_id=nid).first()
    if found is None:
        raise NotHere
    return found
