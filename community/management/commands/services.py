"""`manage.py services`: take support services in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community import service_files as files
from community.actions import services as actions
from community.selectors import services as selectors


class Command(BaseCommand):
    """Import, export, check, load the starter list, forget a region."""

    help = "Support services by region: import FILE, export FILE, regions FILE, check, starter, forget CODE."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        takes = {
            "import": "take in a CSV file of services or of regions, whole or not at all",
            "export": "write all services to a CSV file (- prints them)",
            "regions": "write all regions to a CSV file (- prints them)",
        }
        for name, words in takes.items():
            acts.add_parser(name, help=words).add_argument("file")
        acts.add_parser("check", help="list the services to check again")
        acts.add_parser("starter", help="load the list that Kith brings, if there is none yet")
        acts.add_parser("forget", help="take a region and its services out").add_argument("code")

    def handle(self, *args: Any, **options: Any) -> None:
        said = self._do(options["act"], options)
        if options["verbosity"]:
            self.stdout.write(said)

    def _do(self, act: str, options: dict[str, Any]) -> str:
        match act:
            case "import":
                return self._import(options["file"])
            case "export":
                return self._write(options["file"], selectors.services_file())
            case "regions":
                return self._write(options["file"], selectors.regions_file())
            case "check":
                return self._check()
            case "starter":
                return self._starter()
            case _:
                return self._forget(options["code"])

    def _import(self, path: str) -> str:
        try:
            done = actions.import_csv(source=files.decode(Path(path).read_bytes()))
        except files.Refused as refusal:
            lines = "\n".join(str(problem) for problem in refusal.problems)
            raise CommandError(f"Nothing was taken in. Put these right first:\n{lines}") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        return f"Took in {done.rows} {done.kind} for {done.regions} regions."

    def _write(self, path: str, text: str) -> str:
        if path == "-":
            return text.rstrip("\n")
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        return f"Wrote {path}."

    def _check(self) -> str:
        rows = selectors.to_check()
        lines = [
            f"{row.region.code:8} {row.verified_on or 'not checked'!s:12} {row.name}  {row.source or row.website}"
            for row in rows
        ]
        return "\n".join([*lines, f"{len(rows)} to check again."])

    def _starter(self) -> str:
        return "Loaded the starter list." if actions.load_starter_services() else "There is a list already."

    def _forget(self, code: str) -> str:
        if not actions.forget_region(code=code):
            raise CommandError(f"There is no region {code!r}. See: manage.py services regions -")
        return f"{code} and its services are gone."
