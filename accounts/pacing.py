"""How fast somebody may guess or sign up.

Every wait is bound to the network that asks: whoever guesses at a name slows down their own network only,
so that nobody can lock somebody else out. Only who has typed the passphrase can use up the tries for a code. An
address goes nowhere but into `core.ratelimit`, which keeps an HMAC of it in memory for a day.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from accounts.enums import Guess
from core import ratelimit

FREE_GUESSES = 5  # typing slips
LONGEST_WAIT = 900
ADDRESS_GUESSES = (
    150  # wrong ones from one address in ten minutes, whatever the names: a clinic has many people
)
ADDRESS_SECONDS = 600
CODES_AN_HOUR = 30  # for one account, from wherever: behind the passphrase, six figures must not be guessed
HOUR = 3600
DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a request comes from: the address (/32 or /64) and its network (/24 or /48)."""

    address: str
    network: str


def origin_of(request: HttpRequest) -> Origin:
    """Where a request comes from. Only for `core.ratelimit`."""
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.KITH_PROXIES and len(hops) >= settings.KITH_PROXIES:
        address = hops[-settings.KITH_PROXIES]  # what our own proxies wrote; the rest is anybody's word
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Origin(address="unknown", network="unknown")
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    near, wide = (32, 24) if parsed.version == 4 else (64, 48)
    return Origin(address=_cut(parsed, near), network=_cut(parsed, wide))


def _cut(address: ipaddress.IPv4Address | ipaddress.IPv6Address, size: int) -> str:
    return str(ipaddress.ip_network((address, size), strict=False))


def wait_to_guess(*, guess: Guess, whose: str, origin: Origin) -> float:
    """Seconds to wait before this guess, or 0.0: then the guess is counted as wrong until `guessed_right`.

    What is refused is not counted: it was no guess."""
    parts = (str(guess), whose, origin.network)
    # Counted first: of many at once each is told another number. The last free one begins the pauses.
    is_slow = ratelimit.add("guess", *parts, seconds=DAY) >= FREE_GUESSES
    pauses = ratelimit.count("pauses", *parts, seconds=DAY) if is_slow else 0
    wait = paused = _pause(pauses, parts) if is_slow else 0.0
    if not wait and guess == Guess.CODE:
        wait = ratelimit.hit("codes", whose, limit=CODES_AN_HOUR, seconds=HOUR)
    wait = wait or ratelimit.hit("guesses", origin.address, limit=ADDRESS_GUESSES, seconds=ADDRESS_SECONDS)
    if wait and not paused:
        ratelimit.give_back("guess", *parts, seconds=DAY)
    if is_slow and not wait:
        _pause(pauses + 1, parts)  # begun before it is counted, so that nobody finds it not begun
        ratelimit.add("pauses", *parts, seconds=DAY)
    return wait


def _pause(number: int, parts: tuple[str, ...]) -> float:
    """Of all who ask at once, one is let through each time the pause is over."""
    return ratelimit.hit("pause", str(number), *parts, limit=1, seconds=min(2**number, LONGEST_WAIT))


def guessed_right(*, guess: Guess, whose: str, origin: Origin) -> None:
    """Start again from zero for this name in this network; it was no wrong guess of this address."""
    for counter in ("guess", "pauses"):
        ratelimit.forget(counter, str(guess), whose, origin.network)
    ratelimit.give_back("guesses", origin.address, seconds=ADDRESS_SECONDS)
    if guess == Guess.CODE:
        ratelimit.give_back("codes", whose, seconds=HOUR)


def wait_to_sign_up(*, origin: Origin) -> float:
    """Seconds to wait before another sign-up from this network, or 0.0."""
    limit = settings.KITH_SIGN_UPS_AN_HOUR
    return ratelimit.hit("sign-up", origin.network, limit=limit, seconds=HOUR)
