"""The ledger of erasures: what was deleted stays deleted, also when an older backup is restored.

A folder beside the key ring, outside the database and outside its backups. Each erasure adds one line, before its
transaction commits: a kind and the SHA-256 of the row's random id, in a file for the day. Lines of a day lie in the
order of their digests, so that the folder does not tell what was deleted after what. The database counts the lines
it knows of. When it knows of fewer than there are, it is an older copy, and everything in the ledger is erased in
it again before anything is served.

One more file holds what waits to be erased, as it is now: an older copy neither forgets what was asked for since,
nor does what was taken back since.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from core import clock, ids
from core.models import LedgerMark

logger = logging.getLogger("kith.ledger")
GUARD, WAITING = "guard", "waiting"
CHANGE = "change"  # a line that stands for no row: what waits is not as it was


class LedgerAway(Exception):
    """The ledger cannot be read or written now: nothing may be erased that a restore would bring back."""


class UnknownKind(Exception):
    """The ledger names a kind of row that this version of Kith cannot erase: it is older than the ledger."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of row: the ids of all rows that are there, and how one of them is erased."""

    refs: Callable[[], Iterable[str]]
    erase: Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Erasures that somebody asked for and that wait: as lines without blanks at their ends, in which nobody is
    named, and how a database is brought to hold exactly what the lines say."""

    rows: Callable[[], Iterable[str]]
    restore: Callable[[list[str]], None]


_kinds: dict[str, Kind] = {}
_waiting: dict[str, Waiting] = {}
_marks: list[type[LedgerMark]] = []
_replaying: ContextVar[bool] = ContextVar("replaying", default=False)


def register(kind: str, *, refs: Callable[[], Iterable[str]], erase: Callable[[str], None]) -> None:
    """Offer a kind. `refs` are the random ids of the rows that are not erased yet; erasing twice is harmless."""
    _kinds[kind] = Kind(refs=refs, erase=erase)


def register_waiting(
    kind: str, *, rows: Callable[[], Iterable[str]], restore: Callable[[list[str]], None]
) -> None:
    """Offer erasures that wait."""
    _waiting[kind] = Waiting(rows=rows, restore=restore)


def counted_in(mark: type[LedgerMark]) -> None:
    """Say which model holds the database's count of lines."""
    _marks[:] = [mark]


def note(*, kind: str, ref: str) -> None:
    """Write down that a row is being erased. Call it inside the transaction that erases. Raises LedgerAway."""
    note_all(kind=kind, refs=[ref])


def note_all(*, kind: str, refs: Iterable[str]) -> None:
    """Write down several rows of a kind. Raises LedgerAway, and then nothing may be erased."""
    if kind not in _kinds and kind != CHANGE:
        raise UnknownKind(kind)
    lines = {f"{_digest(kind, ref)} {kind}" for ref in refs}
    if not lines or _replaying.get():
        return
    added = _add(lines)
    transaction.on_commit(lambda: _count(added), robust=True)


def waiting_changed() -> None:
    """Write down what waits now. Call it in or after every transaction that adds, does or takes back what waits."""
    note(kind=CHANGE, ref=ids.new_public_id())
    transaction.on_commit(keep_waiting, robust=True)


def keep_waiting() -> None:
    """Write down what waits, in the order of the lines: they begin with what is random."""
    if _replaying.get():
        return
    with _guarded():
        lines = [f"{kind} {row}" for kind, held in _waiting.items() for row in held.rows()]
        try:
            _write(_folder() / WAITING, sorted(lines))
        except OSError:
            raise _away() from None


def is_behind() -> bool:
    """Whether the database knows of other lines than there are: it is a restored older copy, or a process died
    between an erasure and its count."""
    return _known() != len(_read())


def replay() -> int:
    """Erase again all that the ledger names and the database still holds. Returns how many rows there were.
    Harmless when there is nothing to do. Raises LedgerAway or UnknownKind, and then nothing may be served."""
    with _guarded():
        lines = _read()
        if not lines and _known():
            logger.error("the ledger of erasures (KITH_ERASURES) is gone: put its copy back")
            raise LedgerAway
        return _replay(lines)


def begin_anew() -> None:
    """Take it that the ledger is lost for good: what was deleted after an older backup stays back."""
    _set_count(len(_read()))


def _replay(lines: list[str]) -> int:
    named: dict[str, set[str]] = {}
    for line in lines:
        digest, _, kind = line.partition(" ")
        named.setdefault(kind, set()).add(digest)
    named.pop(CHANGE, None)
    if unknown := set(named) - set(_kinds):
        raise UnknownKind(", ".join(sorted(unknown)))
    found = [
        (kind, ref)
        for kind, digests in named.items()
        for ref in _kinds[kind].refs()
        if _digest(kind, ref) in digests
    ]
    token = _replaying.set(True)
    try:
        for kind, ref in found:
            _kinds[kind].erase(ref)
        _restore_waiting()
    finally:
        _replaying.reset(token)
    _set_count(len(lines))
    return len(found)


def _restore_waiting() -> None:
    path = _folder() / WAITING
    if not path.exists():
        return
    lines = [line.partition(" ") for line in path.read_text().splitlines()]
    for kind, held in _waiting.items():
        held.restore([row for name, _, row in lines if name == kind])


def _digest(kind: str, ref: str) -> str:
    return hashlib.sha256(f"{kind}|{ref}".encode()).hexdigest()


# --- the folder -------------------------------------------------------------------------------------------------
def _folder() -> Path:
    return Path(settings.KITH_ERASURES or Path(settings.KITH_KEY_RING).with_name("erasures"))


@contextmanager
def _guarded() -> Iterator[None]:
    """Alone with the folder, whichever process this is."""
    try:
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        guard = (_folder() / GUARD).open("a")
    except OSError:
        raise _away() from None
    with guard:
        fcntl.flock(guard.fileno(), fcntl.LOCK_EX)
        yield


def _read() -> list[str]:
    if _folder().exists() and not _folder().is_dir():
        raise _away()
    try:
        days = sorted(path for path in _folder().glob("*-*-*") if path.is_file())
        return [line for day in days for line in day.read_text().splitlines()]
    except OSError:
        raise _away() from None


def _add(lines: set[str]) -> int:
    """Add lines to today's file. Returns how many are new."""
    with _guarded():
        try:
            day = _folder() / clock.today().isoformat()
            before = set(day.read_text().splitlines()) if day.exists() else set()
            _write(day, sorted(before | lines))
        except OSError:
            raise _away() from None
    return len(lines - before)


def _write(day: Path, lines: list[str]) -> None:
    descriptor, name = tempfile.mkstemp(dir=day.parent, prefix="part.")
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write("".join(f"{line}\n" for line in lines))
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(day)
        folder = os.open(day.parent, os.O_RDONLY)
        os.fsync(folder)  # else a power cut could keep the erasure and lose its line
        os.close(folder)
    finally:
        Path(name).unlink(missing_ok=True)


def _away() -> LedgerAway:
    logger.error(
        "the ledger of erasures (KITH_ERASURES) cannot be read or written: look at its owner and disk"
    )
    return LedgerAway()


# --- the database's count -----------------------------------------------------------------------------------------
def _known() -> int:
    return _marks[0]._default_manager.values_list("lines", flat=True).first() or 0


def _count(added: int) -> None:
    rows = _marks[0]._default_manager
    if not rows.update(lines=F("lines") + added):
        rows.get_or_create(name="ledger", defaults={"lines": added})


def _set_count(lines: int) -> None:
    _marks[0]._default_manager.update_or_create(name="ledger", defaults={"lines": lines})
