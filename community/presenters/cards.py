"""What a name shows, as a card: the page that opens from a message and the look at one's own are drawn alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from community.enums import Role
from community.models import Persona
from community.presenters import badges
from community.selectors import disclosures
from community.selectors.badges import worn
from community.selectors.disclosures import Shown


@dataclass(frozen=True, kw_only=True)
class Card:
    """A name with what it shows. `is_used` is False for a name that nobody uses any more."""

    name: str
    avatar_id: str
    is_used: bool
    about: str = ""
    role: str = ""
    lines: Sequence[tuple[str, str]] = ()
    checked: Sequence[tuple[str, str]] = ()


def card_of(shown: Shown) -> Card | None:
    """The card of somebody as a viewer sees them; None for one who may not even see the name."""
    persona = shown.persona
    if persona is None:
        return None
    kinds = disclosures.kinds_in(persona.member.group)
    lines = [(kinds[one.kind].name, kinds[one.kind].words(one.path)) for one in shown.details]
    checked = badges.lines(worn().filter(member=persona.member_id))
    return Card(
        name=persona.handle, avatar_id=persona.avatar_id, is_used=True, about=shown.about, lines=lines,
        role="" if persona.member.role == Role.MEMBER else _(Role(persona.member.role).label), checked=checked,
    )  # fmt: skip


def old_card(persona: Persona) -> Card:
    """The card of a name that is not used any more: the name and nothing else."""
    return Card(name=persona.handle, avatar_id=persona.avatar_id, is_used=False)
