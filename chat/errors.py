"""What can go wrong when people talk, said in the words of the domain."""

from __future__ import annotations

from community.errors import MayNot


class Refused(Exception):
    """This text cannot be published as it is. `reasons` are plain sentences that say what to change."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("refused")  # never the text: this string may end up in errors
        self.reasons = reasons


class NeedsName(Exception):
    """Somebody who only reads wants to write: they choose a persona first."""


class NameRefused(MayNot):
    """This name is not one to wear here. `reason` says why."""


class OtherName(MayNot):
    """Another name would sign than the one that stood beside the button. `reason` says so."""


class ChangedSince(MayNot):
    """The text is not the one that was opened to be changed. `reason` says so."""


class CameBefore(MayNot):
    """What was sent first with this client id did come: other words, or under another face, or taken away since.
    `reason` says so."""


class NeedsPromise(Exception):
    """The charter changed since this member accepted it: they accept it first, or go on reading."""


class TooSoon(MayNot):
    """Messages come slowly here just now. `wait` is how many seconds are left."""

    def __init__(self, *, reason: str, wait: float) -> None:
        super().__init__(reason)
        self.wait = wait


class NeedsCheck(Exception):
    """The team looks at this before it appears: it has to be kept for that."""
