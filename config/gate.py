"""Nothing is served from a restored copy before the ledger of erasures was replayed in it."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from config.bodies import App, Receive, Scope, Send
from core import forgetting, ledger

logger = logging.getLogger("kith.gate")
AWAY = (ledger.LedgerAway, ledger.UnknownKind, DatabaseError, InterfaceError)
SHUT = "kith.shut"  # no header of a request can be called so


def catch_up() -> int:
    """Erase again what the ledger names, if this database is an older copy; else say what became of transactions in
    which a process died. Returns how many rows came back and are gone again. Raises one of AWAY, and then nothing
    may be served."""
    if not ledger.is_behind():
        ledger.settle()
        return 0
    erased = ledger.replay()
    if erased:
        logger.warning("this database was older than the ledger of erasures: erased again what had come back")
        with contextlib.suppress(OperationalError):  # busy: the duty does it within the hour
            forgetting.order()
    return erased


class Gate:
    """One for each process. Shut until it was seen, once, that nothing erased is back."""

    def __init__(self) -> None:
        self._is_open = False
        self._turn = threading.Lock()

    def lets_through(self) -> bool:
        """Whether pages may be served. Asked until it is yes, and then no more."""
        if self._is_open:
            return True
        with self._turn:
            if not self._is_open:
                self._is_open = self._looks()
        return self._is_open

    def _looks(self) -> bool:
        try:
            catch_up()
        except AWAY as error:
            logger.error("nothing is served before erasures are replayed: %s", type(error).__name__)
            return False
        finally:
            connections.close_all()
        return True


def wsgi(app: Any) -> Any:
    """The same application, behind the gate."""
    gate = Gate()

    def pages(environ: dict[str, Any], start_response: Any) -> Any:
        return app(environ | {SHUT: not gate.lets_through()}, start_response)

    return pages


def asgi(app: App) -> App:
    """The same application, behind the gate. The health page is in front of it: a process for sockets alone cannot
    see the ledger, and nobody is signed in to it before pages were served elsewhere."""
    gate = Gate()
    look = sync_to_async(gate.lets_through)

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        is_shut = scope["path"] != "/healthz" and not await look()
        await app({**scope, SHUT: is_shut}, receive, send)

    return pages


class Shut:
    """Middleware: while the gate is shut every page says to try again, and hands back what was written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get(SHUT) or getattr(request, "scope", {}).get(SHUT):
            raise ledger.LedgerAway
        return self.get_response(request)
