"""Who it is, and ways to reach them, are not shown to the team before they ask: not in people's words either."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext

from community import handles
from community.coaches import contacts
from community.errors import NotHere
from community.models import Group
from community.selectors import personas
from core.registries.subjects import subjects
from moderation.models import Case
from moderation.selectors import cases

_QUOTED = re.compile(r"^[ \t]*>+[ \t]?", re.MULTILINE)  # the coaches leave quotes alone, the team must not


def masks(case: Case, *, texts: Iterable[str]) -> Callable[[str], str]:
    """What puts out of sight, in these texts, ways to reach somebody and the names of this group: whoever is a letter
    in the case is that letter, others are someone. What people call each other elsewhere, no program knows."""
    return _masks(_names(case), texts)


def masks_in(group: Group, *, texts: Iterable[str]) -> Callable[[str], str]:
    """The same before there is a case, in which nobody is a letter yet."""
    return _masks(dict.fromkeys(personas.handles_in(group=group), gettext("[someone]")), texts)


def masked(text: str) -> str:
    """A text with each way to reach somebody put out of sight."""
    mask = gettext("[a way to reach someone]")
    for piece in sorted(contacts.find(_QUOTED.sub("", text)), key=len, reverse=True):
        pattern = r"[\s>]+".join(re.escape(word) for word in piece.split())
        text = re.sub(pattern, lambda _: mask, text)
    return text


def _names(case: Case) -> dict[str, str]:
    """Name -> what stands for it."""
    someone, letters = gettext("[someone]"), cases.letters(case)
    found = dict.fromkeys(personas.handles_in(group=case.group), someone)
    try:
        near = subjects()[case.subject_kind].names_near(public_id=cases.subject_of(case))
    except NotHere:
        near = {}
    for by, name in near.items():
        found[name] = f"[{letters[by]}]" if by in letters else someone
    return found


def _masks(stand_for: Mapping[str, str], texts: Iterable[str]) -> Callable[[str], str]:
    there = handles.that_may_stand_in(" ".join(texts), among=stand_for)
    names = {name: stand_for[name] for name in there}
    return lambda text: masked(_without_names(text, names))


def _without_names(text: str, stand_for: Mapping[str, str]) -> str:
    for name, letter in stand_for.items():
        text = handles.written(name).sub(letter, text)
    return text
