"""How fast somebody may guess or sign up.

Every wait is bound to the network that asks: whoever guesses at a name slows down their own network only,
so that nobody can lock somebody else out. An address is cut to its network and goes nowhere but into
`core.ratelimit`, which keeps an HMAC of it in memory for a day.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from accounts.enums import Guess
from core import ratelimit

FREE_GUESSES = 5  # typing slips
LONGEST_WAIT = 900
NETWORK_GUESSES = 150  # for one network in ten minutes, whatever the names: a clinic has many people
NETWORK_SECONDS = 600
HOUR = 3600
DAY = 86_400
_NO_LIMIT = 1_000_000_000


def network_of(request: HttpRequest) -> str:
    """The network a request comes from (/24 or /48). Only for `core.ratelimit`."""
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.KITH_PROXIES and len(hops) >= settings.KITH_PROXIES:
        address = hops[-settings.KITH_PROXIES]  # what our own proxies wrote; the rest is anybody's word
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    size = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, size), strict=False))


def wait_to_guess(*, guess: Guess, whose: str, network: str) -> float:
    """Seconds to wait before this guess, or 0.0: then the guess is counted as wrong until `guessed_right`."""
    wait = ratelimit.hit("guesses", network, limit=NETWORK_GUESSES, seconds=NETWORK_SECONDS)
    parts = (str(guess), whose, network)
    so_far = ratelimit.count("guess", *parts, seconds=DAY)
    if not wait and so_far >= FREE_GUESSES:
        wait = _pause(so_far, parts)
    if wait:
        return wait
    ratelimit.hit("guess", *parts, limit=_NO_LIMIT, seconds=DAY)
    if so_far + 1 >= FREE_GUESSES:
        _pause(so_far + 1, parts)  # the pause before the next guess starts now
    return 0.0


def _pause(so_far: int, parts: tuple[str, ...]) -> float:
    seconds = min(2 ** (so_far - FREE_GUESSES + 1), LONGEST_WAIT)
    return ratelimit.hit("pause", str(so_far), *parts, limit=1, seconds=seconds)


def guessed_right(*, guess: Guess, whose: str, network: str) -> None:
    """Start again from zero for this name in this network."""
    ratelimit.forget("guess", str(guess), whose, network)


def wait_to_sign_up(*, network: str) -> float:
    """Seconds to wait before another sign-up from this network, or 0.0."""
    limit = settings.KITH_SIGN_UPS_AN_HOUR
    return ratelimit.hit("sign-up", network, limit=limit, seconds=HOUR)
