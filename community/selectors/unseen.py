"""Whose name page somebody does not get. The app that knows whom they do not see says so."""

from __future__ import annotations

from typing import Protocol

from community.models import Persona
from community.selectors.here import Here


class Rule(Protocol):
    def __call__(self, *, here: Here, persona: Persona) -> bool: ...


_rules: list[Rule] = []


def offer(rule: Rule) -> None:
    """Add a rule: who asks, and whose name it is."""
    _rules.append(rule)


def is_unseen(*, here: Here, persona: Persona) -> bool:
    """Whether this name is as good as not there for whoever asks."""
    return any(rule(here=here, persona=persona) for rule in _rules)
