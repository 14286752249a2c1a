"""Personas by handle."""

from __future__ import annotations

from collections.abc import Iterable

from community import handles
from community.models import Group, Persona
from community.selectors.here import Here


def is_taken(*, here: Here, handle: str) -> bool:
    """Whether somebody in this group has the handle, had it, or has one that looks like it."""
    return Persona.objects.filter(group=here.group, handle_key=handles.key_of(handle)).exists()


def used_under(*, owner_tags: Iterable[bytes], handle: str) -> bool:
    """Whether a handle is one of these owner tags' own. The tags come from the owner's request and are not kept."""
    rows = Persona.objects.filter(handle_key=handles.key_of(handle), member__owner_tag__in=list(owner_tags))
    return rows.exists()


def handles_in(*, group: Group) -> list[str]:
    """Every name that somebody has in a group, or had."""
    rows = Persona.objects.filter(group=group).exclude(handle="")
    return list(rows.order_by().values_list("handle", flat=True).distinct())
