"""The ticket: what the door found out about one browser at one stream, sealed for that browser to show when it comes
back, so that a crowd whose line broke costs no look-up each.

It is worth as much as a socket that stayed open: whatever would have reached that socket (hub._still_holds) ends it.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from core import clock, sealing
from core.live.frames import MAX_TICKET
from core.live.reader import Viewer
from core.live.revocations import Mark

PLACE = "live|ticket"
SIZE = 640  # bytes of content, filled up: no length tells how many somebody does not see
EARLY = 60  # seconds by which the clocks of two processes may differ


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """Who this is to one stream, without asking: valid as of `marks`. `asked_at`: when the door was last asked, in
    seconds since 1970. `keys`: as in hub.Seat, but for those of the session, which the browser brings itself."""

    key: int
    viewer: Viewer
    keys: Mapping[str, str]
    marks: Mapping[str, Mark]
    asked_at: float


def seal(ticket: Ticket, *, cookie: str, place: str) -> str:
    """The ticket for whoever holds this session cookie, at this place only. What does not fit is sealed as nothing,
    which looks the same: its holder is asked at the door as ever."""
    content = json.dumps(
        [
            ticket.key, sorted(ticket.viewer.hidden), ticket.viewer.word, dict(ticket.keys),
            {name: [mark.log, mark.seq] for name, mark in ticket.marks.items()}, int(ticket.asked_at),
        ],
        separators=(",", ":"),
    ).encode()  # fmt: skip
    filled = (content if len(content) <= SIZE else b"").ljust(SIZE)
    sealed = sealing.seal(key=_key(cookie), value=filled, place=f"{PLACE}|{place}")
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(text: str, *, cookie: str, place: str, language: str, lasts: float) -> Ticket | None:
    """What `seal` made for the same cookie and place within the last `lasts` seconds, or None."""
    try:
        sealed = base64.urlsafe_b64decode(text)
        content = sealing.unseal(key=_key(cookie), sealed=sealed, place=f"{PLACE}|{place}").strip()
        key, hidden, word, keys, marks, asked_at = json.loads(content)  # other versions put in other things
    except (ValueError, sealing.SealBroken):
        return None
    if not -EARLY <= clock.now().timestamp() - asked_at <= lasts:
        return None
    return Ticket(
        key=key,
        viewer=Viewer(language=language, hidden=frozenset(hidden), word=word),
        keys=keys,
        marks={name: Mark(log=log, seq=seq) for name, (log, seq) in marks.items()},
        asked_at=asked_at,
    )


def _key(cookie: str) -> bytes:
    """It opens for this cookie, and was made by this site: neither alone is enough."""
    return sealing.tag(key=settings.SECRET_KEY.encode(), parts=(PLACE, cookie))


def opened_at(asked_at: float) -> float:
    """When the door was asked, by the clock that never steps: a ticket does not make the hours of a socket longer."""
    return time.monotonic() - max(0.0, clock.now().timestamp() - asked_at)


assert 4 * ((SIZE + 29 + 2) // 3) <= MAX_TICKET
