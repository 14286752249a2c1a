"""Who holds a role in a group."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from community import policies
from community.enums import Role
from community.models import Member, Persona
from community.selectors.here import Here


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A role and the persona that holds it. `persona` is None for somebody who has no name here yet."""

    role: Role
    persona: Persona | None


def holders(*, here: Here) -> list[Holder]:
    """Everyone with a role, by role and name: members may know who is on the team, by their names here."""
    policies.require("see_roles", here)
    current = Prefetch("personas", Persona.objects.filter(is_current=True), to_attr="faces")
    rows = Member.objects.filter(group=here.group, left_month=None).exclude(role=Role.MEMBER)
    found = [
        Holder(role=Role(row.role), persona=next(iter(row.faces), None))
        for row in rows.prefetch_related(current)
    ]
    return sorted(
        found, key=lambda one: (one.role, one.persona is None, (one.persona and one.persona.handle) or "")
    )


def is_only_lead(*, here: Here) -> bool:
    """Whether the group would be without a lead if this member were not one."""
    leads = Member.objects.filter(group=here.group, role=Role.LEAD)
    return here.member.role == Role.LEAD and not leads.exclude(pk=here.member.pk).exists()
