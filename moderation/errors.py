"""What can go wrong in moderation, said in the words of the domain."""

from __future__ import annotations

from community.errors import MayNot


class Conflict(MayNot):
    """Somebody else was first. `reason` says what happened meanwhile; nothing was changed."""


class Incomplete(MayNot):
    """A decision lacks something that whoever it is about must be told. `reason` says what."""


class TooBroad(MayNot):
    """Automatic help would find much of what is said: whoever switches it on is asked once. `reason` says how much."""


class Unfinished(Incomplete):
    """A private note has no words of its own yet."""


class Unanswered(Incomplete):
    """Somebody may be in danger, and nobody answered what they wrote last: whoever closes that is asked once.
    `mark` says which words those are."""

    def __init__(self, reason: str, *, mark: str) -> None:
        super().__init__(reason)
        self.mark = mark
