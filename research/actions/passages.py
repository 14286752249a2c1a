"""Passages go with their writer's part."""

from __future__ import annotations

from research.models import Anchor, QuoteAsk, Source


def forget(*, source: Source) -> None:
    """Take away every passage of somebody's messages: they do not want that to be used."""
    Anchor.objects.filter(source=source).delete()
    QuoteAsk.objects.filter(source=source).delete()
