"""Writing the record: appending, erasing words, signing, and saying that an older copy was put back."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from audit import checkpoints, encoding
from audit.errors import Disagrees, NotForTheRecord, NotInTransaction, RecordAway
from audit.models import AuditEntry, AuditPayload, Chain
from core import clock, ids, ledger
from core.prepared import Prepared

logger = logging.getLogger("kith.record")
EVERY = 10  # entries; the duty signs the rest within a minute
WORD = re.compile(r"[a-z][a-z0-9_ -]{0,39}")
REF = re.compile(r"[A-Za-z0-9_:.-]{0,40}")


def append(*, scope: str, act: str, actor_role: str, payload: Mapping[str, Any], ref: str = "") -> AuditEntry:
    """Add one act to a scope's chain, in the transaction of the act. Raises NotInTransaction, NotForTheRecord.

    The chain is locked from here to the end of the transaction, so call this after every other lock, and for
    several scopes in the order of their names. `act`, `actor_role` and `ref` stay for good and are for the public
    log: a role or a made-up handle, a public id. What can be erased later goes into `payload`. Nowhere goes an
    account, an owner tag or the name of a persona.
    """
    entry = _append(scope, act, actor_role, payload, ref)
    if entry.seq % EVERY == 0:
        transaction.on_commit(lambda: _sign_quietly(scope), robust=True)
    return entry


def _append(scope: str, act: str, actor_role: str, payload: Mapping[str, Any], ref: str) -> AuditEntry:
    if not connection.in_atomic_block:
        raise NotInTransaction
    if not (
        checkpoints.SCOPE.fullmatch(scope)
        and WORD.fullmatch(act)
        and WORD.fullmatch(actor_role)
        and REF.fullmatch(ref)
    ):
        raise NotForTheRecord("scope, act, role or ref")
    text, salt = encoding.canonical(payload), ids.new_secret(size=encoding.SALT)
    chain = _take_next(scope)
    day = max(clock.today(), chain.head_on or dt.date.min)  # a clock put back does not turn the days around
    committed, prev = encoding.commitment(salt=salt, payload=text), bytes(chain.head_hash)
    said = encoding.Said(
        encoding.VERSION, scope, chain.head_seq, day.isoformat(), act, actor_role, ref, committed
    )
    entry = AuditEntry.objects.create(
        chain=chain, seq=chain.head_seq, acted_on=day, act=act, actor_role=actor_role, ref=ref,
        commitment=committed, prev=prev, hash=encoding.link(prev=prev, body=encoding.body(said)),
    )  # fmt: skip
    AuditPayload.objects.create(entry=entry, salt=salt, payload=text)
    Chain.objects.filter(pk=chain.pk).update(head_hash=entry.hash, head_on=day)
    return entry


_chain = Prepared(lambda scope: Chain.objects.filter(scope=scope))


def _take_next(scope: str) -> Chain:
    """Lock the chain by taking its next number."""
    mine = Chain.objects.filter(scope=scope)
    if not mine.update(head_seq=F("head_seq") + 1):
        Chain.objects.get_or_create(scope=scope)
        mine.update(head_seq=F("head_seq") + 1)
    chain = _chain.first(scope=scope)
    assert chain is not None  # it was counted up
    return chain


def erase_words(*, entry: AuditEntry) -> None:
    """Erase what an entry says beyond act, role and ref, also in backups that are restored later."""
    forget_words(str(entry.pk))


def forget_words(ref: str) -> None:
    """The same, by the entry's key: what a replay of the ledger calls."""
    with transaction.atomic():
        ledger.note(kind=encoding.KIND, ref=ref)
        AuditPayload.objects.filter(entry_id=int(ref)).delete()


def sign(*, scope: str) -> None:
    """Sign how far a chain has come. Raises RecordAway, and Disagrees where it does not go on from what was signed."""
    with checkpoints.alone():
        chain = Chain.objects.get(scope=scope)
        _settle()
        last = checkpoints.last(scope=scope)
        if not _goes_on(chain, last):
            logger.error("the record does not go on from what was signed: run manage.py audit verify")
            raise Disagrees
        if last is None or chain.head_seq > last.seq:
            checkpoints.add(scope=scope, seq=chain.head_seq, hash=bytes(chain.head_hash))
        Chain.objects.filter(pk=chain.pk, signed_seq__lt=chain.head_seq).update(signed_seq=chain.head_seq)


def _settle() -> None:
    """SQLite: what is committed is on disk, so that a power cut cannot leave the signature and lose the entry."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _goes_on(chain: Chain, last: checkpoints.Checkpoint | None) -> bool:
    """Whether the chain holds what was signed last, and the folder what the chain knows to be signed."""
    if last is None:
        return chain.signed_seq == 0
    return chain.signed_seq <= last.seq and _holds(chain, last) and last.is_by(checkpoints.own_key())


def _holds(chain: Chain, line: checkpoints.Checkpoint) -> bool:
    there = AuditEntry.objects.filter(chain=chain, seq=line.seq).values_list("hash", flat=True).first()
    return there is not None and bytes(there) == line.hash


def _sign_quietly(scope: str) -> None:
    try:
        sign(scope=scope)
    except (RecordAway, Disagrees):
        return  # said in the log; the act stands, and the duty tries again


def sign_all() -> None:
    """The duty: sign every chain that went on."""
    behind = Chain.objects.filter(head_seq__gt=F("signed_seq")).order_by("scope")
    for scope in list(behind.values_list("scope", flat=True)):
        _sign_quietly(scope)


def restored() -> list[tuple[str, int, int]]:
    """Say, in each chain that disagrees with its signed lines, that an older copy was put back: of the database, or of
    the folder. It stays in the record for all to see. Returns scope, signed up to, and back to. Raises RecordAway."""
    found = []
    for scope in sorted({*checkpoints.scopes(), *Chain.objects.values_list("scope", flat=True)}):
        with checkpoints.alone():
            chain, _ = Chain.objects.get_or_create(scope=scope)
            if _goes_on(chain, checkpoints.last(scope=scope)):
                continue
            signed = [line for line in checkpoints.lines(scope=scope) if line is not None]
            up_to = max([chain.signed_seq, *(line.seq for line in signed)])
            back_to = next((line.seq for line in reversed(signed) if _holds(chain, line)), 0)
            payload = {"signed up to": up_to, "back to": back_to, "copy of": str(chain.head_on or "")}
            with transaction.atomic():
                entry = _append(scope, "restored", "operator", payload, "")
            checkpoints.add(scope=scope, seq=entry.seq, hash=bytes(entry.hash), back_to=back_to)
            Chain.objects.filter(pk=chain.pk, signed_seq__lt=entry.seq).update(signed_seq=entry.seq)
            found.append((scope, up_to, back_to))
    return found


def keep_verdict(*, scope: str, is_sound: bool) -> None:
    """Keep what a whole check of a chain found, with its day."""
    Chain.objects.filter(scope=scope).update(is_sound=is_sound, checked_on=clock.today())
