"""The record names nobody, so no rows of it are anybody's. Words are erased by whoever wrote them, entry by entry."""

from __future__ import annotations

from collections.abc import Iterable

from audit import actions, encoding
from audit.models import AuditEntry, AuditPayload, Chain
from core import ledger
from core.registries import holdings


def register() -> None:
    """Hand every model of the record to the registry, and the words to the ledger of erasures."""
    holdings.keep(Chain, because="says how far the record of a scope goes; names nobody")
    holdings.keep(
        AuditEntry, because="what was done, by a role, on a day; names nobody, and cannot be changed"
    )
    holdings.keep(AuditPayload, because="the words of an act; erased entry by entry by whatever wrote them")
    ledger.register(encoding.KIND, refs=_words_there, erase=actions.forget_words)


def _words_there() -> Iterable[str]:
    keys = AuditPayload.objects.values_list("entry_id", flat=True)
    return (str(key) for key in keys.order_by("entry_id").iterator())
