"""The way into a socket: the Origin first, then the session of its cookie, then the address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property, partial
from typing import Any

from channels.routing import URLRouter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.auth.models import AnonymousUser
from django.http import parse_cookie
from django.urls import path, re_path
from django.utils.crypto import constant_time_compare

from accounts.session_store import SessionStore
from chat.consumers import ThreadConsumer
from core.live import origins
from core.live.reader import NOT_HERE
from moderation.consumers import QueueConsumer

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class SocketCarrier:
    """A socket's session and user, as linkage knows them from a request: one for each question at the door, so that
    none is answered by what was there before. Loaded on first use, in a thread, and never written: a socket cannot set
    a cookie."""

    def __init__(self, scope: Scope) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        self.COOKIES = parse_cookie(headers.get(b"cookie", ""))
        self.META = {"HTTP_ACCEPT_LANGUAGE": headers.get(b"accept-language", "")}
        self.session = SessionStore(self.COOKIES.get(settings.SESSION_COOKIE_NAME))

    @cached_property
    def user(self) -> Any:
        """The account that the session signed in, if its passphrase is still the same."""
        backend = self.session.get(BACKEND_SESSION_KEY)
        if backend not in settings.AUTHENTICATION_BACKENDS:
            return AnonymousUser()
        account = load_backend(backend).get_user(self.session.get(SESSION_KEY))
        if account is None:
            return AnonymousUser()
        given = str(self.session.get(HASH_SESSION_KEY, ""))
        same = constant_time_compare(given, account.get_session_auth_hash())
        return account if same else AnonymousUser()


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Close before the socket is open, in the one way for everything that is not here."""
    await receive()
    await send({"type": "websocket.close", "code": NOT_HERE})


_routes = URLRouter(
    [
        path("live/g/<str:gid>/t/<str:tid>/", ThreadConsumer.as_asgi()),
        path("live/g/<str:gid>/team/", QueueConsumer.as_asgi()),
        re_path("", refuse),  # type: ignore[arg-type]  # the stubs know no sockets
    ]
)


async def door(scope: Scope, receive: Receive, send: Send) -> None:
    """Only our own pages may open sockets; each carries its session along."""
    if not origins.allowed(headers=scope["headers"], origins=settings.KITH_ORIGINS):
        return await refuse(scope, receive, send)
    await _routes({**scope, "carrier": partial(SocketCarrier, scope)}, receive, send)
    return None
