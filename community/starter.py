"""A group and a charter as somebody writes them, before they are rows; and a charter to start from."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from community.enums import GroupKind, Visibility

_STARTER = Path(__file__).parent / "data" / "starter_charter.toml"


@dataclass(frozen=True, kw_only=True)
class RuleText:
    """One rule. `code` names it across versions."""

    code: str
    text: str
    example: str = ""
    consequence: str = ""


@dataclass(frozen=True, kw_only=True)
class CharterText:
    """What one version of a charter says."""

    purpose: str
    who_can_see: str
    third_party_privacy: str
    what_it_is_not: list[str] = field(default_factory=list)
    easy_read: str = ""
    rules: list[RuleText] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class GroupDetails:
    """What strangers may read about a group, beside its charter."""

    name: str
    kind: GroupKind
    summary: str
    visibility: Visibility = Visibility.CLOSED
    languages: list[str] = field(default_factory=lambda: ["en"])
    for_whom: str = ""
    heads_ups: list[str] = field(default_factory=list)
    join_question: str = ""
    requests_looked_at: str = ""
    moderated: bool = True
    has_professionals: bool = False
    professionals_note: str = ""
    partner: str = ""
    response_hours: int = 0
    research_policy: str = ""
    time_zone: str = "Europe/London"
    tone: int = 0


def charter_from(table: Mapping[str, Any]) -> CharterText:
    """A charter from a parsed TOML table with a list of rules."""
    rules = [RuleText(**rule) for rule in table.get("rules", [])]
    return CharterText(**{**table, "rules": rules})


@functools.cache
def starter_charter() -> CharterText:
    """A charter that holds for any group, to be made one's own."""
    return charter_from(tomllib.loads(_STARTER.read_text()))
