"""Who is part of a case, without a row that says so: only a person's own tag, or the key ring, tells.

A thief of the database finds here no way from a one-thread name to a member: each key is an HMAC under a key of the
key ring over one case and one owner tag.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from core import keyring, sealing

Opener = Callable[[str, bytes | memoryview], dict[str, Any]]
KeysOf = Callable[[str], bytes]
SIZE = 512  # bytes of what is sealed, so that its length tells nothing


def key_of(*, ref: str, owner_tag: bytes) -> bytes:
    """How a case or notice (by its public id) knows an owner tag. 32 bytes."""
    return keys_of(owner_tag=owner_tag)(ref)


def keys_of(*, owner_tag: bytes) -> KeysOf:
    """The same for many cases and notices: the key ring is read once."""
    key, tag = _key("parties"), bytes(owner_tag).hex()
    return lambda ref: sealing.tag(key=key, parts=(ref, tag))


def strike_key(*, group: str, owner_tag: bytes, once_in: str = "") -> bytes:
    """How earlier problems know whose they are: in a group, for somebody's names; or for the one-thread name that
    they have in one thread, so that no two names are told to be one."""
    return sealing.tag(key=_key("earlier problems"), parts=(group, bytes(owner_tag).hex(), once_in))


def author_of(*, ref: str, sealed: bytes | memoryview) -> bytes:
    """The owner tag of whoever wrote what a case is about, for carrying out a decision."""
    return bytes.fromhex(unseal(ref=ref, sealed=sealed)["tag"])


def seal(*, ref: str, value: dict[str, Any]) -> bytes:
    """Seal what only the carrying out of a decision may open: an owner tag, the limits it set."""
    plain = json.dumps(value).encode()
    return sealing.seal(key=_key("sanctions"), value=plain.ljust(SIZE), place=f"sanction|{ref}")


def unseal(*, ref: str, sealed: bytes | memoryview) -> dict[str, Any]:
    """Open what `seal` made for the same case or decision. Raises SealBroken."""
    return opener()(ref, sealed)


def opener() -> Opener:
    """The same for many of them: the key ring is read once."""
    key = _key("sanctions")

    def open_one(ref: str, sealed: bytes | memoryview) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            sealing.unseal(key=key, sealed=bytes(sealed), place=f"sanction|{ref}")
        )
        return found

    return open_one


def _key(purpose: str) -> bytes:
    return sealing.derive(key=keyring.lasting_key(), purpose=f"moderation {purpose}")
