"""The table of who may do what: what is not in it is refused, and every row over everybody."""

from __future__ import annotations

import pytest

from community import policies
from community.actions.standing import Effect, limit
from community.errors import NotHere
from community.policies import Outside
from tests.people import Cast

EVERYONE = {"alice", "lena", "muted", "weak", "mona", "lead"}
TEAM = {"mona", "lead"}
OURS = {
    "see_front": EVERYONE,
    "read_names": EVERYONE,
    "join": set(),
    "ask_to_join": set(),
    "use_code": set(),
    "read_charter": EVERYONE,
    "accept_charter": EVERYONE,
    "publish_charter": {"lead"},
    "choose_name": EVERYONE - {"muted"},
    "stop_using_name": EVERYONE,
    "leave_group": EVERYONE,
    "see_requests": TEAM,
    "answer_request": TEAM,
    "see_invitations": TEAM,
    "invite": TEAM,
    "see_roles": {"weak", "mona", "lead"},
    "give_role": {"lead"},
    "check_roles": TEAM,
    "wear_badge": EVERYONE,
    "read_library": EVERYONE,
    "suggest_resource": EVERYONE - {"muted"},
    "keep_library": TEAM,
    "announce": {"lead"},
    "sign_statement": EVERYONE - {"muted"},
    "read_health": EVERYONE,
    "read_health_of_team": TEAM,
    "keep_own_list": EVERYONE,
}


@pytest.mark.parametrize("action", OURS)
def test_who_may_inside(cast: Cast, action: str) -> None:
    may = {who for who in EVERYONE if policies.permits(action, getattr(cast, who).here(cast.harbour))}
    assert may == OURS[action]


@pytest.mark.parametrize("limits", [{"may_post": False}, {"is_checked_first": True}])
@pytest.mark.parametrize("action", ["announce", "publish_charter"])
def test_a_lead_whose_words_are_kept_back_does_not_speak_for_the_group(
    cast: Cast, action: str, limits: dict[str, bool]
) -> None:
    limit(group=cast.harbour, owner_tag=cast.lead.tag(cast.harbour), effect=Effect(**limits))
    assert not policies.permits(action, cast.lead.here(cast.harbour))


@pytest.mark.parametrize("action", sorted(policies.TABLE))
def test_outside_there_is_only_the_door(cast: Cast, action: str) -> None:
    door = {"see_front", "read_names", "join", "ask_to_join", "use_code"}
    for group in (cast.harbour, cast.meadow, cast.cellar):
        assert action in door or not policies.permits(action, Outside(group=group, signed_in=True))


@pytest.mark.parametrize(
    ("signed_in", "barred", "group", "may"),
    [
        (True, False, "meadow", {"see_front", "read_names", "join", "use_code"}),
        (True, False, "harbour", {"see_front", "read_names", "ask_to_join", "use_code"}),
        (True, False, "cellar", {"use_code"}),
        (True, True, "meadow", {"see_front", "read_names"}),
        (True, True, "cellar", set()),
        (False, False, "meadow", {"see_front", "read_names"}),
        (False, False, "cellar", set()),
    ],
)
def test_who_may_outside(cast: Cast, signed_in: bool, barred: bool, group: str, may: set[str]) -> None:
    place = Outside(group=getattr(cast, group), signed_in=signed_in, barred=barred)
    assert {action for action in policies.TABLE if policies.permits(action, place)} == may


def test_an_unknown_action_is_refused_to_everyone(cast: Cast) -> None:
    assert not policies.permits("no_such_thing", cast.lead.here(cast.harbour))
    with pytest.raises(NotHere):
        policies.require("no_such_thing", cast.lead.here(cast.harbour))
