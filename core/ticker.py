"""Due work: registered, idempotent functions, run every few seconds by the one process that holds the lease."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

from core import memory

logger = logging.getLogger("kith.ticker")


@dataclass(kw_only=True)
class Duty:
    """One function and how often it is due, in seconds."""

    name: str
    run: Callable[[], None]
    every: float
    next_at: float = 0.0


LATE = 30  # seconds without a round
SOON = 60  # seconds until what broke is tried again
_duties: dict[str, Duty] = {}
_last_tick = 0.0
_began = 0.0  # when this process began to run due work; never, in one that runs none


def register(name: str, run: Callable[[], None], *, every: float) -> None:
    """Register an idempotent function. It is run about `every` seconds, by one process at a time."""
    _duties[name] = Duty(name=name, run=run, every=every)


def tick(*, moment: float) -> None:
    """Run what is due at `moment` (seconds, monotonic). A function that breaks does not stop the others."""
    memory.begin_day()  # a process of due work answers no requests
    for duty in _duties.values():
        if moment < duty.next_at:
            continue
        duty.next_at = moment + duty.every
        try:
            duty.run()
        except Exception as error:  # one broken duty must not end the rest; the type alone is safe to log
            logger.error("duty %s ended with %s", duty.name, type(error).__name__)
            duty.next_at = moment + min(duty.every, SOON)  # a daily one is not put off for a day


def state() -> str:
    """`elsewhere` where this process runs no due work; `starting` in its first round; then `ok`, or `late`."""
    if not _began:
        return "elsewhere"
    if time.monotonic() - (_last_tick or _began) >= LATE:
        return "late"
    return "ok" if _last_tick else "starting"


def run_forever(*, stop: threading.Event, holds_lease: Callable[[], bool], pause: float = 1.0) -> None:
    """Tick until `stop` is set, whenever `holds_lease()` says that this process is the one."""
    global _began, _last_tick  # noqa: PLW0603 the health page reads them; one ticker a process
    _began = time.monotonic()
    while not stop.wait(pause):
        close_old_connections()
        try:
            if holds_lease():
                tick(moment=time.monotonic())
            _last_tick = time.monotonic()
        except Exception as error:  # the database may be away for a moment: try again at the next tick
            logger.error("ticker: %s", type(error).__name__)
