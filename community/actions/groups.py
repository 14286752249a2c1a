"""Groups come to be."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from community.actions import charters
from community.models import Group
from community.starter import CharterText, GroupDetails, starter_charter


def create_group(*, details: GroupDetails, charter: CharterText | None = None) -> Group:
    """A new group with the first version of its charter. It has no members: its first lead comes by a code."""
    with transaction.atomic():
        group = Group.objects.create(**asdict(details), charter_version=1)
        charters.write_version(group=group, text=charter or starter_charter(), version=1)
    return group
