"""`manage.py worker`: run due work until it is told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from config.ticking import holds_lease
from core import ticker


class Command(BaseCommand):
    """Run due work in a process of its own."""

    help = "Run due work (mail, expiry, key rotation) until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        ticker.run_forever(stop=stop, holds_lease=holds_lease)
