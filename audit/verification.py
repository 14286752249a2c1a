"""Checking chains: every entry, in one pass, in the same little memory however long the chain is.

Each check below looks at one entry and at what came before it, and says what is wrong in plain words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import TextField
from django.db.models.functions import Cast

from audit import checkpoints, encoding
from audit.checkpoints import Checkpoint
from audit.encoding import KIND
from audit.models import AuditEntry, Chain
from core import clock, erased

SHOWN = 20  # faults of one chain: one act of tampering can break every entry after it


class Entry(NamedTuple):
    """One row, as it lies in the database, with the chain's own idea of its end."""

    seq: int
    version: int
    day: str
    act: str
    role: str
    ref: str
    commitment: bytes
    prev: bytes
    hash: bytes
    salt: bytes | None
    payload: str | None
    pk: int
    head_seq: int
    head_hash: bytes


@dataclass
class State:
    """How far a check has come."""

    scope: str
    key: Ed25519PublicKey | None
    signed: Iterator[Checkpoint]
    up_to: int  # where what was signed ends
    erasures: set[str] | None = None  # lines of the ledger, read at the first words that are gone
    known: int = 0  # where it ends as the database knows it
    seq: int = 0
    hash: bytes = encoding.BEFORE_THE_FIRST
    day: str = ""
    today: str = field(default_factory=lambda: clock.today().isoformat())
    pending: Checkpoint | None = None
    entries: int = 0
    erased: int = 0
    signed_to: int = 0
    head: tuple[int, bytes] = (0, encoding.BEFORE_THE_FIRST)


@dataclass
class Verdict:
    """What was found in one chain. Remarks are no faults."""

    scope: str
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    more: int = 0
    entries: int = 0
    erased: int = 0
    signed_to: int = 0

    @property
    def is_sound(self) -> bool:
        return not self.faults

    def fault(self, words: str) -> None:
        """Keep it, unless there are very many."""
        if len(self.faults) < SHOWN:
            self.faults.append(words)
        else:
            self.more += 1


# --- what is looked at in each entry -----------------------------------------------------------------------------
def place(state: State, entry: Entry) -> str | None:
    """One number after another."""
    if entry.seq == state.seq:
        return f"Two entries have the number {entry.seq}."
    if entry.seq > state.seq + 1:
        return f"Missing: {_range(state.seq + 1, entry.seq - 1)}."
    return None if entry.seq == state.seq + 1 else f"Entry {entry.seq} cannot have that number."


def own_hash(state: State, entry: Entry) -> str | None:
    """The hash fits what the entry says."""
    if entry.version != encoding.VERSION:
        return f"Entry {entry.seq} is in a form that this version of Kith does not know."
    said = encoding.Said(
        entry.version, state.scope, entry.seq, entry.day, entry.act, entry.role, entry.ref, entry.commitment
    )
    if encoding.link(prev=entry.prev, body=encoding.body(said)) == entry.hash:
        return None
    return f"Entry {entry.seq} was changed: it does not fit its hash."


def follows(state: State, entry: Entry) -> str | None:
    """It was written after the one before it."""
    if entry.prev == state.hash:
        return None
    return f"Entry {entry.seq} does not follow the one before it: something was taken out, put in or moved."


def day(state: State, entry: Entry) -> str | None:
    """Days go forward, and not past today."""
    if entry.day < state.day:
        return f"Entry {entry.seq} has an earlier day than the one before it."
    return f"Entry {entry.seq} has a day that is still to come." if entry.day > state.today else None


def words(state: State, entry: Entry) -> str | None:
    """The payload is the one that was written, or was erased: then the ledger of erasures says so."""
    if entry.payload is None or entry.salt is None:
        if state.erasures is None:  # after the rows: what they lack was written down before it went
            state.erasures = erased.lines()
        if erased.line_of(kind=KIND, ref=str(entry.pk)) not in state.erasures:
            return f"The words of entry {entry.seq} are gone, and nobody erased them."
        state.erased += 1
        return None
    fits = sha256(entry.salt + entry.payload.encode()).digest() == entry.commitment
    if fits and len(entry.salt) == encoding.SALT:
        return None
    return f"The words of entry {entry.seq} are not those that were written."


