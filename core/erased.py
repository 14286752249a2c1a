"""What the ledger of erasures names now, for whoever has to tell what was erased from what is missing."""

from __future__ import annotations

from core import ledger


def lines() -> set[str]:
    """Every line, also of what has just ended. Raises LedgerAway."""
    with ledger._guarded():
        ended = [line for path in ledger._begun().values() for line in ledger._lines(path)]
        return {*ledger._read(), *ended}


def line_of(*, kind: str, ref: str) -> str:
    """The line of one row."""
    return f"{ledger._digest(kind, ref)} {kind}"
