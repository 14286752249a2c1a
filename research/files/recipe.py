"""What goes into a file. The same recipe over the same rows makes the same file, to the byte."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from research.enums import ExportTier


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """`last_round`: answers up to this round, of those alone for whom it is over; 0 for none. `until`: the last day of
    which anything is in it. `latest`: whoever began later is not in it. `once`: messages under one-thread names.
    `outside`: for whom it is, outside the team. `flow`: how many were asked, said yes and left, as told then."""

    tier: ExportTier
    last_round: int
    messages: bool
    activity: bool
    quotes: bool
    until: dt.date
    latest: dt.date
    once: bool = False
    outside: str = ""
    flow: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        """Whether somebody has to read what people wrote before it leaves."""
        return self.messages or self.once

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {
            "tier": str(self.tier), "until": self.until.isoformat(), "latest": self.latest.isoformat(),
        }  # fmt: skip


def of_json(kept: dict[str, Any]) -> Recipe:
    """A recipe that was kept."""
    days = {name: dt.date.fromisoformat(kept[name]) for name in ("until", "latest")}
    return Recipe(**kept | days | {"tier": ExportTier(kept["tier"])})
