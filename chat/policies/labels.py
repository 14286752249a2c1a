"""Who gives which labels. Nobody does so without a second factor: a role has no power without it."""

from __future__ import annotations

from chat.enums import LabelKind
from community.enums import Role
from community.selectors.here import Here

LIGHT = (LabelKind.NEEDS_SOURCE, LabelKind.EXPERIENCE)  # what says nothing against anybody's words
OF_TEAM = tuple(kind for kind in LabelKind if kind != LabelKind.REVIEWED)


def looks_after(here: Here) -> bool:
    """Whether somebody looks for what needs a source: the team, and peer leaders."""
    return here.is_team or (here.strong and here.member.role == Role.PEER_LEADER)


def kinds_for(here: Here, *, badge: str) -> list[LabelKind]:
    """The labels somebody may give and take away. Only a checked role, `badge`, reviews."""
    if not here.strong:
        return []
    found = OF_TEAM if here.is_team else LIGHT if looks_after(here) else ()
    return [*found, *([LabelKind.REVIEWED] if badge else [])]
