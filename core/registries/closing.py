"""What the persona world does when somebody closes their account, or takes that back: in their own request, the only
place where it can know which groups are theirs. The private world asks for it here and learns dates and on whose clock
they are, nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Plan:
    """In how many groups something is erased, and when the last of it is gone. None: there is nothing. `without_lead`:
    how many of them have no lead then. `details_at_once`: what one shows is taken back on closing, not later.
    `shows`: whether a detail or a line about oneself is seen now. `time_zone`: the one that all of these groups go by,
    or empty."""

    groups: int
    last: dt.datetime | None
    without_lead: int = 0
    details_at_once: bool = False
    shows: bool = False
    time_zone: str = ""

    @property
    def place(self) -> str:
        """The place whose clock that is: 'London' for Europe/London."""
        return self.time_zone.rpartition("/")[2].replace("_", " ")


class Closing(Protocol):
    def look(self, carrier: Any, *, start: dt.datetime) -> Plan: ...
    def close(self, carrier: Any, *, start: dt.datetime) -> None: ...
    def reopen(self, carrier: Any) -> None: ...


_offered: list[Closing] = []


def register(offer: Closing) -> None:
    """Offer what happens in groups."""
    _offered[:] = [offer]


def look(carrier: Any, *, start: dt.datetime) -> Plan:
    """What would be erased from `start` on, at the latest. Changes nothing."""
    return _offered[0].look(carrier, start=start)


def close(carrier: Any, *, start: dt.datetime) -> None:
    """Have everything of one's own erased from `start` on, group by group, far apart, and over by what `look` says:
    when exactly, nobody is told."""
    _offered[0].close(carrier, start=start)


def reopen(carrier: Any) -> None:
    """Take that back."""
    _offered[0].reopen(carrier)
