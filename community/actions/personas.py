"""Personas: chosen at the first post, and put down again."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community import avatars, handles, policies
from community.actions import disclosures
from community.errors import MayNot
from community.models import Persona
from community.selectors import personas
from community.selectors.here import Here


class HandleTaken(MayNot):
    """Somebody in this group has the handle, or had it, or has one that looks like it."""


def create_persona(*, here: Here, handle: str, avatar: str, about: str = "") -> Persona:
    """A name and a picture for a member who has none. A second call returns the first one's persona.

    `avatar` is the choice of a tile. Two who want one handle at the same moment: the database lets one have it.
    """
    policies.require("choose_name", here)
    if here.persona:
        return here.persona
    handle = handles.tidy(handle)
    if reason := handles.check(text=handle):
        raise MayNot(reason)
    svg = avatars.draw(choice=avatar)
    try:
        with transaction.atomic():
            return Persona.objects.create(
                member=here.member,
                group=here.group,
                handle=handle,
                handle_key=handles.key_of(handle),
                about=about,
                avatar_svg=svg,
            )
    except IntegrityError:
        return _after_a_race(here=here, handle=handle)


def stop_using_name(*, here: Here) -> None:
    """Put the current name down. What it signed keeps it; nobody else can take it; nothing ties the next to it."""
    policies.require("stop_using_name", here)
    with transaction.atomic():
        disclosures.show_nothing(member=here.member)
        Persona.objects.filter(member=here.member, is_current=True).update(is_current=False, about="")


def _after_a_race(*, here: Here, handle: str) -> Persona:
    own = Persona.objects.filter(member=here.member, is_current=True).first()
    if own:
        return own
    assert personas.is_taken(here=here, handle=handle)
    raise HandleTaken(_("Someone here has that name, or one like it. Please pick another."))
