"""Coaches: advice on a text before it is sent. They never refuse, and keep nothing of what they read.

Each one looks for a few things that its first lines name, and says at most one thing about a text, in which it names
all that it found.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from community.coaches import contacts, names, others, places, work
from community.coaches.reading import Read
from core.registries.screening import Draft

LONGEST = 60  # letters of a piece that is shown to its writer
MOST = 10  # pieces in one sentence


def advise(draft: Draft) -> list[str]:
    """What the coaches say about a text."""
    text = Read(draft.text)
    found = [
        (
            contacts.find(text),
            _("This looks like a way to reach you: %(pieces)s. Everyone in this group could use it."),
        ),
        (
            places.find(text),
            _(
                "This looks like an exact place: %(pieces)s. It could help someone find you. A rougher one may do."
            ),
        ),
        (
            work.find(text),
            _(
                "This says where you work, and the town: %(pieces)s. "
                "Together they can point to you. You can leave one out."
            ),
        ),
        (
            names.find(text),
            _("This looks like your own name: %(pieces)s. Everyone in this group could read it."),
        ),
        (
            others.find(text),
            _(
                "This says who someone else is: %(pieces)s. They are not here to choose. You can leave the name out."
            ),
        ),
    ]
    return [message % {"pieces": named(pieces)} for pieces, message in found if pieces]


def named(pieces: list[str]) -> str:
    """All of them in a sentence, once each: who is told of one would take the rest for safe."""
    once = list(dict.fromkeys(pieces))
    apart = [one for one in once[:MOST] if not any(one in other != one for other in once[:MOST])]
    return ", ".join([*(f"“{_short(one)}”" for one in apart), *(["…"] if once[MOST:] else [])])


def _short(piece: str) -> str:
    return piece if len(piece) <= LONGEST else f"{piece[:LONGEST]}…"
