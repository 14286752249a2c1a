"""What is one's own, whatever limits there are: a banned person may take a copy along, and delete."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from community.enums import Role
from community.errors import NotHere
from community.models import Group, JoinRequest, Leaver, Member
from core import keyring, sealing


@dataclass(frozen=True, kw_only=True)
class Own:
    """One's own place in a group, also where one may not read. `leaves_no_lead`: the group would have none."""

    group: Group
    tag: bytes
    leaves_no_lead: bool


def place(*, owner_tag: bytes) -> Own:
    """One's own place in a group. Raises NotHere."""
    member = Member.objects.select_related("group").filter(owner_tag=owner_tag).first()
    if member is None:
        raise NotHere
    return Own(
        group=member.group,
        tag=bytes(member.owner_tag),
        leaves_no_lead=only_leads(owner_tags=[owner_tag]) == 1,
    )


def only_leads(*, owner_tags: Collection[bytes]) -> int:
    """In how many groups one is the only lead."""
    leads = Member.objects.filter(role=Role.LEAD)
    others = leads.filter(group=OuterRef("group")).exclude(pk=OuterRef("pk"))
    return leads.filter(~Exists(others), owner_tag__in=list(owner_tags)).count()


def marks_of(owner_tags: Iterable[bytes]) -> dict[bytes, bytes]:
    """Mark -> owner tag: how it is known that somebody left, by whoever has the tag and the key ring."""
    key = sealing.derive(key=keyring.lasting_key(), purpose="left a group")
    return {sealing.tag(key=key, parts=(bytes(tag).hex(),)): bytes(tag) for tag in owner_tags}


def where_something_may_be(*, owner_tags: Mapping[str, bytes]) -> list[str]:
    """Of groups by public id, with one's owner tag in each: those one is in, left or asked to join. In every other one
    there is nothing of one's own. Three queries, whoever asks and however many groups there are."""
    marks, found = marks_of(owner_tags.values()), set[bytes]()
    for model in (Member, JoinRequest):
        rows = model._default_manager.filter(owner_tag__in=list(owner_tags.values()))
        found |= {bytes(tag) for tag in rows.values_list("owner_tag", flat=True)}
    left = Leaver.objects.filter(key__in=list(marks)).values_list("key", flat=True)
    found |= {marks[bytes(key)] for key in left}
    return [gid for gid, tag in owner_tags.items() if tag in found]


def groups_of(*, owner_tags: Collection[bytes]) -> list[Group]:
    """The groups one is in, by name."""
    rows = Member.objects.select_related("group").filter(owner_tag__in=list(owner_tags))
    return [member.group for member in rows.order_by("group__name", "id")]


def groups_by_id(*, gids: Collection[str]) -> dict[str, Group]:
    """Groups by their public ids."""
    return {group.public_id: group for group in Group.objects.filter(public_id__in=list(gids))}
