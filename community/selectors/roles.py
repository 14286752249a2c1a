"""Who holds a role in a group."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.db.models import Prefetch

from community import policies
from community.enums import TEAM, Role
from community.models import Group, Member, Persona
from community.selectors.here import Here
from core import keyring, sealing


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A role and the persona that holds it. `persona` is None for somebody who has no name here: `ref` is then how
    a lead takes the role away."""

    ref: str
    role: Role
    persona: Persona | None


def holders(*, here: Here) -> list[Holder]:
    """Everyone with a role, by role and name: members may know who is on the team, by their names here."""
    policies.require("see_roles", here)
    current = Prefetch("personas", Persona.objects.filter(is_current=True), to_attr="faces")
    rows = Member.objects.filter(group=here.group, left_month=None).exclude(role=Role.MEMBER)
    found = [
        Holder(ref=ref_of(row), role=Role(row.role), persona=next(iter(row.faces), None))
        for row in rows.prefetch_related(current)
    ]
    return sorted(
        found, key=lambda one: (one.role, one.persona is None, (one.persona and one.persona.handle) or "")
    )


def ref_of(member: Member) -> str:
    """How a page names somebody who holds a role: nobody can make it from anything that is shown elsewhere."""
    return sealing.tag(key=keyring.lasting_key(), parts=("holder", str(member.pk))).hex()[:20]


def holder(*, here: Here, ref: str) -> Member | None:
    """Somebody with a role in this group by the page's name for them."""
    rows = Member.objects.filter(group=here.group, left_month=None).exclude(role=Role.MEMBER)
    return next((row for row in rows if hmac.compare_digest(ref_of(row).encode(), ref.encode())), None)


def is_lead(*, owner_tag: bytes) -> bool:
    """Whether somebody gives the roles in the group of this tag."""
    return Member.objects.filter(owner_tag=owner_tag, role=Role.LEAD).exists()


def is_alone(*, group: Group, owner_tag: bytes) -> bool:
    """Whether nobody but the one with this tag looks after a group."""
    team = Member.objects.filter(group=group, role__in=TEAM, left_month=None)
    return not team.exclude(owner_tag=owner_tag).exists()


def is_only_lead(*, here: Here) -> bool:
    """Whether the group would be without a lead if this member were not one."""
    leads = Member.objects.filter(group=here.group, role=Role.LEAD)
    return here.member.role == Role.LEAD and not leads.exclude(pk=here.member.pk).exists()
