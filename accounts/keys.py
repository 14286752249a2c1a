"""S, the secret of each account: how it is made, where a signed-in session carries it, what is derived from it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, MutableMapping
from typing import Any

from core import ids, sealing

IN_SESSION = "s"
SIZE = 32


def new_secret() -> bytes:
    """A fresh S: 32 random bytes. It never changes while the account lives."""
    return ids.new_secret(size=SIZE)


def carry(session: MutableMapping[str, Any], secret: bytes) -> None:
    """Let the session carry S. The store seals it under the session's own cookie."""
    session[IN_SESSION] = base64.b64encode(secret).decode()


def carried(session: Mapping[str, Any]) -> bytes | None:
    """S as the session carries it, or None."""
    encoded = session.get(IN_SESSION)
    return base64.b64decode(encoded) if encoded else None


def tag_of(secret: bytes) -> bytes:
    """HMAC(S, 'sessions'): what all sessions of one person share, and only that person can compute."""
    return sealing.tag(key=secret, parts=("sessions",))


def session_tag(session: Mapping[str, Any]) -> bytes | None:
    """The tag of the S that a session carries, or None."""
    secret = carried(session)
    return tag_of(secret) if secret else None


def fact_key(secret: bytes) -> bytes:
    """The key that seals a person's facts."""
    return sealing.derive(key=secret, purpose="facts")
