"""Somebody's own part, held still while it changes."""

from __future__ import annotations

from community.errors import NotHere
from community.models import Group
from research.models import Study
from research.selectors import consent
from research.selectors.consent import Own
from research.selectors.desks import KeyOf


def locked(*, sid: str, group: Group, key_of: KeyOf) -> Own:
    """One's own part, with the study held still: pausing, closing and a new document wait. In a transaction.
    Raises NotHere."""
    if not Study.objects.filter(public_id=sid).select_for_update().exists():
        raise NotHere
    return consent.own(sid=sid, group=group, key_of=key_of)
