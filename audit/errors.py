"""What can go wrong with the record."""

from __future__ import annotations


class NotInTransaction(Exception):
    """An entry is written in the transaction of the act that it is about, or not at all."""


class NotForTheRecord(Exception):
    """A value that the record does not take: it could name somebody, or has no one written form."""


class RecordAway(Exception):
    """The folder of signed checkpoints cannot be read or written, or its key is gone."""


class Disagrees(Exception):
    """The chain does not go on from what was signed last, so that nothing more is signed."""
