"""Coaches: advice on a text before it is sent. They never refuse, and keep nothing of what they read.

Each one looks for a few things that its first lines name, and says at most one thing about a text.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from community.coaches import contacts, others, places, work
from core.registries.screening import Advice, Draft

LONGEST = 60  # letters of a piece that is shown to its writer


def advise(draft: Draft) -> list[Advice]:
    """What the coaches say about a text."""
    found = [
        (
            contacts.find(draft.text),
            _("This looks like a way to reach you: “%(piece)s”. Everyone in this group could use it."),
        ),
        (
            places.find(draft.text),
            _(
                "This looks like an exact place: “%(piece)s”. It could help someone find you. A rougher one may do."
            ),
        ),
        (
            work.find(draft.text),
            _(
                "This says where you work, and the town: “%(piece)s”. "
                "Together they can point to you. You can leave one out."
            ),
        ),
        (
            others.find(draft.text),
            _(
                "This says who someone else is: “%(piece)s”. They are not here to choose. You can leave the name out."
            ),
        ),
    ]
    return [Advice(message=message % {"piece": _short(pieces[0])}) for pieces, message in found if pieces]


def _short(piece: str) -> str:
    return piece if len(piece) <= LONGEST else f"{piece[:LONGEST]}…"
