"""The proof that one entry is in a chain, and how anybody checks it: with the public key alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit import checkpoints, encoding
from audit.models import AuditEntry


def said(entry: AuditEntry) -> dict[str, Any]:
    """What an entry says itself."""
    return {
        "version": entry.version, "seq": entry.seq, "day": entry.acted_on.isoformat(), "act": entry.act,
        "role": entry.actor_role, "ref": entry.ref, "commitment": bytes(entry.commitment).hex(),
    }  # fmt: skip


def body_of(scope: str, entry: Mapping[str, Any]) -> bytes:
    """The hash of what it says."""
    version, seq, day, act, role, ref = (
        entry[name] for name in ("version", "seq", "day", "act", "role", "ref")
    )
    committed = bytes.fromhex(entry["commitment"])
    return encoding.body(encoding.Said(version, scope, seq, day, act, role, ref, committed))


def holds(proof: Mapping[str, Any], *, key: Ed25519PublicKey) -> bool:
    """Whether the entry, with its words if they are there, is under a line that the key signed."""
    try:
        scope, entry = proof["scope"], proof["entry"]
        line = checkpoints.read(proof["signed"], scope=scope)
        top = encoding.link(prev=bytes.fromhex(proof["before"]), body=body_of(scope, entry))
        for body in proof["after"]:
            top = encoding.link(prev=top, body=bytes.fromhex(body))
        if proof["payload"] is not None:
            committed = encoding.commitment(salt=bytes.fromhex(proof["salt"]), payload=proof["payload"])
            if committed.hex() != entry["commitment"] or len(proof["salt"]) != 2 * encoding.SALT:
                return False
        is_it = line is not None and line.seq == entry["seq"] + len(proof["after"]) and line.hash == top
    except (KeyError, TypeError, ValueError):
        return False
    return is_it and line is not None and line.is_by(key)
