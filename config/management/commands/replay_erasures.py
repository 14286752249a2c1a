"""`manage.py replay_erasures`: erase again, in a restored database, what the ledger names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import ledger


class Command(BaseCommand):
    """Replay the whole ledger of erasures, however much of it this database knows of."""

    help = "Erase again what the ledger of erasures names. `ready` does this by itself at each start."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--ledger-is-lost",
            action="store_true",
            help="begin a new ledger: nothing that an older backup brought back can be erased again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["ledger_is_lost"]:
            ledger.begin_anew()
        try:
            erased = ledger.replay()
        except ledger.LedgerAway:
            raise CommandError("The ledger of erasures (KITH_ERASURES) cannot be read or written.") from None
        except ledger.UnknownKind as error:
            raise CommandError(
                f"The ledger names what this version of Kith cannot erase ({error}). Start the newer version."
            ) from None
        self.stdout.write(f"Erased again: {erased}.")
