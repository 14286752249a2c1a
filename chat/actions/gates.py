"""What stands between a text that somebody may send and its appearing: automatic help, a check, and a pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat.actions import pace
from chat.actions.bylines import OWN, Signature
from chat.errors import NeedsCheck
from chat.models import Thread
from chat.selectors import noticed, terms
from community.selectors.here import Here
from moderation.selectors.automatic import Finding


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What is settled about a message by now: `checked`, the team let it appear; `paced`, its turn was taken when it
    was sent; `is_due`, the act it waited in is locked, and whoever leaves waits for that."""

    checked: bool = False
    paced: bool = False
    is_due: bool = False


AS_SENT = Settled()


def look(
    *,
    here: Here,
    tid: str,
    text: str,
    settled: Settled = AS_SENT,
    signature: Signature = OWN,
    is_change: bool = False,
) -> list[Finding]:
    """What automatic help finds in a text, by whoever is to sign it, unless the team has looked already."""
    if settled.checked:
        return []
    return noticed.in_draft(
        here=here,
        text=text,
        tid=tid,
        alias_key=signature.once_key,
        is_change=is_change,
    )


def pass_gates(
    *,
    here: Here,
    thread: Thread | None,
    signature: Signature,
    settled: Settled,
    found: Sequence[Finding] = (),
) -> list[pace.Name]:
    """What stands between somebody who may write and their message: a check, and a while since the last one. Returns
    the turns that were taken. Raises NeedsCheck or TooSoon."""
    place = thread.public_id if thread else ""
    now = terms.of(here=here, place=place, alias_key=signature.once_key)
    if (now.is_checked or noticed.held(found)) and not settled.checked:
        raise NeedsCheck
    return [] if settled.paced else pace.take(here=here, terms=now, place=place)
