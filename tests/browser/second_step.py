"""The code that an app on a phone would show (RFC 6238), from the key that the page prints."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

PERIOD = 30  # seconds


def code_for(key: str, *, moment: float | None = None) -> str:
    """Six digits for the half minute around a moment, or now."""
    secret = base64.b32decode(key.replace(" ", "").upper())
    counter = int((time.time() if moment is None else moment) // PERIOD).to_bytes(8, "big")
    digest = hmac.new(secret, counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"
