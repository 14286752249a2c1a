"""`manage.py operator_code`: print a one-time code that makes whoever types it a site administrator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from community.actions import site
from config import guard


class Command(BaseCommand):
    """Print a code, or end the role for everybody."""

    help = "Print a one-time code for a site administrator; with --take-back end the role for everybody who has it."

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
            f"{grouped}\nSign in, then open {reverse('community:operator')}: it leads to a second step, and "
            "to where the code is typed. Until you are signed in, that page is not there. Good until tomorrow night."
        )
