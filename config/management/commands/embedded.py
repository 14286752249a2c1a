"""`manage.py embedded`: all of Kith in one process on SQLite, with the demo. What `make run` starts."""

from __future__ import annotations

import os
import socket
import warnings
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import live, ticking
from config.environment import number


class Command(BaseCommand):
    """Serve pages, sockets and due work from one process, on loopback."""

    help = "Serve everything from one process; with KITH_DEMO=1 filled with the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        port = number("PORT", 8000)
        _require_free(port)
        call_command("ready")
        if settings.KITH_DEMO:
            from config.demo import cases, lively, load, scripted

            load.load(say=self.stdout.write)
            scripted.start()
            cases.start()
            if os.environ.get("LIVELY"):
                lively.start()
        # Static files are small, and read by threads: Django warns about every one of them.
        warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume")
        stop = ticking.start()
        self.stdout.write(f"\n  Kith is on {_address(port)}  (Ctrl+C ends it)")
        if settings.KITH_DEMO:
            self.stdout.write(load.welcome(port=port))
        self.stdout.flush()
        uvicorn.run(
            "config.asgi:application",
            host="127.0.0.1",
            port=port,
            **live.options(),
        )
        stop.set()


def _address(port: int) -> str:
    """Where people find it: here, or behind the proxy that does TLS."""
    first = settings.KITH_ORIGINS[0]
    if settings.ALLOWED_HOSTS[0] in {"localhost", "127.0.0.1"}:
        return f"http://localhost:{port}"
    return f"{first}, and listens to your proxy on 127.0.0.1:{port}"


def _require_free(port: int) -> None:
    """Raise CommandError, with what to do, before anything is made or said."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", "") or "there is no such port"
            raise CommandError(
                f"Kith cannot use port {port}: {why}. Start with another: make run PORT={port % 60000 + 1}"
            ) from None
