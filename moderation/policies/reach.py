"""How far somebody's decisions may reach: what goes beyond the group is not a moderator's."""

from __future__ import annotations

from community.enums import Role
from community.errors import NotHere
from moderation.enums import Act
from moderation.policies import Judge


def acts_of(judge: Judge) -> list[Act]:
    """What this judge may decide, mildest first. Out of the whole site is for group leads and the outside person."""
    is_free = judge.member is None or judge.member.role == Role.LEAD
    return [act for act in Act if is_free or act != Act.SUSPEND]


def require(judge: Judge, act: Act) -> None:
    """NotHere for what this judge may not decide."""
    if act not in acts_of(judge):
        raise NotHere
