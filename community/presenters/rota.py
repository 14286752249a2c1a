"""The rota's page, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats

from community.presenters.strip import hours_in_words, week_in_words
from community.selectors.rota import Rota, hours_of_shift


@dataclass(frozen=True, kw_only=True)
class ShiftRow:
    """One shift that may be taken out: its public id, its hours, and whose it is."""

    public_id: str
    hours: str
    handle: str
    mine: bool


@dataclass(frozen=True, kw_only=True)
class RotaPage:
    """What the page shows. `away_until` is empty for somebody who is not away."""

    hours: Sequence[str]
    shifts: Sequence[ShiftRow]
    away_until: str


def present(rota: Rota) -> RotaPage:
    """The rota in words."""
    return RotaPage(
        hours=week_in_words(rota.hours),
        shifts=[
            ShiftRow(
                public_id=row.shift.public_id,
                hours=hours_in_words(hours_of_shift(row.shift)),
                handle=row.handle,
                mine=row.mine,
            )
            for row in rota.shifts
        ],
        away_until=formats.date_format(rota.away_until, "l j F, H:i") if rota.away_until else "",
    )
