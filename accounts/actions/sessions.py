"""Ending sessions. Every end appends an event, so that open sockets of that session fall silent."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.enums import SessionEventKind
from accounts.models import Session, SessionEvent, SessionStream
from accounts.session_store import SessionStore, fingerprint_of
from core.live import log

BELL = "sessions"
KEPT_EVENTS = 10_000


def end_this(*, session: SessionBase) -> None:
    """End the session of this browser."""
    with transaction.atomic():
        if session.session_key:
            rows = Session.objects.filter(fingerprint=fingerprint_of(session.session_key))
            _end([bytes(found) for found in rows.values_list("fingerprint", flat=True)])
        session.flush()


def end_one(*, owner_tag: bytes, key: int) -> bool:
    """End one of one's own sessions. False if it is not there, or somebody else's."""
    with transaction.atomic():
        rows = Session.objects.filter(owner_tag=owner_tag, pk=key)
        return _end([bytes(found) for found in rows.values_list("fingerprint", flat=True)]) == 1


def end_all(*, owner_tag: bytes) -> int:
    """End all sessions that share an owner tag, this browser's too. Returns how many."""
    with transaction.atomic():
        rows = Session.objects.filter(owner_tag=owner_tag)
        return _end([bytes(found) for found in rows.values_list("fingerprint", flat=True)])


def _end(fingerprints: list[bytes]) -> int:
    stream, _ = SessionStream.objects.get_or_create(name="sessions")
    ended = 0
    for fingerprint in fingerprints:
        seq = log.take_seq(stream=stream)
        ended += Session.objects.filter(fingerprint=fingerprint).delete()[0]
        log.append(
            events=SessionEvent,
            stream=stream,
            seq=seq,
            kind=SessionEventKind.ENDED,
            ref=fingerprint.hex(),
            bell=BELL,
        )
    return ended


def prune_events() -> None:
    """Keep the last events only: they have no time, and a live process reads them within seconds."""
    for stream in SessionStream.objects.all():
        SessionEvent.objects.filter(stream=stream, seq__lte=stream.last_seq - KEPT_EVENTS).delete()


def prune_expired() -> None:
    """Delete sessions whose day has passed."""
    SessionStore.clear_expired()