def signature(state: State, entry: Entry) -> str | None:
    """It is what was signed."""
    wrong = None
    while state.pending and state.pending.seq <= entry.seq:
        line = state.pending
        if line.seq == entry.seq and line.hash != entry.hash:
            wrong = (
                f"Entry {entry.seq} is not what was signed on {line.day}: it, or one before it, was changed."
            )
            if state.key and not line.is_by(state.key):
                wrong = f"The signed line for entry {entry.seq} was changed, or is by another key."
        state.signed_to = line.seq
        state.pending = next(state.signed, None)
    return wrong


CHECKS = [place, own_hash, follows, day, words, signature]


# --- one chain ----------------------------------------------------------------------------------------------------
def verify(*, scope: str, where: Path | None = None, key: Ed25519PublicKey | None = None) -> Verdict:
    """Check one scope's chain against itself and against what was signed. `where` and `key` are an outside copy of
    the signed lines, and of the public key. Raises RecordAway."""
    chain, verdict = (
        _chain(scope),
        Verdict(scope),
    )  # before the lines: of them there may be more by now, and not fewer
    if key is None and checkpoints.is_there(scope=scope, where=where):
        key = checkpoints.own_key()
    signed = Signed(scope=scope, where=where, key=key, verdict=verdict)
    binding = signed.binding()
    _check(
        verdict,
        State(scope, key, binding, signed.up_to, pending=next(binding, None)),
        chain,
    )
    return verdict


def verify_end(*, scope: str) -> Verdict:
    """The same from the newest signed line on, which costs little. Raises RecordAway."""
    chain, verdict = _chain(scope), Verdict(scope)
    line = checkpoints.last(scope=scope)
    key = checkpoints.own_key() if line else None
    if line and key and not line.is_by(key):
        verdict.fault("The newest signed line is by another key.")
    up_to = line.seq if line else 0
    _check(
        verdict,
        State(scope, key, iter(()), up_to, pending=line),
        chain,
        from_seq=max(1, up_to),
    )
    return verdict


def _chain(scope: str) -> Chain | None:
    return Chain.objects.filter(scope=scope).first()


def _check(verdict: Verdict, state: State, chain: Chain | None, *, from_seq: int = 1) -> None:
    state.known = chain.signed_seq if chain else 0
    if chain is None or not _walk(state, chain, verdict, from_seq):
        chain = _chain(state.scope)  # its first entry may have come meanwhile
        if chain is not None:
            _walk(state, chain, verdict, from_seq)
        elif not state.up_to:
            verdict.fault("There is no record of that name.")
    for check in ENDINGS:
        if found := check(state):
            verdict.fault(found)
    verdict.entries, verdict.erased, verdict.signed_to = state.entries, state.erased, state.signed_to


def _walk(state: State, chain: Chain, verdict: Verdict, from_seq: int) -> int:
    """Check every entry. Returns how many there are."""
    state.head = (chain.head_seq, bytes(chain.head_hash))
    for row in _rows(chain, from_seq):
        entry = Entry._make(bytes(one) if isinstance(one, memoryview) else one for one in row)
        if not state.entries and from_seq > 1:
            state.seq, state.hash, state.day = from_seq - 1, entry.prev, entry.day
        try:
            for check in CHECKS:
                if found := check(state, entry):
                    verdict.fault(found)
        except (TypeError, ValueError, AttributeError):  # SQLite takes anything in any column
            verdict.fault(f"The entry after entry {state.seq} cannot be read.")
            continue
        state.seq, state.hash, state.day = entry.seq, entry.hash, entry.day
        state.head = (entry.head_seq, entry.head_hash)
        state.entries += 1
    return state.entries


