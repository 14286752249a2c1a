"""Roles: a group lead gives and takes them, and that is on the record."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.actions import append
from community import handles, policies
from community.actions import standing
from community.enums import TEAM, Role
from community.errors import MayNot
from community.models import DutyAddress, Group, Member, OffDuty, Persona, Shift
from community.selectors import here as places
from community.selectors import roles
from community.selectors.here import Here

_listeners: list[Callable[[Member], None]] = []


def before_change(listen: Callable[[Member], None]) -> None:
    """Have something done in the transaction in which somebody's role changes, after the stream of standings is
    locked."""
    _listeners.append(listen)


def give_role(*, here: Here, role: Role, handle: str = "", ref: str = "") -> None:
    """Let the member with this name here hold a role; `Role.MEMBER` takes it. A group keeps its last lead.

    `ref` names somebody who holds a role already: who puts their name down does not keep the role by that.
    """
    policies.require("give_role", here)
    with transaction.atomic():
        lock(group_id=here.group.pk)
        now = places.again(here)
        policies.require("give_role", now)  # two leads at once: who lost the role meanwhile gives none
        member = roles.holder(here=here, ref=ref) if ref else member_called(here=here, handle=handle)
        if member is None:
            raise MayNot(_("They hold no role here any more."))
        standing.announce(owner_tag=bytes(member.owner_tag))  # what is open for the team shuts
        for listen in _listeners:
            listen(member)
        before = Role(member.role)
        Member.objects.filter(pk=member.pk).update(role=role)
        leads = Member.objects.filter(group=here.group, role=Role.LEAD, left_month=None)
        if not leads.exists():
            raise MayNot(_("A group needs a lead. Make someone else a group lead first."))
        if role not in TEAM:
            Shift.objects.filter(member=member).delete()
            OffDuty.objects.filter(member=member).delete()
            DutyAddress.objects.filter(member=member).delete()
        record(member=member, role=role, before=before, by="group lead")


def record(*, member: Member, role: Role, before: Role, by: str) -> None:
    """Put on the record that somebody holds another role now: the last thing in its transaction. Whoever comes into the
    team by it did not judge before."""
    if role == before:
        return
    entry = append(
        scope=member.group.public_id, act="role taken" if role == Role.MEMBER else "role given", actor_role=by,
        payload={"role": role, "before": before},
    )  # fmt: skip
    if role in TEAM and before not in TEAM:
        Member.objects.filter(pk=member.pk).update(judges_since=entry.seq)


def lock(*, group_id: int) -> None:
    """Lock a group until the transaction ends, so that who its leads are changes one at a time.

    An UPDATE is the lock that both databases honour; it must come first in the transaction.
    """
    Group.objects.filter(pk=group_id).update(charter_version=F("charter_version"))


def member_called(*, here: Here, handle: str) -> Member:
    """Who has this name here now. Raises MayNot."""
    rows = Persona.objects.filter(group=here.group, handle_key=handles.key_of(handle), is_current=True)
    persona = rows.select_related("member").first()
    if persona is None:
        raise MayNot(_("Nobody here has that name. Check how it is spelled."))
    return persona.member
