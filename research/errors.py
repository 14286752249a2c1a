"""What goes wrong in research."""

from __future__ import annotations

from collections.abc import Sequence

from community.errors import MayNot, NotHere

__all__ = ["Malformed", "MayNot", "NotHere"]


class Malformed(Exception):
    """A file of questions that is not taken in: everything that is wrong with it, each with its place."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)
