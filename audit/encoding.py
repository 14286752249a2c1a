"""The one written form of an entry, version 1, and the hashes over it. docs/record.md has it for outsiders.

    payload     JSON: keys sorted, no blanks, UTF-8, no fractions
    commitment  SHA-256(salt ‖ payload), the salt being 32 random bytes
    body        SHA-256(JSON list: "kith-record", version, scope, seq, day, act, role, ref, commitment in hex)
    hash        SHA-256("kith-link-1" ‖ hash of the entry before, or 32 zero bytes ‖ body)

Two steps, body and link, so that a proof of one entry shows of its neighbours nothing but their bodies' hashes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from audit.errors import NotForTheRecord

KIND = "act's words"  # what the ledger of erasures calls words that were erased
VERSION = 1
BEFORE_THE_FIRST = bytes(32)
SALT = 32  # bytes, always: else a salt and a payload could exchange bytes
_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def canonical(payload: Mapping[str, Any]) -> str:
    """The written form of a payload. Raises NotForTheRecord for what has no one form."""
    _look(payload)
    return _written(payload)


def _look(value: Any) -> None:
    if isinstance(value, Mapping) and all(type(key) is str for key in value):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            _look(one)
    elif not (value is None or isinstance(value, str | bool | int)):
        raise NotForTheRecord(type(value).__name__)


def commitment(*, salt: bytes, payload: str) -> bytes:
    """What an entry says of its payload, without saying it."""
    return sha256(salt + payload.encode()).digest()


class Said(NamedTuple):
    """What an entry says itself, in this order."""

    version: int
    scope: str
    seq: int
    day: str
    act: str
    role: str
    ref: str
    commitment: bytes


def body(said: Said) -> bytes:
    """The hash of all that an entry says itself."""
    return sha256(_written(["kith-record", *said[:-1], said.commitment.hex()]).encode()).digest()


def link(*, prev: bytes, body: bytes) -> bytes:
    """The hash of an entry: of its body and of everything before it."""
    return sha256(b"kith-link-1" + prev + body).digest()
