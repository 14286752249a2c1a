"""Who may come in, and how."""

from __future__ import annotations

from community.enums import Visibility
from community.policies.places import Outside, Place


def _welcome(place: Place) -> bool:
    return isinstance(place, Outside) and place.signed_in and not place.barred


def may_join(place: Place) -> bool:
    """Anyone signed in, where the group is open."""
    return _welcome(place) and place.group.visibility == Visibility.OPEN


def may_ask(place: Place) -> bool:
    """Anyone signed in, where the group is closed."""
    return _welcome(place) and place.group.visibility == Visibility.CLOSED


def may_use_code(place: Place) -> bool:
    """Anyone signed in whom no limit keeps out: a code that fits is enough, also for a hidden group."""
    return _welcome(place)
