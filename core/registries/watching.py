"""Whoever is in a group to watch it is asked before a talk opens for them: the app that knows why they are there offers
the question. Where none is offered, nothing opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

Gate = Callable[[HttpRequest, Any, str], "HttpResponse | None"]
_gates: list[Gate] = []


def register(gate: Gate) -> None:
    """Offer the question. It gets the request, the place of who looks, and the public id of the talk; what it answers
    is shown instead, and None lets them in, once that can be read by all."""
    _gates[:] = [gate]


def stop_at(request: HttpRequest, here: Any, tid: str) -> HttpResponse | None:
    """What is shown instead of a talk, or None."""
    return _gates[0](request, here, tid) if _gates else None
