"""What goes wrong in research alone; the rest is said in the words of groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from community.errors import MayNot


class Malformed(Exception):
    """A file of questions that is not taken in: everything that is wrong with it, each with its place."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)


class SavedSince(MayNot):
    """Somebody saved the same page since its form was filled. `settings` are those that stand now."""

    def __init__(self, reason: str, *, settings: Mapping[str, Any]) -> None:
        super().__init__(reason)
        self.settings = dict(settings)
