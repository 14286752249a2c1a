"""Short answers ("You have left.") wait for the next page in a cookie, sealed: the row of a session is not written for
them. Its stamp would lie beside that of the act which is answered, and the row has a tag that all of an account share.
"""

from __future__ import annotations

import base64
import json

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage, Message
from django.contrib.messages.storage.cookie import MessageDecoder, MessageEncoder
from django.http import HttpResponseBase

from core import sealing

PLACE = "sentences"
SIZE = 1536  # bytes, filled up: no length tells which sentence waits
LASTS = 300  # seconds until the browser drops what no page has shown


class SealedSentences(BaseStorage):
    """Django's messages in a cookie that opens only together with the session's, where there is a session.

    Its middleware stands outside of the session's: when an answer goes out, the session has the key that the next page
    comes with."""

    def update(self, response: HttpResponseBase) -> list[Message] | None:
        if response.status_code >= 500:  # nothing came about that is spoken of, and what waits was not shown
            return None
        # What waited for an older session is for whoever had that one. What was said just now goes on.
        sent = self.request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        self.used |= self.request.session.session_key != sent
        return super().update(response)

    def _get(self) -> tuple[list[Message], bool]:
        try:
            sealed = base64.urlsafe_b64decode(self.request.COOKIES.get(settings.SENTENCES_COOKIE_NAME, ""))
            content = sealing.unseal(key=self._key(), sealed=sealed, place=PLACE)
        except (ValueError, sealing.SealBroken):
            self.used = True  # taken away with this answer
            return [], True
        return json.loads(content, cls=MessageDecoder), True

    def _store(self, messages: list[Message], response: HttpResponseBase) -> list[Message]:
        kept = list(messages)
        while len(content := json.dumps(kept, cls=MessageEncoder, ensure_ascii=False).encode()) > SIZE:
            del kept[0]  # the newest is about what was done last
        if kept:
            sealed = sealing.seal(key=self._key(), value=content.ljust(SIZE), place=PLACE)
            response.set_cookie(
                settings.SENTENCES_COOKIE_NAME,
                base64.urlsafe_b64encode(sealed).decode(),
                max_age=LASTS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        elif settings.SENTENCES_COOKIE_NAME in self.request.COOKIES:
            response.delete_cookie(settings.SENTENCES_COOKIE_NAME, samesite="Lax")
        return messages[: len(messages) - len(kept)]

    def _key(self) -> bytes:
        """Whoever is signed out has no session: then the site's key alone."""
        session = self.request.session.session_key or ""
        return sealing.tag(key=settings.SECRET_KEY.encode(), parts=(PLACE, session))
