"""The session store: the cookie is the key, and only its fingerprint is stored.

Django's own store keeps the cookie itself, so that a copied table signs in. Here the row key is SHA-256 of
the cookie and the payload (which carries S) is sealed under a key derived from the cookie.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError

from accounts.models import Session
from core import clock, ids, sealing
from core.prepared import Prepared

PLACE = "session|payload"
COOKIE_BYTES = 32
DAY = 86_400
_payload = Prepared(
    lambda fingerprint, today: Session.objects.filter(
        fingerprint=fingerprint, expires_on__gt=today
    ).values_list("payload", flat=True)
)


def _raw(cookie: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(cookie + "=")
    except (ValueError, binascii.Error):
        return b""


def fingerprint_of(cookie: str) -> bytes:
    """How the cookie's session is found: 32 bytes that do not lead back to the cookie."""
    return sealing.fingerprint(value=_raw(cookie))


class SessionStore(SessionBase):
    """Django's session interface over sealed rows. Expiry is rounded up to the day."""

    def _get_new_session_key(self) -> str:
        return base64.urlsafe_b64encode(ids.new_secret(size=COOKIE_BYTES)).rstrip(b"=").decode()

    def _validate_session_key(self, key: object) -> bool:
        return isinstance(key, str) and len(_raw(key)) == COOKIE_BYTES

    def _key(self) -> bytes:
        return sealing.derive(key=_raw(str(self.session_key)), purpose=PLACE)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(fingerprint=fingerprint_of(session_key)).exists()

    def load(self) -> dict[str, Any]:
        found = None
        if self.session_key:
            found = _payload.first(fingerprint=fingerprint_of(self.session_key), today=clock.today())
        if found is None:
            self._session_key = None
            return {}
        try:
            opened = sealing.unseal(key=self._key(), sealed=bytes(found), place=PLACE)
        except sealing.SealBroken:
            self._session_key = None
            return {}
        payload: dict[str, Any] = json.loads(opened)
        return payload

    def create(self) -> None:
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        values = self._row(self._get_session(no_load=must_create))  # type: ignore[attr-defined]  # Django has it, its stubs do not
        fingerprint = fingerprint_of(self.session_key)
        if must_create:
            if self.exists(self.session_key):
                raise CreateError
            Session.objects.create(fingerprint=fingerprint, **values)
        elif not Session.objects.filter(fingerprint=fingerprint).update(**values):
            raise UpdateError

    def _row(self, data: dict[str, Any]) -> dict[str, Any]:
        from accounts import keys

        sealed = sealing.seal(key=self._key(), value=json.dumps(data).encode(), place=PLACE)
        # Browsers that restore their tabs keep a cookie that should be gone: this row is gone the next day.
        age = DAY if self.get_expire_at_browser_close() else self.get_expiry_age()
        until: dt.date = (clock.now() + dt.timedelta(seconds=age)).date()
        return {
            "payload": sealed,
            "owner_tag": keys.session_tag(data),
            "expires_on": until + dt.timedelta(days=1),
        }

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(fingerprint=fingerprint_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_on__lte=clock.today()).delete()
