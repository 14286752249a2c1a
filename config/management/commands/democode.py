"""`manage.py democode`: the demo staff's current second-factor codes."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from config.demo.cast import CODE_SECONDS, SIGN_INS, codes


class Command(BaseCommand):
    """Print what an authenticator app would show for the demo's staff: the same codes, computed the same way."""

    help = "Print the current second-factor codes of the demo's staff."

    def handle(self, *args: Any, **options: Any) -> None:
        left = CODE_SECONDS - int(time.time()) % CODE_SECONDS
        names = ", ".join(sign_in.name for sign_in in SIGN_INS if sign_in.is_staff)
        self.stdout.write(f"{codes()[0]}  (for {left} more seconds)  {names}")
