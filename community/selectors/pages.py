"""What the first page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.enums import Visibility
from community.models import Group, Service
from community.selectors import services


@dataclass(frozen=True, kw_only=True)
class FirstPage:
    """A group that shows strangers what a group is like, and whom to call at a place kept on the device."""

    sample_group: Group | None
    help_services: Sequence[Service]


def first_page(*, place: str) -> FirstPage:
    """The first group by name that strangers may see; two services where a place is kept, none where not."""
    shown = Group.objects.exclude(visibility=Visibility.HIDDEN)
    near = services.help_in(code=place) if place else None
    return FirstPage(
        sample_group=shown.order_by("name", "public_id").first(),
        help_services=[*near.emergency, *near.services][:2] if near else [],
    )
