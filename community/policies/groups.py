"""Who may see a group's front page, and do what every member may."""

from __future__ import annotations

from community.enums import Role, Visibility
from community.policies.places import Place


def may_see_front(place: Place) -> bool:
    """Everyone, but a hidden group is seen by its members alone. `selectors.groups.seen_by` says the same."""
    return place.member is not None or place.group.visibility != Visibility.HIDDEN


def is_member(place: Place) -> bool:
    """Everyone inside, also those who only read and those who may not post for now."""
    return place.member is not None


def may_post(place: Place) -> bool:
    """Members whom no limit keeps from posting."""
    return place.member is not None and place.may_post


def is_team(place: Place) -> bool:
    """Moderators and leads who signed in with a second factor."""
    return place.is_team


def is_lead(place: Place) -> bool:
    """Leads who signed in with a second factor."""
    return place.is_lead


def speaks_for_group(place: Place) -> bool:
    """Leads whose own words no limit keeps back."""
    return place.is_lead and place.may_post and not place.is_checked_first


def holds_role(place: Place) -> bool:
    """Members with a role, also where it has no power for want of a second factor: the page says what to do."""
    return place.member is not None and place.member.role != Role.MEMBER
