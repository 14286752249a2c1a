"""What goes wrong in research alone; the rest is said in the words of groups."""

from __future__ import annotations

from collections.abc import Sequence


class Malformed(Exception):
    """A file of questions that is not taken in: everything that is wrong with it, each with its place."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)
