"""Stretching a passphrase takes 100 MB for a moment: a few at a time, so that a flood of guesses fills no memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

AT_ONCE = 3
PATIENCE = 8.0  # seconds somebody waits for a turn
TRY_AGAIN = 5.0  # seconds until it is worth another try
_turns = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Too many people are signing in at this moment. Nothing was tried."""


def heavy(act: Callable[P, R]) -> Callable[P, R]:
    """Let at most AT_ONCE such acts run in this process. Raises Busy after PATIENCE seconds without a turn."""

    @wraps(act)
    def in_turn(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _turns.acquire(timeout=PATIENCE):
            raise Busy
        try:
            return act(*args, **kwargs)
        finally:
            _turns.release()

    return in_turn
