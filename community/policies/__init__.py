"""Who may do what in groups: one table from an action's name to a predicate. What is not in it, nobody may."""

from __future__ import annotations

from collections.abc import Callable

from community.errors import NotHere
from community.policies import groups, joining
from community.policies.places import Outside, Place

__all__ = ["TABLE", "Outside", "Place", "permits", "require"]

Predicate = Callable[[Place], bool]

TABLE: dict[str, Predicate] = {
    "see_front": groups.may_see_front,
    "join": joining.may_join,
    "ask_to_join": joining.may_ask,
    "use_code": joining.may_use_code,
    "read_charter": groups.is_member,
    "accept_charter": groups.is_member,
    "publish_charter": groups.speaks_for_group,
    "read_names": groups.may_see_front,
    "publish_names": groups.is_lead,
    "choose_name": groups.may_post,
    "stop_using_name": groups.is_member,
    "show_details": groups.is_member,
    "leave_group": groups.is_member,
    "see_requests": groups.is_team,
    "answer_request": groups.is_team,
    "see_invitations": groups.is_team,
    "invite": groups.is_team,
    "see_roles": groups.holds_role,
    "give_role": groups.is_lead,
    "check_roles": groups.is_team,
    "wear_badge": groups.is_member,
    "see_rota": groups.is_member,
    "change_own_shifts": groups.is_team,
    "change_all_shifts": groups.is_lead,
    "go_off_duty": groups.is_team,
    "read_library": groups.is_member,
    "suggest_resource": groups.may_post,
    "keep_library": groups.is_team,
    "announce": groups.speaks_for_group,
    "sign_statement": groups.may_post,
    "read_health": groups.is_member,
    "read_health_of_team": groups.is_team,
    "keep_own_list": groups.is_member,
}


def permits(action: str, place: Place) -> bool:
    """Whether the table lets somebody at this place do the action. An unknown action is refused."""
    predicate = TABLE.get(action)
    return predicate is not None and predicate(place)


def require(action: str, place: Place) -> None:
    """Raise NotHere unless the table permits it: from outside, forbidden and missing are one."""
    if not permits(action, place):
        raise NotHere
