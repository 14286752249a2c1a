"""Who is there to decide."""

from __future__ import annotations

from django.utils.translation import gettext

from community.enums import TEAM
from community.models import Group, Member
from moderation.models import Case, GroupCare
from moderation.policies import Judge


def judges(*, group: Group) -> list[Judge]:
    """Everybody of a group's team."""
    rows = Member.objects.filter(group=group, role__in=TEAM, left_month=None).order_by("pk")
    return [Judge(group=group, member=member, tag=bytes(member.owner_tag)) for member in rows]


def outside_words(*, group: Group) -> str:
    """What the reporter and the writer read where the whole team is part of a case."""
    name = GroupCare.objects.filter(group=group).values_list("outside_person", flat=True).first()
    if name:
        return gettext("Someone from outside the group looked at this, not the team: %(name)s.") % {
            "name": name
        }
    return gettext("Someone from outside the group looked at this, not the team.")


def free_for(*, case: Case, but: Member | None = None) -> list[Judge]:
    """Those of the team who are no part of a case."""
    rows = case.parties.all()
    keys = {bytes(row.key) for row in rows}
    if case.is_worry:
        keys = {bytes(case.author_key)}
    everyone = judges(group=case.group)
    return [one for one in everyone if one.member != but and one.key_in(case.public_id) not in keys]
