"""How names work in a group: the anonymity policy in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from community.models import Group

OneThread = Literal["off", "available", "first"]
Asking = Literal["hidden", "optional", "prompted"]
WhatMatters = Literal["shown", "with_words"]
Times = Literal["days", "hours"]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The settings a group runs under. `fact_kinds` says how a kind of fact is asked for, where it is not `asks`'s
    usual answer: optional."""

    one_thread: OneThread = "available"
    fact_kinds: Mapping[str, Asking] = field(default_factory=dict)
    what_matters: WhatMatters = "with_words"
    times: Times = "days"
    rhythm: bool = False

    def asks(self, kind: str) -> Asking:
        """How this group asks for a kind of fact: hidden (not at all), optional, or prompted."""
        return self.fact_kinds.get(kind, "optional")


DEFAULT = Policy()


def policy_of(group: Group) -> Policy:  # noqa: ARG001 — every group runs under the default
    """The policy in force in a group."""
    return DEFAULT
