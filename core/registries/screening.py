"""Text passes through registered screens before it is published; each may advise or refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is about to be published: where, and the text as typed. `at_once`: a name or the like, which cannot wait
    for somebody to look at it first."""

    group_id: int
    text: str
    at_once: bool = False


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One thing a screen says about a draft. `refuse` keeps it from being published as it is."""

    message: str
    refuse: bool = False


Screen = Callable[[Draft], list[Advice]]
_screens: list[Screen] = []


def register(screen: Screen) -> None:
    """Add a screen. All screens see every draft, in the order of registration."""
    _screens.append(screen)


def screen(draft: Draft) -> list[Advice]:
    """What all screens say about a draft, refusals first."""
    found = [advice for look in _screens for advice in look(draft)]
    return sorted(found, key=lambda advice: not advice.refuse)


def advice(draft: Draft) -> list[str]:
    """In words, what to look at once before a draft is published as it is: advice, which never refuses."""
    return [found.message for found in screen(draft) if not found.refuse]


def refusals(draft: Draft) -> list[str]:
    """In words, why a draft may not be published as it is; empty if it may."""
    return [found.message for found in screen(draft) if found.refuse]
