"""`manage.py audit`: check the record, print its public key, prove one entry, say that a copy was put back."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import actions, checkpoints, selectors, verification
from audit.errors import RecordAway
from core.ledger import LedgerAway


class Command(BaseCommand):
    """Works on whichever database is named, so also on a copy, and with signed lines and a key from outside."""

    help = "Check the record of acts (verify), print its key (key), prove an entry (prove), after a restore (restored)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        verify = commands.add_parser("verify", help="check every entry; ends with 1 if anything is wrong")
        verify.add_argument("--scope", help="one group's id, or 'site'; without it, all")
        verify.add_argument("--signed", type=Path, help="a copy of the folder of signed lines")
        verify.add_argument("--key", help="the public key, as it was printed")
        commands.add_parser("key", help="print the public key, for somebody outside to keep")
        prove = commands.add_parser("prove", help="print the proof that an entry is in the record")
        prove.add_argument("scope")
        prove.add_argument("seq", type=int)
        commands.add_parser("restored", help="write into the record that an older copy was put back")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except LedgerAway:
            raise CommandError("The ledger of erasures (KITH_ERASURES) cannot be read.") from None
        except RecordAway:
            raise CommandError(
                "The signed lines or their key (KITH_RECORD) cannot be read or written."
            ) from None

    def _verify(self, options: dict[str, Any]) -> None:
        if options["signed"] and not options["signed"].is_dir():
            raise CommandError("--signed is not a folder.")
        try:
            key = checkpoints.key_from(options["key"]) if options["key"] else None
        except ValueError:
            raise CommandError("--key is not a key as manage.py audit key prints it.") from None
        where = options["signed"]
        scopes = [options["scope"]] if options["scope"] else verification.scopes(where)
        verdicts = [verification.verify(scope=scope, where=where, key=key) for scope in scopes]
        for verdict in verdicts:
            self._say(verdict)
        strays = 0 if options["scope"] else verification.strays()
        if strays:
            self.stdout.write(f"{strays} entries belong to no record.")
        if strays or not all(verdict.is_sound for verdict in verdicts):
            raise CommandError("The record is NOT intact.")
        self.stdout.write(f"The record is intact: {len(verdicts)} scopes.")

    def _say(self, verdict: verification.Verdict) -> None:
        word = "intact" if verdict.is_sound else "NOT intact"
        self.stdout.write(
            f"{verdict.scope}: {word}. {verdict.entries} entries, signed up to {verdict.signed_to}, "
            f"the words of {verdict.erased} erased."
        )
        for words in [*verdict.faults, *verdict.remarks]:
            self.stdout.write(f"  {words}")
        if verdict.more:
            self.stdout.write(f"  And {verdict.more} more.")

    def _key(self, options: dict[str, Any]) -> None:
        self.stdout.write(checkpoints.public_key())

    def _prove(self, options: dict[str, Any]) -> None:
        proof = selectors.inclusion(scope=options["scope"], seq=options["seq"])
        if proof is None:
            raise CommandError("That entry is not there, or is not signed yet.")
        self.stdout.write(json.dumps(proof, indent=2))

    def _restored(self, options: dict[str, Any]) -> None:
        found = actions.restored()
        for scope, up_to, back_to in found:
            self.stdout.write(
                f"{scope}: signed up to {up_to}, went back to {back_to}. The record says so now."
            )
        if not found:
            self.stdout.write("The record goes on from what was signed. Nothing was written.")
