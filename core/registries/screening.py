"""Text passes through registered screens before it is published; some advise, some refuse."""

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


Look = Callable[[Draft], list[str]]
_advising: list[Look] = []
_refusing: list[Look] = []


def register(*, advises: Look | None = None, refuses: Look | None = None) -> None:
    """Add a screen: what it says about a draft, in words, is advice, or keeps the draft from being published as it
    is. All screens see every draft, in the order of registration."""
    _advising.extend(filter(None, [advises]))
    _refusing.extend(filter(None, [refuses]))


def advice(draft: Draft) -> list[str]:
    """What to look at once before a draft is published as it is: this never refuses."""
    return [said for look in _advising for said in look(draft)]


def refusals(draft: Draft) -> list[str]:
    """Why a draft may not be published as it is; empty if it may."""
    return [said for look in _refusing for said in look(draft)]
