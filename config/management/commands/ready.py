"""`manage.py ready`: bring database, static files and starter data up to date, erase again what a restore brought
back, or say why not."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import gate, guard


class Command(BaseCommand):
    """Make an installation ready to serve. Safe to run at every start."""

    help = "Migrate, replay erasures, collect static files, load the starter services; refuses to mix demo and real."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        guard.check()
        try:
            gate.catch_up()
        except gate.AWAY as error:
            raise CommandError(f"Erasures could not be replayed ({type(error).__name__}).") from None
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("services", "starter", verbosity=0)
