"""Which pages may open a socket: the Origin header, compared in full."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
Place = tuple[str, str, int]


def place_of(origin: str) -> Place | None:
    """Scheme, host and port of an origin, or None for anything that is not exactly one (`null` too)."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host or parts.path or parts.query or parts.fragment or "@" in origin:
        return None
    return parts.scheme, host, PORTS[parts.scheme] if port is None else port


def allowed(*, headers: Iterable[tuple[bytes, bytes]], origins: Iterable[str]) -> bool:
    """Whether the handshake has exactly one Origin and it is one of ours."""
    given = [value.decode("latin-1") for name, value in headers if name.lower() == b"origin"]
    if len(given) != 1:
        return False
    place = place_of(given[0])
    return place is not None and place in {place_of(origin.rstrip("/")) for origin in origins}
