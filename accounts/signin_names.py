"""Sign-in names: proposed by the server, never typed, so that nobody brings a nickname that is known elsewhere."""

from __future__ import annotations

import functools
import secrets
from pathlib import Path

from django.core import signing

SALT = "accounts.signin-name"
GOOD_FOR = 3600  # seconds a proposed name may be taken up
_FILE = Path(__file__).parent / "data" / "signin_words.txt"


@functools.cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"adjective": [], "noun": []}
    for line in _FILE.read_text().splitlines():
        kind, _, word = line.partition("\t")
        found[kind].append(word)
    return found


def draw() -> str:
    """A name like 'helpful-teacup-4821': more than a thousand million are possible."""
    words = _words()
    number = secrets.randbelow(9000) + 1000
    return f"{secrets.choice(words['adjective'])}-{secrets.choice(words['noun'])}-{number}"


def sign(name: str) -> str:
    """The name as a form carries it: the server's own proposal, good for an hour."""
    return signing.dumps(name, salt=SALT)


def open_signed(token: str) -> str | None:
    """The name a form carried, or None if it was not proposed here within the hour."""
    try:
        return str(signing.loads(token, salt=SALT, max_age=GOOD_FOR))
    except signing.BadSignature:
        return None


def normal(typed: str) -> str:
    """A typed sign-in name as it is stored: lower case, words joined by hyphens."""
    return "-".join(typed.lower().replace("-", " ").split())
