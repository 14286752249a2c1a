"""Due work: registered, idempotent functions, run every few seconds by the one process that holds the lease."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

logger = logging.getLogger("kith.ticker")


@dataclass(kw_only=True)
class Duty:
    """One function and how often it is due, in seconds."""

    name: str
    run: Callable[[], None]
    every: float
    next_at: float = 0.0


_duties: dict[str, Duty] = {}
_last_tick = 0.0


def register(name: str, run: Callable[[], None], *, every: float) -> None:
    """Register an idempotent function. It is run about `every` seconds, by one process at a time."""
    _duties[name] = Duty(name=name, run=run, every=every)


def tick(*, moment: float) -> None:
    """Run what is due at `moment` (seconds, monotonic). A function that breaks does not stop the others."""
    for duty in _duties.values():
        if moment < duty.next_at:
            continue
        duty.next_at = moment + duty.every
        try:
            duty.run()
        except Exception as error:  # one broken duty must not end the rest; the type alone is safe to log
            logger.error("duty %s ended with %s", duty.name, type(error).__name__)


def seconds_since_tick() -> float | None:
    """How long ago this process last ticked, or None if it never did."""
    return time.monotonic() - _last_tick if _last_tick else None


def run_forever(*, stop: threading.Event, holds_lease: Callable[[], bool], pause: float = 1.0) -> None:
    """Tick until `stop` is set, whenever `holds_lease()` says that this process is the one."""
    global _last_tick  # noqa: PLW0603 the health page reads it; one ticker a process
    while not stop.wait(pause):
        close_old_connections()
        try:
            if holds_lease():
                tick(moment=time.monotonic())
            _last_tick = time.monotonic()
        except Exception as error:  # the database may be away for a moment: try again at the next tick
            logger.error("ticker: %s", type(error).__name__)
