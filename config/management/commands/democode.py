"""`manage.py democode`: the demo staff's current second-factor codes."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management.base import BaseCommand

from config.demo.cast import SIGN_INS, TOTP_SECRET


class Command(BaseCommand):
    """Print what an authenticator app would show for the demo's staff: the same codes, computed the same way."""

    help = "Print the current second-factor codes of the demo's staff."

    def handle(self, *args: Any, **options: Any) -> None:
        counter, into = divmod(int(time.time()), 30)
        code = format_hotp_value(hotp_value(TOTP_SECRET, counter))
        names = ", ".join(sign_in.name for sign_in in SIGN_INS if sign_in.is_staff)
        self.stdout.write(f"{code}  (for {30 - into} more seconds)  {names}")
