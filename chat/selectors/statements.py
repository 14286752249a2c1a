"""Joint statements while they are written, as one viewer sees them."""

from __future__ import annotations

from dataclasses import dataclass

from chat.models import Signing, Statement, Thread
from chat.selectors.reading import KeyOf
from community import policies
from community.enums import Behind
from community.errors import NotHere
from community.selectors.here import Here

KIND = "statement"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A statement in its talk. `behind` is empty while fewer than five stand behind it."""

    statement: Statement
    behind: str
    is_signed: bool
    may_sign: bool
    may_write: bool


def of(*, thread: Thread) -> Statement:
    """The statement that is written in a talk, or NotHere."""
    found = Statement.objects.filter(thread=thread).first()
    if found is None:
        raise NotHere
    return found


def shown(*, here: Here, thread: Thread, key_of: KeyOf) -> Shown | None:
    """The statement of a thread from `threads.find`, for one viewer; None where there is none."""
    statement = getattr(thread, "statement", None)
    if statement is None:
        return None
    key = key_of(KIND, thread.public_id)
    return Shown(
        statement=statement,
        behind=band_of(statement.agreed),
        is_signed=Signing.objects.filter(statement=statement, key=key).exists(),
        may_sign=policies.permits("sign_statement", here),
        may_write=policies.permits("announce", here),
    )


def band_of(count: int) -> str:
    """How many stand behind it, as is told: the value of a `Behind`, or nothing under the lowest."""
    reached = [band for band in Behind if count >= int(band)]
    return reached[-1].value if reached else ""
