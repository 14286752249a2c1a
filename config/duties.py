"""Due work that concerns the whole database."""

from __future__ import annotations

from core import forgetting, ticker


def register() -> None:
    """Hand the duties to the ticker."""
    ticker.register("forget order", forgetting.Order(), every=3600)
    ticker.register("empty the journal", forgetting.journal, every=60)
