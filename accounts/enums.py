"""Fixed choices of the private world."""

from __future__ import annotations

from enum import StrEnum


class SessionEventKind(StrEnum):
    """What happened to a session."""

    ENDED = "ended"


class Guess(StrEnum):
    """What is being guessed at: each is paced by itself."""

    PASSPHRASE = "passphrase"
    WORDS = "words"
    CODE = "code"
