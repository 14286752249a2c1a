"""Sessions, stored so that a copied table signs in nobody."""

from __future__ import annotations

from django.db import models

from core.models import RandomKeyModel, Stream, StreamEvent


class Session(RandomKeyModel):
    """One signed-in browser. `fingerprint` is SHA-256 of the cookie; `payload` is sealed under the cookie.

    `owner_tag` is HMAC(S, 'sessions'), so that a person can end their own sessions and nobody else can list them.
    """

    fingerprint = models.BinaryField(max_length=32, unique=True)
    payload = models.BinaryField()
    owner_tag = models.BinaryField(max_length=32, null=True, db_index=True)
    expires_on = models.DateField()


class SessionStream(Stream):
    """The one stream of ended sessions."""

    name = models.CharField(max_length=16, unique=True, default="sessions")


class SessionEvent(StreamEvent):
    """A session ended: `ref` is the fingerprint in hexadecimal, so that open sockets fall silent."""

    stream = models.ForeignKey(SessionStream, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="session_event_once")]
