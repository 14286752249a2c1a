"""What a group keeps to read."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet

from community import policies
from community.errors import NotHere
from community.models import Badge, Resource
from community.models.badges import in_force
from community.selectors.here import Here
from core import clock

KIND = "resource"
KeyOf = Callable[[str, str], bytes]


def shelf(*, here: Here) -> list[Resource]:
    """What was looked at, by title."""
    policies.require("read_library", here)
    return list(Resource.objects.filter(group=here.group, is_shelved=True).order_by("title", "id"))


def suggested(*, here: Here) -> list[Resource]:
    """What waits for the team, in no telling order."""
    policies.require("keep_library", here)
    return list(_waiting(here).order_by("public_id"))


def own(*, here: Here, key_of: KeyOf) -> list[Resource]:
    """What one suggested and nobody looked at yet, or the team did not take."""
    rows = Resource.objects.filter(group=here.group, is_shelved=False).order_by("public_id")
    return [row for row in rows if key_of(KIND, row.public_id) == bytes(row.key)]


def _waiting(here: Here) -> QuerySet[Resource]:
    return Resource.objects.filter(group=here.group, is_shelved=False, answered_on=None)


def how_many_wait(here: Here) -> int:
    """How many suggestions and stale things there are for the team; for others none."""
    if not policies.permits("keep_library", here):
        return 0
    rows = Resource.objects.filter(group=here.group)
    stale = rows.filter(is_shelved=True, expires_on__lt=clock.today())
    return _waiting(here).count() + stale.count()


def find(*, here: Here, rid: str) -> Resource:
    """One of them, for the team. Raises NotHere."""
    policies.require("keep_library", here)
    rows = Resource.objects.filter(group=here.group, answered_on=None)
    found = rows.filter(public_id=rid).first()
    if found is None:
        raise NotHere
    return found


def badge_of(*, here: Here) -> str:
    """The checked role that somebody holds, or ''."""
    valid = Badge.objects.filter(in_force(), member=here.member)
    return valid.order_by("role", "id").values_list("role", flat=True).first() or ""
