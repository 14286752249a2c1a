"""Passages of somebody who leaves: they go with their writer's part, on the day from which that shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from research.models import Anchor, QuoteAsk, Source
from research.selectors import quotes, shown, usable

OF = (Anchor, QuoteAsk)


def hold(*, source: Source, goes_on: dt.date) -> None:
    """Somebody leaves, and nothing of theirs has changed yet: keep how the team's pages stand, until this day."""
    Source.objects.filter(pk=source.pk).update(goes_on=goes_on, as_left=_as_left(source))


def forget(*, source: Source) -> None:
    """Take away every passage of somebody's messages: they do not want that to be used."""
    for model in OF:
        model._default_manager.filter(source=source).delete()


def _as_left(source: Source) -> dict[str, Any]:
    if shown.is_held(source):
        return dict(source.as_left or {})
    days = usable.days_read(source=source) if source.part in usable.USED else []
    return {"asks": quotes.may_be_asked(source), "days": days, "empty": list(_empty(source))}


def _empty(source: Source) -> Iterator[int]:
    """The passages of which nothing is shown."""
    for model in OF:
        rows = model._default_manager.select_related("source", "post__byline__persona").filter(source=source)
        yield from (row.pk for row in rows if not shown.words(row, study=source.study))
