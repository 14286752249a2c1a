"""What the team told somebody: found by trying one's own tag on each notice of the group."""

from __future__ import annotations

from community.errors import NotHere
from community.models import Group
from moderation import parties
from moderation.models import Notice


def of(*, group: Group, owner_tag: bytes) -> list[Notice]:
    """One's own notices in a group, the newest first."""
    rows = Notice.objects.filter(group=group).order_by("-sent_on", "id")
    keys = rows.values_list("pk", "public_id", "key")
    mine = [pk for pk, ref, key in keys if bytes(key) == parties.key_of(ref=ref, owner_tag=owner_tag)]
    return list(rows.select_related("group", "decision__case").filter(pk__in=mine))


def find(*, group: Group, owner_tag: bytes, public_id: str) -> Notice:
    """One of one's own notices, or NotHere."""
    found = next((one for one in of(group=group, owner_tag=owner_tag) if one.public_id == public_id), None)
    if found is None:
        raise NotHere
    return found
