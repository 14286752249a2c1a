"""Not wanting to see somebody, and taking that back. Open pages of those concerned look again within a second.

Neither is ever about a person: a mute is of one face, a block between two personas. A name somebody takes later
is another face, and nothing here knows that it is theirs.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from chat.models import Alias, Block, Mute
from chat.policies import Act, Face, may
from community.actions import leaving, standing
from community.errors import MayNot, NotHere
from community.models import Member, Persona
from community.selectors.here import Here

MOST_MUTES = 500
MOST_BLOCKS = 10  # of one persona: who answers it all the same would tell too much about aliases otherwise


def mute(*, face: Face, key: bytes, other: Persona | Alias) -> None:
    """No longer see what a face writes. Nobody else notices. `key` is the key of one's own mutes in this group.

    Raises NotHere or MayNot.
    """
    if not may(Act.MUTE, face=face, other=other):
        raise NotHere
    with transaction.atomic():
        standing.announce(owner_tag=bytes(face.here.member.owner_tag))
        leaving.keep_in(here=face.here)
        if Mute.objects.filter(key=key).count() >= MOST_MUTES:
            raise MayNot(gettext("You hide a great many people here. Show someone again first."))
        if isinstance(other, Persona):
            Mute.objects.get_or_create(key=key, persona=other)
        else:
            Mute.objects.get_or_create(key=key, alias=other)


def block(*, face: Face, other: Persona | Alias) -> None:
    """From now on the personas that both use here do not see each other's posts. Raises NotHere or MayNot."""
    own = face.here.persona
    if own is None or not isinstance(other, Persona) or not may(Act.BLOCK, face=face, other=other):
        raise NotHere
    with transaction.atomic():
        _announce_both(face.here, other)
        leaving.keep_in(here=face.here)
        others = Block.objects.filter(by=own, blocked__is_current=True).exclude(blocked=other)
        if others.count() >= MOST_BLOCKS:
            raise MayNot(
                gettext(
                    "You can do this with 10 people at most. You can still stop seeing more people yourself."
                )
            )
        Block.objects.get_or_create(by=own, blocked=other)


def unmute(*, here: Here, key: bytes, pk: int) -> None:
    """See a face again. Raises NotHere."""
    with transaction.atomic():
        standing.announce(owner_tag=bytes(here.member.owner_tag))
        if not Mute.objects.filter(key=key, pk=pk).delete()[0]:
            raise NotHere


def unblock(*, here: Here, pk: int) -> None:
    """Take a block back that one of one's own personas set: both see each other's posts again. Raises NotHere."""
    with transaction.atomic():
        found = Block.objects.select_related("blocked__member").filter(by__member=here.member, pk=pk).first()
        if found is None:
            raise NotHere
        _announce_both(here, found.blocked)
        found.delete()


def announce_blocked(member: Member) -> None:
    """Have open pages of those whom somebody blocked look again: whether it holds hangs on their role as well."""
    blocked = Block.objects.filter(by__member=member, blocked__is_current=True)
    for tag in sorted(set(map(bytes, blocked.values_list("blocked__member__owner_tag", flat=True)))):
        standing.announce(owner_tag=tag)


def _announce_both(here: Here, other: Persona) -> None:
    for tag in sorted([bytes(here.member.owner_tag), bytes(other.member.owner_tag)]):
        standing.announce(owner_tag=tag)
