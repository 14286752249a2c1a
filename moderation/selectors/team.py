"""Who is there to decide."""

from __future__ import annotations

from django.utils.translation import gettext

from community.enums import TEAM
from community.models import Group, Member
from moderation.models import GroupCare


def is_one(*, group: Group) -> bool:
    """Whether nobody but one person is there to ask: the same whoever a case is about and whoever is kept out."""
    return Member.objects.filter(group=group, role__in=TEAM, left_month=None).count() < 2


def outside_words(*, group: Group) -> str:
    """What the reporter and the writer read where the whole team is part of a case."""
    name = GroupCare.objects.filter(group=group).values_list("outside_person", flat=True).first()
    if name:
        return gettext("Someone from outside the group looked at this, not the team: %(name)s.") % {
            "name": name
        }
    return gettext("Someone from outside the group looked at this, not the team.")
