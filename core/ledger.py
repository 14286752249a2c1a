"""The ledger of erasures: what was deleted stays deleted, also when an older backup is restored.

A folder beside the key ring, outside the database and outside its backups. Each erasure is one line: a kind and the
SHA-256 of the row's random id, in a file for the day. Lines of a day lie in the order of their digests, so that the
folder does not tell what was deleted after what.

A line is on disk before its transaction commits, in a file of that transaction, which is locked until it ends. The
transaction leaves its token in the database. So after a kill at any moment the token says whether the line counts:
lines of what was rolled back are dropped, else they would erase a row that lives.

Each transaction adds one more line that stands for its token. A database that knows of fewer is an older copy, and
everything in the ledger is erased in it again before anything is served. There nobody can say what became of a
transaction that had just ended: its lines count.

One more file holds what waits to be erased, as it is now: an older copy neither forgets what was asked for since,
nor does what was taken back since.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import sys
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
GUARD, WAITING, BEGUN = "guard", "waiting", "begun."
TOKEN = "change"  # the kind of a line that stands for a transaction
ALL, COPY = (
    "all",
    "copy",
)  # names of rows in the database: the count of tokens; what backups put into themselves
OLD = "ledger"  # a count of lines, by versions that knew no tokens


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
    if kind not in _kinds:
        raise UnknownKind(kind)
    if lines := {f"{_digest(kind, ref)} {kind}" for ref in refs}:
        _begin(lines)


def waiting_changed() -> None:
    """Write down how what waits is now. Call it at the end of every transaction that adds, does or takes back what
    waits. Raises LedgerAway."""
    _begin(set(), waits=True)


def keep_waiting() -> None:
    """Write down what waits, in the order of the lines: they begin with what is random."""
    with _guarded():
        _keep_waiting()


def settle() -> None:
    """Keep the lines of transactions that committed, and drop those of others. The database must be no older copy."""
    with _guarded():
        folded = _settle()
    for token in folded:  # not while the folder waits: somebody may hold the database and wait for the folder
        _fold(token)


def is_behind() -> bool:
    """Whether the database knows of other transactions than the ledger: most likely it is a restored older copy."""
    with _guarded():
        return _lacking() != 0


def replay() -> int:
    """Erase again all that the ledger names and the database still holds. Returns how many rows there were.
    Harmless when there is nothing to do. Raises LedgerAway or UnknownKind, and then nothing may be served."""
    with _guarded():
        if not (_read() or _begun()) and _marks[0]._default_manager.filter(lines__gt=0).exists():
            logger.error("the ledger of erasures (KITH_ERASURES) is gone: put its copy back")
            raise LedgerAway
        lacking = _lacking()
        if lacking > 0:
            _take_all()
        else:
            _settle()
        if lacking < 0:  # not the database but the folder is the older copy
            _keep_waiting()
        return _replay(_read())


def begin_anew() -> None:
    """Take it that the ledger is lost for good: what was deleted after an older backup stays back."""
    with _guarded():
        _set_count(_read())


def _replay(lines: list[str]) -> int:
    named: dict[str, set[str]] = {}
    for line in lines:
        digest, _, kind = line.partition(" ")
        named.setdefault(kind, set()).add(digest)
    named.pop(TOKEN, None)
    if unknown := set(named) - set(_kinds):
        raise UnknownKind(", ".join(sorted(unknown)))
    token = _replaying.set(True)
    try:
        _restore_waiting()
        found = [
            (kind, ref)
            for kind, digests in named.items()
            for ref in _kinds[kind].refs()
            if _digest(kind, ref) in digests
        ]
        for kind, ref in found:
            _kinds[kind].erase(ref)
    finally:
        _replaying.reset(token)
    _set_count(lines)
    return len(found)


def _restore_waiting() -> None:
    lines = [line.partition(" ") for line in _lines(_folder() / WAITING)]
    for kind, held in _waiting.items():
        if kind in {name for name, _, _ in lines}:  # else it was written before there was this kind
            held.restore([row for name, _, row in lines if name == kind and row])


def _what_waits() -> set[str]:
    rows = {f"{kind} {row}" for kind, held in _waiting.items() for row in held.rows()}
    return rows | set(_waiting)


def _keep_waiting() -> None:
    _write(_folder() / WAITING, sorted(_what_waits()))


def _digest(kind: str, ref: str) -> str:
    return hashlib.sha256(f"{kind}|{ref}".encode()).hexdigest()


# --- a transaction and its lines ----------------------------------------------------------------------------------
def _begin(lines: set[str], *, waits: bool = False) -> None:
    if _replaying.get():
        return
    token = ids.new_public_id()
    _marks[0]._default_manager.create(name=token, lines=1)
    begun = _Begun(token, {*lines, _line_of(token)}, waits=waits)
    transaction.on_commit(begun.is_committed, robust=True)


class _Begun:
    """Lines whose transaction has not ended. Only what is to run after its commit knows of this: it is let go when
    the transaction, or the part in which the lines were noted, is rolled back."""

    def __init__(self, token: str, lines: set[str], *, waits: bool) -> None:
        self.lock: int | None = None
        self.connection = transaction.get_connection()
        self.path = _folder() / f"{BEGUN}{token}"
        with _guarded():
            day, changes = clock.today().isoformat(), list[str]()
            if waits:
                before, now = set(_lines(_folder() / WAITING)), _what_waits()
                changes = [f"-{row}" for row in before - now] + [f"+{row}" for row in now - before]
            self.lock = _write(self.path, [day, *sorted(lines), *sorted(changes)], locked=True)

    def is_committed(self) -> None:
        self._release()
        settle()

    def __del__(self) -> None:
        # Who lost the database in the middle of a COMMIT does not know what came of it: the next start looks.
        if self.lock is not None and not (sys.is_finalizing() or self.connection.errors_occurred):
            with contextlib.suppress(OSError):
                self.path.unlink()
            self._release()

    def _release(self) -> None:
        assert self.lock is not None
        os.close(self.lock)
        self.lock = None


def _begun() -> dict[str, Path]:
    """Token -> file."""
    return {path.name.removeprefix(BEGUN): path for path in _folder().glob(f"{BEGUN}*")}


def _has_ended(path: Path) -> bool:
    """Whether a transaction is over, or its process: it holds a lock on its file."""
    with path.open() as held:
        try:
            fcntl.flock(held.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _ended() -> dict[str, Path]:
    """Those whose transaction is over, in the order of their beginning."""
    found = []
    for token, path in _begun().items():
        with contextlib.suppress(FileNotFoundError):  # rolled back just now
            if _has_ended(path):
                found.append((path.stat().st_mtime_ns, token, path))
    return {token: path for _, token, path in sorted(found)}


def _settle() -> list[str]:
    begun, ended = _begun(), _ended()
    known = _tokens()  # asked after it was seen that they ended
    kept = [_keep(path) for token, path in ended.items() if token in known]
    if any(kept):
        _keep_waiting()
    for path in ended.values():
        path.unlink(missing_ok=True)
    return [token for token in known if token in ended or token not in begun]


def _take_all() -> None:
    """What had just ended when an older copy took the place of the database: it counts, as nobody can know."""
    waiting = set(_lines(_folder() / WAITING))
    ended = _ended().values()
    for path in ended:
        for change in _keep(path):
            (waiting.add if change[0] == "+" else waiting.discard)(change[1:])
    if ended:
        _write(_folder() / WAITING, sorted(waiting))
    for path in ended:
        path.unlink()


def _keep(path: Path) -> list[str]:
    """Put the lines into the file of their day. Returns how what waits was changed. Harmless when done again."""
    day, *rest = _lines(path)
    changes = [line for line in rest if line[0] in "+-"]
    _add(day, set(rest) - set(changes))
    return changes


# --- the folder -------------------------------------------------------------------------------------------------
def _folder() -> Path:
    return Path(settings.KITH_ERASURES or Path(settings.KITH_KEY_RING).with_name("erasures"))


@contextmanager
def _guarded() -> Iterator[None]:
    """Alone with the folder, whichever process this is. Raises LedgerAway."""
    try:
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        with (_folder() / GUARD).open("a") as guard:
            fcntl.flock(guard.fileno(), fcntl.LOCK_EX)
            yield
    except OSError:
        logger.error(
            "the ledger of erasures (KITH_ERASURES) cannot be read or written: look at its owner and disk"
        )
        raise LedgerAway from None


def _read() -> list[str]:
    days = sorted(path for path in _folder().glob("*-*-*") if path.is_file())
    return [line for day in days for line in _lines(day)]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _add(day: str, lines: set[str]) -> None:
    _write(_folder() / day, sorted({*_lines(_folder() / day), *lines}))


def _write(path: Path, lines: list[str], *, locked: bool = False) -> int:
    """Write a file whole. Returns what holds a lock on it, if one is asked for."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="part.")
    held = False
    try:
        with os.fdopen(descriptor, "w", closefd=False) as handle:
            handle.write("".join(f"{line}\n" for line in lines))
            handle.flush()
            os.fsync(descriptor)
        if locked:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        Path(name).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)  # else a power cut could keep the erasure and lose its line
        os.close(folder)
        held = locked
    finally:
        Path(name).unlink(missing_ok=True)
        if not held:
            os.close(descriptor)
    return descriptor


