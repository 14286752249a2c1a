"""Which pages may open a socket: the Origin header, compared in full."""

from __future__ import annotations

import re
from collections.abc import Iterable

ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?", re.IGNORECASE)
PORTS = {"http": 80, "https": 443}
Place = tuple[str, str, int]


def place_of(origin: str) -> Place | None:
    """Scheme, host and port of an origin, or None for anything that is not exactly one (`null` too)."""
    match = ORIGIN.fullmatch(origin)
    if not match:
        return None
    scheme, host, port = match[1].lower(), match[2].lower(), match[3]
    return scheme, host, int(port) if port else PORTS[scheme]


def allowed(*, headers: Iterable[tuple[bytes, bytes]], origins: Iterable[str]) -> bool:
    """Whether the handshake has exactly one Origin and it is one of ours."""
    given = [value.decode("latin-1") for name, value in headers if name.lower() == b"origin"]
    if len(given) != 1:
        return False
    place = place_of(given[0])
    return place is not None and place in {place_of(origin.rstrip("/")) for origin in origins}
