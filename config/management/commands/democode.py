"""`manage.py democode`: the demo staff's current second-factor codes."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from config.demo.cast import CODE_SECONDS, SIGN_INS, codes

TO_TYPE = 12  # seconds: with fewer left, the next code is shown


class Command(BaseCommand):
    """Print what an authenticator app would show for the demo's staff: the same codes, computed the same way."""

    help = "Print the current second-factor codes of the demo's staff."

    def handle(self, *args: Any, **options: Any) -> None:
        left = CODE_SECONDS - int(time.time()) % CODE_SECONDS
        now, following = codes()[:2]
        names = ", ".join(sign_in.name for sign_in in SIGN_INS if sign_in.is_staff)
        if left >= TO_TYPE:
            self.stdout.write(f"{now}  (for {left} more seconds)  {names}")
        else:  # it is taken already, and longer
            self.stdout.write(f"{following}  (for {left + CODE_SECONDS} more seconds)  {names}")
