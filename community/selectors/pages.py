"""What the first page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.models import Service
from community.selectors import services


@dataclass(frozen=True, kw_only=True)
class FirstPage:
    """Whom to call at a place kept on the device."""

    help_services: Sequence[Service]


def first_page(*, place: str) -> FirstPage:
    """Two services where a place is kept, none where not."""
    near = services.help_in(code=place) if place else None
    return FirstPage(help_services=[*near.emergency, *near.services][:2] if near else [])
