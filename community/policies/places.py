"""What a policy may look at: somebody's place in one group, or that they stand outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from community.models import Group, Member


class Place(Protocol):
    """Somebody and one group. `Here` is a place inside, `Outside` a place before the door."""

    @property
    def group(self) -> Group: ...
    @property
    def member(self) -> Member | None: ...
    @property
    def may_post(self) -> bool: ...
    @property
    def is_checked_first(self) -> bool: ...
    @property
    def is_team(self) -> bool: ...
    @property
    def is_lead(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Somebody who is not in the group: a stranger, signed in or not. `barred` says that a limit keeps them out."""

    group: Group
    signed_in: bool
    barred: bool = False
    member: None = None
    may_post: bool = False
    is_checked_first: bool = False
    is_team: bool = False
    is_lead: bool = False
