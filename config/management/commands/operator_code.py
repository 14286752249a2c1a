"""`manage.py operator_code`: print a one-time code that makes whoever types it a site administrator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from community.actions import site
from config import guard


class Command(BaseCommand):
    """Print a code, or end the role for everybody."""

    help = "Print a one-time code for /operator/; with --take-back end the role for everybody who has it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--take-back", action="store_true", help="end the role for everybody")

    def handle(self, *args: Any, **options: Any) -> None:
        guard.check()
        if options["take_back"]:
            ended = site.take_all_roles_back()
            self.stdout.write(f"The role ended for {ended}. Make a new code for whoever should have it.")
            return
        code = site.make_code()
        grouped = "-".join(code[start : start + 5] for start in range(0, len(code), 5))
        self.stdout.write(
            f"{grouped}\nSign in with a second step, then type it at /operator/. Good until tomorrow night."
        )
