"""Kith's settings, and nobody writes too much: for processes of proof.faults, whose few writers stand for many."""

from __future__ import annotations

from functools import wraps

from config.settings import *  # noqa: F403 all of the real ones
from core import ratelimit

_hit = ratelimit.hit


@wraps(_hit)
def _generous(*parts: str, limit: int, seconds: int) -> float:
    return _hit(*parts, limit=limit * 1000, seconds=seconds)


ratelimit.hit = _generous
