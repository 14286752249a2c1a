"""Leaving a group. What somebody wrote stays under the name they had; nothing ties it to them any more. What lies under
keys that only they can make (one-thread names, whom they hid) is theirs again, should they come back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from community import policies
from community.actions import left_tags, roles, standing
from community.enums import Role
from community.handles import NAME_OF_THE_GONE
from community.models import Badge, Disclosure, DutyAddress, JoinRequest, Member, OffDuty, Persona, Shift
from community.selectors.here import Here
from core import clock, ids, ledger

HALF_A_YEAR = dt.timedelta(days=184)
SPREAD_DAYS = 61
NO_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def leave_group(*, here: Here) -> None:
    """Leave. Coming back makes a new member, whom nothing but the key ring ties to this one; limits still bind."""
    policies.require("leave_group", here)
    forget_member(owner_tag=bytes(here.member.owner_tag))


def keep_in(*, here: Here) -> None:
    """Let whoever leaves meanwhile wait until the transaction ends: what is written in it is found with the rest. It
    comes before every lock but that of the queue."""
    list(Member.objects.select_for_update(no_key=True).filter(pk=here.member.pk))


def forget_member(*, owner_tag: bytes, keeps_tag: bool = True) -> bytes:
    """Untie a member from their owner, and silence their open pages. Returns the tag the row has from now on.

    A member without names goes altogether. Otherwise the row stays, because posts are signed by its names, but
    under a random tag, without a role, and the names stay reserved for some months. Whose it was is sealed in it for
    30 days, but not where the ledger says again that somebody left.
    """
    left_behind = ids.new_secret()
    with transaction.atomic():
        for group_id in Member.objects.filter(owner_tag=owner_tag).values_list("group_id", flat=True):
            roles.lock(group_id=group_id)  # a lead may be going while another gives up the role
        standing.announce(owner_tag=owner_tag)
        JoinRequest.objects.filter(owner_tag=owner_tag).delete()
        member = Member.objects.filter(owner_tag=owner_tag).first()
        if member is None:
            return left_behind
        ledger.note(kind="member", ref=str(member.pk))
        if not member.personas.exists():
            member.delete()
            return left_behind
        for model in (Badge, Disclosure, Shift, OffDuty, DutyAddress):
            model._default_manager.filter(member=member).delete()
        member.personas.update(is_current=False, about="")
        Member.objects.filter(pk=member.pk).update(
            owner_tag=left_behind,
            role=Role.MEMBER,
            judges_since=0,
            left_month=clock.this_month(),
            sealed_tag=left_tags.seal(pk=member.pk, owner_tag=owner_tag) if keeps_tag else b"",
        )
    return left_behind


def forget_names(*, owner_tag: bytes) -> None:
    """Take every name, picture and text of a member away from what is left of their posts."""
    for persona in Persona.objects.filter(member__owner_tag=owner_tag):
        forget_name(str(persona.pk))


def forget_name(pk: str) -> None:
    """Take one name away: it says that its owner left, and no limit follows them by it any more."""
    with transaction.atomic():
        ledger.note(kind="name", ref=pk)
        Member.objects.filter(personas=int(pk)).update(sealed_tag=b"")
        Persona.objects.filter(pk=int(pk)).update(
            handle=NAME_OF_THE_GONE,
            handle_key=ids.new_secret(size=16).hex(),
            about="",
            avatar_svg=NO_PICTURE,
            avatar_id=ids.new_public_id(),
            is_current=False,
        )


def forget_member_again(pk: str) -> None:
    """Untie a member who had left: for a replay of the ledger."""
    for tag in Member.objects.filter(pk=int(pk)).values_list("owner_tag", flat=True):
        forget_member(owner_tag=bytes(tag), keeps_tag=False)


def release_names() -> None:
    """Let others take the names of people who left half a year ago. What those signed says that they left.

    Each on a day of its own within two months: names that one person left in two groups do not go together.
    """
    longest_ago = clock.today() - HALF_A_YEAR
    rows = Persona.objects.filter(member__left_month__lte=longest_ago).exclude(handle=NAME_OF_THE_GONE)
    for persona in rows.select_related("member"):
        assert persona.member.left_month is not None
        since = clock.today() - persona.member.left_month
        if since < HALF_A_YEAR + dt.timedelta(days=persona.pk % SPREAD_DAYS):  # keys are random
            continue
        persona.handle = NAME_OF_THE_GONE
        persona.handle_key = ids.new_secret(size=16).hex()
        persona.save(update_fields=["handle", "handle_key"])