def _rows(chain: Chain, from_seq: int) -> Iterator[tuple[Any, ...]]:
    """One statement, and so all from one moment, with the chain's head of that moment in each row."""
    found = AuditEntry.objects.filter(chain=chain, seq__gte=from_seq).order_by("seq", "id")
    found = found.annotate(day=Cast("acted_on", TextField()))
    return found.values_list(
        "seq", "version", "day", "act", "actor_role", "ref", "commitment", "prev", "hash",
        "kept__salt", "kept__payload", "id", "chain__head_seq", "chain__head_hash",
    ).iterator()  # fmt: skip


def head(state: State) -> str | None:
    """The chain ends where it says."""
    if (state.seq, state.hash) == state.head:
        return None
    return f"The record ends at entry {state.seq}, and should end at entry {state.head[0]}."


def reach(state: State) -> str | None:
    """It goes as far as it was signed."""
    if state.seq >= state.up_to:
        return None
    return (
        f"It was signed up to entry {state.up_to} and ends at entry {state.seq}: the end was cut off, or this is an "
        "older copy. If you put a backup back, run: manage.py audit restored"
    )


def known(state: State) -> str | None:
    """All signatures that the database knows of are there."""
    if state.known <= state.up_to:
        return None
    return (
        f"The database knows of a signature for entry {state.known}, and the folder of signed lines does not: "
        "it was cut, or is an older copy."
    )


ENDINGS = [head, reach, known]


# --- what was signed ----------------------------------------------------------------------------------------------
class Signed:
    """The lines of one scope that bind: all but those that a restored older copy left behind.

    The newest line stands for everything before it, so it and the restores are checked by key; of the rest only
    what does not fit."""

    def __init__(
        self, *, scope: str, where: Path | None, key: Ed25519PublicKey | None, verdict: Verdict
    ) -> None:
        self.scope, self.where = scope, where
        self.restores: list[tuple[int, int]] = []  # number of the line, and how far back it went
        self.up_to = 0
        newest = None
        for number, line in enumerate(checkpoints.lines(scope=scope, where=where), 1):
            if line is None:
                verdict.fault(f"Line {number} of the signed lines cannot be read.")
                continue
            if line.kind == "restored":
                self._restore(number, line, key, verdict)
            elif line.seq <= self.up_to:
                verdict.fault(f"Line {number} of the signed lines is out of order.")
            newest, self.up_to = line, max(self.up_to, line.seq)
        if newest and key and not newest.is_by(key):
            verdict.fault(f"The newest signed line, for entry {newest.seq}, is by another key.")

    def _restore(self, number: int, line: Checkpoint, key: Ed25519PublicKey | None, verdict: Verdict) -> None:
        if key and not line.is_by(key):
            verdict.fault(f"A line says that a copy was put back on {line.day}, and is by another key.")
            return
        self.restores.append((number, line.back_to))
        verdict.remarks.append(
            f"On {line.day} an older copy was put back. Of what was signed up to entry {self.up_to}, the record "
            f"holds the first {line.back_to}."
        )
        self.up_to = 0  # what was signed before is not to come again

    def binding(self) -> Iterator[Checkpoint]:
        """The lines in the order of their entries."""
        for number, line in enumerate(checkpoints.lines(scope=self.scope, where=self.where), 1):
            if line and all(at <= number or line.seq <= back_to for at, back_to in self.restores):
                yield line


def scopes(where: Path | None = None) -> list[str]:
    """Every scope that has a chain or a signed line."""
    return sorted({*Chain.objects.values_list("scope", flat=True), *checkpoints.scopes(where)})


def strays() -> int:
    """Entries whose chain is gone."""
    return AuditEntry.objects.exclude(chain_id__in=Chain.objects.values("pk")).count()


def _range(first: int, last: int) -> str:
    return f"entry {first}" if first == last else f"entries {first} to {last}"
