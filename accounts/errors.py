"""What can go wrong in the private world, in the code's words."""

from __future__ import annotations


class NameTaken(Exception):
    """Somebody has this sign-in name already."""


class SheetFull(Exception):
    """A fact sheet has a fixed size, and these facts do not fit."""
