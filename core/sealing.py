"""Sealing and tags: the only cryptography in Kith, on AES-256-GCM, HKDF and HMAC of `cryptography` and
Argon2id of `argon2-cffi`.

Every sealed value names in its associated data what it is and where it belongs, so that a value copied
into another row or column does not open. Opening fails closed: it raises `SealBroken`, it never returns
something else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from core import ids

KEY_SIZE = 32
NONCE_SIZE = 12
FORMAT = b"\x01"


class SealBroken(Exception):
    """A sealed value did not open: wrong key, wrong place, wrong format, or it was altered."""


def seal(*, key: bytes, value: bytes, place: str) -> bytes:
    """Seal `value` under a 32-byte key for one `place` (for example 'session|payload').

    Returns format byte ‖ 12-byte nonce ‖ ciphertext with its 16-byte tag.
    """
    nonce = ids.new_secret(size=NONCE_SIZE)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, value, place.encode())


def unseal(*, key: bytes, sealed: bytes, place: str) -> bytes:
    """Open what `seal` made for the same key and place, or raise SealBroken."""
    sealed = bytes(sealed)
    if sealed[:1] != FORMAT or len(sealed) < 1 + NONCE_SIZE + 16:
        raise SealBroken(place.split("|", maxsplit=1)[0])
    nonce, body = sealed[1 : 1 + NONCE_SIZE], sealed[1 + NONCE_SIZE :]
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except InvalidTag:
        raise SealBroken(place.split("|", maxsplit=1)[0]) from None


def derive(*, key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose from another key (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=purpose.encode()).derive(key)


def tag(*, key: bytes, parts: tuple[str, ...]) -> bytes:
    """HMAC-SHA-256 over the parts, each with its length, so that no two lists of parts collide. 32 bytes."""
    return hmac.digest(key, b"".join(map(_with_length, parts)), "sha256")


def tags(*, key: bytes, kind: str, refs: Iterable[str]) -> list[bytes]:
    """`tag` with the parts (kind, ref), for each of many refs."""
    begin = _with_length(kind)
    return [hmac.digest(key, begin + _with_length(ref), "sha256") for ref in refs]


def _with_length(part: str) -> bytes:
    raw = part.encode()
    return len(raw).to_bytes(4, "big") + raw


def fingerprint(*, value: bytes) -> bytes:
    """SHA-256 of a random secret of at least 128 bits: how a bearer secret is stored. 32 bytes."""
    return hashlib.sha256(value).digest()


def stretch(*, secret: str, salt: bytes) -> bytes:
    """A 32-byte key from something a person remembers (Argon2id, RFC 9106).

    Memory in KiB and passes come from settings.KITH_ARGON2, so that tests need not wait. By argon2-cffi: the
    threaded Argon2id of OpenSSL hangs or runs out of memory when two derive at once in one process.
    """
    cost = settings.KITH_ARGON2
    return hash_secret_raw(
        secret=secret.encode(),
        salt=salt,
        time_cost=cost["passes"],
        memory_cost=cost["memory_kib"],
        parallelism=cost["lanes"],
        hash_len=KEY_SIZE,
        type=Type.ID,
    )
