"""One message, and then a while for the others: where talks are slowed down, or one person is.

No time of anybody's is stored: a counter under the day's key says that somebody wrote lately, and ends by itself. With
the day the key changes, so one message more is possible at midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import ngettext

from chat.errors import TooSoon
from chat.selectors.terms import Terms
from community.selectors.here import Here
from core import ratelimit

Name = tuple[str, ...]


@contextmanager
def turns() -> Iterator[list[Name]]:
    """What is put in here is given back if what it was taken for goes wrong."""
    taken: list[Name] = []
    try:
        yield taken
    except BaseException:
        for name in taken:
            ratelimit.forget(*name)
        raise


def take(*, here: Here, terms: Terms, place: str) -> list[Name]:
    """Take somebody's turn in the group and in a thread or room (its public id, or empty), by owner tag: whichever face
    signs. Raises TooSoon."""
    tag = bytes(here.member.owner_tag).hex()
    with turns() as taken:
        for minutes, where in ((terms.everywhere, ""), (terms.here, place)):
            if not minutes:
                continue
            name = ("slow", tag, where)
            if wait := ratelimit.hit(*name, limit=1, seconds=minutes * 60):
                raise _too_soon(minutes, wait)
            taken.append(name)
    return taken


def _too_soon(minutes: int, wait: float) -> TooSoon:
    left = max(1, round(wait / 60))
    each = ngettext(
        "Messages come slowly here just now: one every %(n)s minute.",
        "Messages come slowly here just now: one every %(n)s minutes.",
        minutes,
    ) % {"n": minutes}
    when = ngettext(
        "You can send this in about %(n)s minute. Your words are kept below.",
        "You can send this in about %(n)s minutes. Your words are kept below.",
        left,
    ) % {"n": left}
    return TooSoon(reason=f"{each} {when}", wait=wait)
