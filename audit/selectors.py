"""Reading the record: what a public log shows, whether it is intact, and the proof of one entry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from audit import checkpoints, verification
from audit import inclusion as inclusion_form
from audit.errors import RecordAway
from audit.models import AuditEntry, Chain
from core.ledger import LedgerAway


def entries(*, scope: str, before: int | None = None, limit: int = 50) -> list[AuditEntry]:
    """The newest entries of a scope, or those before a number, each with its words if they were not erased (`kept`)."""
    found = AuditEntry.objects.filter(chain__scope=scope).select_related("kept")
    if before is not None:
        found = found.filter(seq__lt=before)
    return list(found.order_by("-seq")[:limit])


def length(*, scope: str) -> int:
    """How many entries the record of a scope has."""
    return Chain.objects.filter(scope=scope).values_list("head_seq", flat=True).first() or 0


@dataclass(frozen=True, kw_only=True)
class Soundness:
    """`checked_on` is the day of the last whole check; None says that there was none yet."""

    is_intact: bool
    checked_on: dt.date | None


def soundness(*, scope: str) -> Soundness:
    """Whether the record is intact: by the last whole check, and by a look at what came since the last signature."""
    chain = Chain.objects.filter(scope=scope).first()
    if chain is None:
        return Soundness(is_intact=True, checked_on=None)  # nothing was done yet
    is_intact = chain.is_sound is True
    try:
        verdict = verification.verify_end(scope=scope)
    except (RecordAway, LedgerAway):
        return Soundness(is_intact=is_intact, checked_on=chain.checked_on)
    return Soundness(is_intact=is_intact and verdict.is_sound, checked_on=chain.checked_on)


def due_for_checking(*, on: dt.date) -> list[str]:
    """The scopes whose whole chain was not checked that day, the one that waits longest first."""
    found = Chain.objects.exclude(checked_on__gte=on).order_by(F("checked_on").asc(nulls_first=True), "id")
    return list(found.values_list("scope", flat=True))


def inclusion(*, scope: str, seq: int) -> dict[str, Any] | None:
    """The proof that an entry is in the chain: `audit.inclusion.holds` checks it with the public key and no database.
    It shows nothing of other entries. None while the entry is not signed, or is not there. Raises RecordAway."""
    entry = AuditEntry.objects.filter(chain__scope=scope, seq=seq).select_related("kept").first()
    lines = checkpoints.lines(scope=scope)
    line = next((one for one in lines if one and one.seq >= seq and _is_there(scope, one)), None)
    if entry is None or line is None:
        return None
    later = AuditEntry.objects.filter(chain=entry.chain, seq__gt=seq, seq__lte=line.seq).order_by("seq")
    kept = getattr(entry, "kept", None)
    return {
        "scope": scope,
        "entry": inclusion_form.said(entry),
        "salt": kept and bytes(kept.salt).hex(),
        "payload": kept and kept.payload,
        "before": bytes(entry.prev).hex(),
        "after": [inclusion_form.body_of(scope, inclusion_form.said(one)).hex() for one in later.iterator()],
        "signed": line.text,
    }


def _is_there(scope: str, line: checkpoints.Checkpoint) -> bool:
    return AuditEntry.objects.filter(chain__scope=scope, seq=line.seq, hash=line.hash).exists()
