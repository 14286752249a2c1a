"""Randomness: row keys, public ids and secrets. Nothing here is ordered by time or by row."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # no 0 O 1 l I
CODE_LENGTH = 12  # of a code that people type
PUBLIC_ID_LENGTH = 14  # 57^14 > 2^81


def new_key() -> int:
    """A random row key in 1 … 2^63-1. On SQLite the key is the row id, so no insertion order is left."""
    return secrets.randbits(63) or 1


def new_public_id() -> str:
    """A random token for URLs, unrelated to the row key (81 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def public_id_of(secret: bytes) -> str:
    """A public id out of random-looking bytes, the same each time: what one repeats finds what one made."""
    number, found = int.from_bytes(secret), ""
    for _ in range(PUBLIC_ID_LENGTH):
        number, at = divmod(number, len(ALPHABET))
        found += ALPHABET[at]
    return found


def new_code(*, length: int = CODE_LENGTH) -> str:
    """A random code that people type or scan, in upper-case letters and digits (5 bits a character)."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(length))


def new_secret(*, size: int = 32) -> bytes:
    """`size` random bytes."""
    return secrets.token_bytes(size)
