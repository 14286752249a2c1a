"""Telling somebody something, without knowing who it is."""

from __future__ import annotations

from community.models import Group
from core import ids
from moderation import parties
from moderation.models import Notice


def mark_read(*, notice: Notice) -> None:
    """Its person has seen it."""
    Notice.objects.filter(pk=notice.pk, is_read=False).update(is_read=True)


def send(*, group: Group, owner_tag: bytes, message: str) -> Notice:
    """Leave a notice for whoever has this owner tag: no row says who that is. Where nobody has it any more (it is
    empty), one without words that is nobody's: a decision always has its notice."""
    public_id = ids.new_public_id()
    key = parties.key_of(ref=public_id, owner_tag=owner_tag or ids.new_secret())
    message = message if owner_tag else ""
    return Notice.objects.create(group=group, public_id=public_id, key=key, message=message)
