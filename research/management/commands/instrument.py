"""Take in a set of questions from a file, or say what is wrong with it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from research import instruments
from research.actions.instruments import take_in
from research.converters import CONVERTERS
from research.errors import Malformed

TOLD = ("code", "release", "title", "cite", "terms", "attribution", "evidence")


class Command(BaseCommand):
    """`manage.py instrument FILE`; a REDCap or FHIR file needs to be told whose questions they are."""

    help = "Take in a set of questions (JSON), a REDCap data dictionary or a FHIR Questionnaire."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--from", dest="kind", choices=[*CONVERTERS], help="what else than Kith's own JSON it is"
        )
        for name in TOLD:
            parser.add_argument(f"--{name}", default="", help="for REDCap and FHIR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                data = file.read(instruments.MOST_BYTES + 1)
            convert = CONVERTERS.get(options["kind"])
            row = take_in(raw=convert(data, _about(options)) if convert else instruments.read(data).raw)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}") from None
        except Malformed as error:
            raise CommandError("Nothing was taken in.\n" + "\n".join(error.faults[:40])) from None
        self.stdout.write(f"Taken in: {row.code} {row.version}, digest {row.digest}")


def _about(options: dict[str, Any]) -> dict[str, Any]:
    licence = {name: options[name] for name in ("terms", "attribution", "evidence")}
    checked = {"status": "permission", "checked_on": clock.today().isoformat()}
    return {
        "code": options["code"], "version": options["release"], "title": options["title"],
        "citation": {"text": options["cite"], "doi": ""}, "licence": licence | checked,
    }  # fmt: skip