# --- what the database knows ----------------------------------------------------------------------------------------
def _line_of(token: str) -> str:
    return f"{_digest(TOKEN, token)} {TOKEN}"


def _tokens() -> set[str]:
    names = _marks[0]._default_manager.values_list("name", flat=True)
    return set(names) - {ALL, COPY, OLD}


def _lacking() -> int:
    """How many transactions of the ledger this database does not know: more than none is an older copy."""
    lines, begun = _read(), _begun()
    rows = dict(_marks[0]._default_manager.values_list("name", "lines"))
    rows.pop(OLD, None)
    if COPY in rows:
        return 1
    if not rows:
        return len(lines)
    told = {line for line in lines if line.endswith(f" {TOKEN}")}
    told.update(_line_of(token) for token in begun if token in rows)
    return len(told) - sum(rows.values())


def _fold(token: str) -> None:
    """Count a token, in place of its row."""
    rows = _marks[0]._default_manager
    with transaction.atomic():
        if rows.filter(name=token).delete()[0] and not rows.filter(name=ALL).update(lines=F("lines") + 1):
            rows.get_or_create(name=ALL)
            rows.filter(name=ALL).update(lines=F("lines") + 1)


def _set_count(lines: list[str]) -> None:
    rows = _marks[0]._default_manager
    told = {line for line in lines if line.endswith(f" {TOKEN}")}
    with transaction.atomic():
        rows.exclude(name__in=list(_begun())).delete()
        rows.create(name=ALL, lines=len(told))
