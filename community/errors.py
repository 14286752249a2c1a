"""What can go wrong in groups, said in the words of the domain."""

from __future__ import annotations


class NotHere(Exception):
    """No such group, or not for you: from outside the two are one."""


class KeptOutHere(NotHere):
    """There is a way in, and a limit closes it to whoever asks: for them alone to know."""


class MayNot(Exception):
    """You are here, but may not do this. `reason` is a plain sentence that says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
