"""Signed checkpoints, kept outside the database: whoever rewrites a chain there cannot write these.

A folder beside the key ring. One file for each scope, to which lines are added: how far the chain went, and the hash
of its last entry, signed with Ed25519. That hash stands for everything before it. A file for each scope, and days
instead of times, so that the folder does not tell which group's team acted after which.

    kith-record-1 signed SCOPE SEQ DAY HASH - SIGNATURE
    kith-record-1 restored SCOPE SEQ DAY HASH BACK-TO SIGNATURE     an older copy was put back, and said to be one
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from audit.errors import RecordAway
from core import clock

logger = logging.getLogger("kith.record")
SCOPE = re.compile(r"[A-Za-z0-9]{1,20}")  # also the name of a file
SAID = b"kith-file-1 "
LINE = re.compile(
    r"(?P<said>kith-record-1 (?P<kind>signed|restored) (?P<scope>[A-Za-z0-9]{1,20}) (?P<seq>\d{1,18})"
    r" (?P<day>\d{4}-\d\d-\d\d) (?P<hash>[0-9a-f]{64}) (?P<back_to>-|\d{1,18})) (?P<signature>\S{88})"
)


@dataclass(frozen=True)
class Checkpoint:
    """One line."""

    text: str
    kind: str
    seq: int
    day: str
    hash: bytes
    back_to: int

    @cached_property
    def said(self) -> bytes:
        return self.text.rpartition(" ")[0].encode()

    def is_by(self, key: Ed25519PublicKey) -> bool:
        """Whether that key signed it."""
        try:
            key.verify(base64.b64decode(self.text.rpartition(" ")[2]), self.said)
        except (InvalidSignature, binascii.Error):
            return False
        return True


def folder() -> Path:
    """Where the key and the signed lines are."""
    return Path(settings.KITH_RECORD or Path(settings.KITH_KEY_RING).with_name("record"))


def scopes(where: Path | None = None) -> list[str]:
    """The scopes that something was signed for."""
    held = (where or folder() / "signed").glob("*")
    return sorted(path.name for path in held if SCOPE.fullmatch(path.name))


def is_there(*, scope: str, where: Path | None = None) -> bool:
    """Whether anything was signed for a scope."""
    return _file(scope, where).exists()


def lines(*, scope: str, where: Path | None = None) -> Iterator[Checkpoint | None]:
    """What was signed for a scope, as it was added; None for a line that is not one. Raises RecordAway."""
    try:
        with _file(scope, where).open() as held:
            for text in held:
                if text.endswith("\n"):  # else it was being written when the power went
                    yield read(text.rstrip("\n"), scope=scope)
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        raise _away() from None


def last(*, scope: str) -> Checkpoint | None:
    """The newest line, from the end of the file. Raises RecordAway."""
    try:
        with _file(scope).open("rb") as held:
            held.seek(max(0, held.seek(0, os.SEEK_END) - 1000))
            found = [line for line in held.read().splitlines(keepends=True) if line.endswith(b"\n")]
    except FileNotFoundError:
        return None
    except OSError:
        raise _away() from None
    return read(found[-1].decode().rstrip("\n"), scope=scope) if found else None


def read(text: str, *, scope: str) -> Checkpoint | None:
    """One line as it is written, or None."""
    found = LINE.fullmatch(text)
    if found is None or found["scope"] != scope:
        return None
    back_to = -1 if found["back_to"] == "-" else int(found["back_to"])
    if (back_to == -1) != (found["kind"] == "signed"):
        return None
    return Checkpoint(
        text, found["kind"], int(found["seq"]), found["day"], bytes.fromhex(found["hash"]), back_to
    )


@contextmanager
def alone() -> Iterator[None]:
    """Alone with the folder, whichever process this is. Raises RecordAway."""
    try:
        (folder() / "signed").mkdir(parents=True, exist_ok=True, mode=0o700)
        guard = (folder() / "guard").open("a")
    except OSError:
        raise _away() from None
    with guard:
        fcntl.flock(guard.fileno(), fcntl.LOCK_EX)
        yield


def add(*, scope: str, seq: int, hash: bytes, back_to: int | None = None) -> str:
    """Sign one more line and have the disk keep it. Call it `alone`. Raises RecordAway."""
    kind, back = ("signed", "-") if back_to is None else ("restored", str(back_to))
    said = f"kith-record-1 {kind} {scope} {seq} {clock.today()} {hash.hex()} {back}"
    line = f"{said} {base64.b64encode(_key().sign(said.encode())).decode()}"
    try:
        descriptor = os.open(_file(scope), os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as held:
            end = held.seek(0, os.SEEK_END)
            held.seek(max(0, end - 1000))
            whole = held.read().rpartition(b"\n")
            held.seek(end - len(whole[2]))  # over what was being written when the power went
            held.write(line.encode() + b"\n")
            held.truncate()
            held.flush()
            os.fsync(held.fileno())
        _keep(folder() / "signed")
    except OSError:
        raise _away() from None
    return line


def own_key() -> Ed25519PublicKey:
    """The public half of this installation's key. Raises RecordAway, also where there is none yet."""
    if not (folder() / "key").exists():
        raise _away()
    return _key().public_key()


def public_key() -> str:
    """What somebody outside holds, to check that the lines are by this installation. Raises RecordAway."""
    with alone():
        return base64.b64encode(_key().public_key().public_bytes_raw()).decode()


def sign_said(said: bytes) -> str:
    """The installation's signature, in base64, over "kith-file-1 ‖ said", which is never a line of the record. Raises
    RecordAway."""
    with alone():
        return base64.b64encode(_key().sign(SAID + said)).decode()


def key_from(text: str) -> Ed25519PublicKey:
    """A public key as it is printed. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))


def _key() -> Ed25519PrivateKey:
    """The installation's key, made at first use; not made anew where something was signed already."""
    path = folder() / "key"
    try:
        if not path.exists():
            if scopes():
                logger.error("the key of the record (KITH_RECORD) is gone: put its copy back")
                raise RecordAway
            _write_key(path)
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_text(), validate=True))
    except (OSError, ValueError):
        raise _away() from None


def _write_key(path: Path) -> None:
    made = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # for its owner alone
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write(made)
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(path)
        _keep(path.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def _keep(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _file(scope: str, where: Path | None = None) -> Path:
    if not SCOPE.fullmatch(scope):
        raise ValueError("not a scope")
    return (where or folder() / "signed") / scope


def _away() -> RecordAway:
    logger.error("the signed record (KITH_RECORD) cannot be read or written: look at its owner and disk")
    return RecordAway()
