"""Whoever is in a group to watch it: a researcher reads nothing that does not say so to everyone first."""

from __future__ import annotations

from chat.models import Thread
from community.enums import Role
from community.selectors.here import Here
from core import clock


def watches(here: Here) -> bool:
    """Whether somebody is here as a researcher. That binds them in every session, also without a second factor."""
    return here.member.role == Role.RESEARCHER


def is_open_to(here: Here, thread: Thread) -> bool:
    """Whether a thread is open to somebody: to who watches on days on which it says so."""
    return not watches(here) or thread.watched_on == clock.today()
