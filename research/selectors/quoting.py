"""What must not stand in a note: more of a message than a few words, and anything that says who somebody is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from django.db.models import Q
from django.utils.translation import gettext as _

from chat.models import Alias, Post
from community.coaches import contacts, named
from community.models import Group, Persona
from research.enums import Agreement
from research.models import Presence, Room, Source, Study, StudyGroup
from research.selectors import rooms

MOST = 7  # words of a message in a row
SAID_YES = (Agreement.AGREED, Agreement.ENDED)  # once


def faults(*, study: Study, group: Group, text: str) -> list[str]:
    """In words, why a note may not say this, and what to do instead; empty if it may. What the study read in any group
    counts, whichever group the note is about."""
    found = []
    known = Q(pk__in=Presence.objects.filter(study=study).values("group"))
    known |= Q(pk__in=Room.objects.filter(host__study=study).values("host__group"))
    others = Group.objects.filter(known).exclude(pk=group.pk).order_by("pk")
    groups = [group, *others]  # a note is soon put under the wrong group
    if repeated := next(filter(None, (_repeated(study, one, text) for one in groups)), ""):
        found.append(
            _("This repeats a message: “%(words)s”. Keep to 7 words in a row. Tie the message to the note.")
            % {"words": repeated}
        )  # fmt: skip
    if name := next(filter(None, (_named(study, one, text) for one in groups)), ""):
        found.append(
            _(
                "“%(name)s” is a name in a group. Leave it out. Tie a message to the note: a number stands there."
            )
            % {"name": name}
        )
    if any(pid in text for pid in Source.objects.filter(study=study).values_list("pid", flat=True)):
        found.append(_("Leave out the numbers of people. Tie a message to the note instead."))
    return found


def _repeated(study: Study, group: Group, text: str) -> str:
    typed = dict(_runs(text))
    if not typed:
        return ""
    read = Presence.objects.filter(study=study, group=group).values("thread")
    said = Post.objects.filter(thread__in=read).exclude(text="").values_list("text", flat=True)
    in_room = rooms.said_in(study=study, group=group).values_list("text", flat=True)
    for one in chain(said.order_by("pk").iterator(), in_room.order_by("pk").iterator()):
        for run, _words in _runs(one):
            if run in typed:
                return typed[run]
    return ""


def _runs(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every run of one word more than there may be, and how it was written."""
    parts = list(re.finditer(r"\w+", text))
    for first, last in zip(parts, parts[MOST:], strict=False):
        run = tuple(re.findall(r"\w+", text[first.start() : last.end()].casefold()))
        yield run, text[first.start() : last.end()]


def to_look_at(*, study: Study, text: str, names: bool = True, here: Group | None = None) -> list[str]:
    """In words, what of a text its writer should look at once more, though they may leave it: a way to reach somebody;
    and `names`, those of members of the groups that the study runs in, or did. Whoever leads a group is told of names
    `here` alone: they do not find out who is in another."""
    found = []
    if reached := contacts.find(text):
        found.append(_("This looks like a way to reach someone: %(pieces)s.") % {"pieces": named(reached)})
    there = StudyGroup.objects.filter(study=study, state__in=SAID_YES).values("group")
    hosts = [here] if here else list(Group.objects.filter(pk__in=there))
    if names and (said := [one for group in hosts for one in _all_named(study, group, text)]):
        found.append(_("This is a name in a group: %(pieces)s.") % {"pieces": named(sorted(set(said)))})
    return found


def _named(study: Study, group: Group, text: str) -> str:
    """The first of these names that stands in a text."""
    return next(iter(_all_named(study, group, text)), "")


def _all_named(study: Study, group: Group, text: str) -> list[str]:
    """The names of this group, worn now or before, for one talk, for the study's own room or for all, that stand in a
    text."""
    names = [
        *Persona.objects.filter(group=group).exclude(handle="").values_list("handle", flat=True),
        *Alias.objects.filter(thread__group=group).exclude(handle="").values_list("handle", flat=True),
        *rooms.once_in(study=study, group=group),
    ]
    said = text.casefold()
    return [one for one in sorted(names) if re.search(rf"(?<!\w){re.escape(one.casefold())}(?!\w)", said)]
