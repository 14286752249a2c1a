"""Make a group from the terminal, with a code that lets its first lead in."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.actions.groups import create_group
from community.actions.invitations import invite_lead
from community.enums import GroupKind, Visibility
from community.models import Group
from community.starter import GroupDetails, charter_from
from config import guard


class Command(BaseCommand):
    """`manage.py group NAME` makes a group; `manage.py group --lead-for ID` makes a lead's code for one that is."""

    help = "Make a group and print a one-use code that admits its group lead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--kind", choices=GroupKind.values, default=GroupKind.CONDITION)
        parser.add_argument("--visibility", choices=Visibility.values, default=Visibility.CLOSED)
        parser.add_argument("--summary", default="")
        parser.add_argument("--charter", type=Path, help="a TOML file; without it, the starter charter")
        parser.add_argument("--lead-for", metavar="ID", help="the id in the group's address")

    def handle(self, *args: Any, **options: Any) -> None:
        guard.check()
        group = self._find(options["lead_for"]) if options["lead_for"] else self._make(options)
        self.stdout.write(f"Group: /g/{group.public_id}/about/")
        self.stdout.write(f"Code for the group lead: {invite_lead(group=group)}")
        self.stdout.write(
            "It works once, for 30 days. Sign in, open /join/ and type it. It is not shown again."
        )

    def _make(self, options: dict[str, Any]) -> Group:
        if not options["name"]:
            raise CommandError("Say the group's name.")
        charter = options["charter"]
        return create_group(
            details=GroupDetails(
                name=options["name"],
                kind=GroupKind(options["kind"]),
                visibility=Visibility(options["visibility"]),
                summary=options["summary"] or "A new group.",
            ),
            charter=charter_from(tomllib.loads(charter.read_text())) if charter else None,
        )

    def _find(self, public_id: str) -> Group:
        group = Group.objects.filter(public_id=public_id).first()
        if group is None:
            raise CommandError("No group has that id.")
        return group
