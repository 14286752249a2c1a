"""The frames of the live protocol (docs/protocol.md): what is sent, and what may come in."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from core.live.source import Event

MAX_INBOUND = 256  # bytes
MAX_TICKET = 920  # characters
INBOUND_BURST = 5
MAX_SEQ = 2**53 - 1  # what JavaScript can count to


class BadFrame(Exception):
    """An inbound frame that the protocol does not know; its text is the reason given on closing."""


class Frame(str):
    """The JSON text of one frame. `wire` is the same as a server's WebSocket sends it, made once for all readers."""

    @cached_property
    def wire(self) -> bytes:
        """One unmasked, final text frame (RFC 6455, 5.2), in bytes."""
        body = self.encode()
        if len(body) < 126:
            return bytes((0x81, len(body))) + body
        if len(body) < 65_536:
            return b"\x81\x7e" + len(body).to_bytes(2) + body
        return b"\x81\x7f" + len(body).to_bytes(8) + body


RELOAD = Frame('{"type":"reload"}')
GONE = Frame('{"type":"gone"}')
RENEW = Frame('{"type":"renew"}')
NOTHING = Frame()


def item(*, event: Event, html: str) -> dict[str, Any]:
    """One event as clients get it. Without HTML there is nothing left to show."""
    return {"seq": event.seq, "kind": event.kind, "id": event.ref, "html": html}


def events(*, to: int, items: Iterable[str]) -> Frame:
    """All events of one tick, from items that are JSON already."""
    return Frame(f'{{"type":"events","to":{to},"events":[{",".join(items)}]}}')


def heartbeat(*, head: int) -> Frame:
    """Sent to every reader now and then: proves life, and shows a gap."""
    return Frame(f'{{"type":"heartbeat","head":{head}}}')


def ticket(text: str) -> Frame:
    """What its reader may show when it comes back (core.live.tickets)."""
    return Frame(f'{{"type":"ticket","ticket":"{text}"}}')


def parse_after(text: str | None) -> int:
    """The sequence number of an inbound {"type": "after", "seq": N}. Raises BadFrame for anything else."""
    seq = _inbound(text, kind="after", value="seq", longest=MAX_INBOUND)
    if type(seq) is not int or not 0 <= seq <= MAX_SEQ:
        raise BadFrame("bad seq")
    return seq


def parse_ticket(text: str | None) -> str:
    """The ticket of an inbound {"type": "ticket", "ticket": "..."}. Raises BadFrame for anything else."""
    shown = _inbound(text, kind="ticket", value="ticket", longest=MAX_TICKET + MAX_INBOUND)
    if not isinstance(shown, str) or not re.fullmatch(r"[A-Za-z0-9_=-]+", shown):
        raise BadFrame("bad ticket")
    return shown


def _inbound(text: str | None, *, kind: str, value: str, longest: int) -> object:
    if text is None:
        raise BadFrame("text only")
    if len(text.encode()) > longest:
        raise BadFrame("too long")
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame("not JSON") from None
    if not isinstance(frame, dict) or set(frame) != {"type", value} or frame["type"] != kind:
        raise BadFrame("not known")
    return frame[value]


def parse_seq(text: str) -> int | None:
    """The N of `?after=N`, or None if it is no sequence number."""
    plain = text.isascii() and text.isdigit() and len(text) <= 16
    return int(text) if plain and int(text) <= MAX_SEQ else None


class Pace:
    """At most one inbound frame a second, after a burst of five."""

    def __init__(self) -> None:
        self._left = float(INBOUND_BURST)
        self._at = time.monotonic()

    def take(self) -> None:
        """Count one frame. Raises BadFrame when they come too fast."""
        moment = time.monotonic()
        self._left = min(float(INBOUND_BURST), self._left + moment - self._at) - 1
        self._at = moment
        if self._left < 0:
            raise BadFrame("too many")
