"""What words that a group or its team writes give away: who is named in them, and ways to reach somebody."""

from __future__ import annotations

from django.utils.translation import gettext as _

from community import handles
from community.coaches import contacts, named, names, others
from community.coaches.reading import Read
from community.models import Group
from community.selectors import personas


def members_in(*, group: Group, text: str) -> list[str]:
    """The names of this group that stand in a text, as they were typed: whoever has one, or had it."""
    return [
        match[0]
        for handle in handles.that_may_stand_in(text, among=personas.handles_in(group=group))
        if (match := handles.written(handle).search(text))
    ]


def advice(*, group: Group, text: str) -> list[str]:
    """What to look at once before such words are kept."""
    read = Read(text)
    found = [*members_in(group=group, text=text), *contacts.find(read), *names.find(read), *others.find(read)]
    if not found:
        return []
    said = _("This looks like a name, or a way to reach someone: %(pieces)s. You can leave it out.")
    return [said % {"pieces": named(found)}]


def refusal(*, group: Group, text: str) -> str:
    """Why words may not leave the group as they are; '' if they may. A number may be a service's, a name is not."""
    found = members_in(group=group, text=text)
    if not found:
        return ""
    said = _(
        "People outside the group could read this, and it names someone here: %(pieces)s. Leave the name out."
    )
    return said % {"pieces": named(found)}
