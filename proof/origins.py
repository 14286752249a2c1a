"""Other sites in a member's browser: they open no socket, and send no form."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.middleware import csrf
from django.test import Client
from django.urls import URLPattern, get_resolver

from config import sockets
from core.live import origins
from proof import closed_doors
from proof.harness import Defence, Result, none_found, swapped

DRAWN = {"small": 120, "full": 500}  # of what is put together from wrong parts
OURS = "https://kith.example:8443"
WITHOUT_A_TOKEN = {"/leave/"}  # the quick exit signs out, from a page of any age, and does nothing else
ALSO_OURS = ["HTTPS://KITH.example:8443", "https://Kith.Example:8443"]
SCHEMES = ["https", "http", "wss", "ws", "ftp", "file", "httpss", ""]
HOSTS = [
    "kith.example", "a.kith.example", "kith.example.evil.example", "evilkith.example", "kith.example.",
    "kith.example..", ".kith.example", "kith", "example", "evil.example", "k\u0131th.example",
    "xn--kth-2ra.example", "\uff4bith.example",
    "kith\u3002example", "kith.example%00", "kith%2eexample", "kith_example", "localhost", "127.0.0.1", "[::1]",
    "2130706433", "user@kith.example", "user:pass@kith.example", "kith.example@evil.example", "kith.example\\",
    "evil.example\\kith.example", "evil.example#kith.example", "evil.example?kith.example",
]  # fmt: skip
PORTS = [":8443", "", ":443", ":80", ":8444", ":84430", ":-8443", ":+8443", ":8443.", ":8443:8443", ":"]
AS_THEY_ARE = [
    "null", "NULL", "", " ", "*", "none", "undefined", "about:blank", "data:text/html,x", "blob:" + OURS,
    "javascript:alert(1)", "chrome-extension://kith.example", "//kith.example:8443", "kith.example:8443",
    "kith.example", OURS + "/", OURS + "/x", OURS + "?x", OURS + "#x", OURS + "//", OURS + " ", " " + OURS,
    "\t" + OURS, OURS + "\n", OURS + "\x00", OURS + "\r\nX: y", f"{OURS} https://evil.example",
    f"https://evil.example {OURS}", f"{OURS},https://evil.example", f"{OURS};https://evil.example", f'"{OURS}"',
    f"<{OURS}>", "https:/kith.example:8443", "https:kith.example:8443", "https:///kith.example:8443",
    "https://kith.example:\uff18\uff14\uff14\uff13", "https://[kith.example]:8443", "https://kith.example :8443",
]  # fmt: skip


def prove(size: str) -> Iterator[Result]:
    """Every socket there is with Origins that are not ours; then every form there is, with tokens that are not its
    own."""
    from tests.people import make_cast, make_thread

    cast = make_cast()
    parts = {"door": "g", "gid": cast.harbour.public_id, "tid": make_thread(cast.harbour).public_id}
    routes = [_fill(str(route.pattern), parts) for route in _sockets()]
    with swapped(settings, "KITH_ORIGINS", [OURS])():
        tried, wrong = asyncio.run(_knock(cast.mona, routes, _variants(DRAWN[size])))
    yield none_found(
        f"an Origin that is not ours opens none of {len(routes)} sockets, and ours opens each",
        tried=tried, found=wrong, part="sockets",
    )  # fmt: skip
    yield _forms(cast, parts, each=2 if size == "small" else 9)


# --- sockets ------------------------------------------------------------------------------------------------------
def _sockets() -> list[URLPattern]:
    return [route for route in sockets._routes.routes if str(route.pattern)]


def _fill(route: str, parts: dict[str, str]) -> str:
    names = {name: parts.get(name, "nosuchthing") for name in closed_doors.names_in(route)}
    return "/" + closed_doors.fill(route, names)


def _variants(drawn: int) -> list[list[str]]:
    """The Origin headers of one handshake: usually one."""
    put_together = [
        f"{scheme}://{host}{port}" for scheme, host, port in itertools.product(SCHEMES, HOSTS, PORTS)
    ]
    put_together.remove(OURS)
    alone = [*AS_THEY_ARE, *random.Random(18).sample(put_together, drawn)]
    several = [
        [],
        [OURS, OURS],
        [OURS, "https://evil.example"],
        ["https://evil.example", OURS],
        [OURS, "null"],
    ]
    with_one_wrong = [f"{scheme}://kith.example:8443" for scheme in SCHEMES[1:]]
    with_one_wrong += [f"https://{host}:8443" for host in HOSTS[1:]]
    with_one_wrong += [f"https://kith.example{port}" for port in PORTS[1:]]
    return [*([one] for one in [*alone, *with_one_wrong]), *several]


async def _knock(person: Any, routes: list[str], variants: list[list[str]]) -> tuple[int, int]:
    tried = wrong = 0
    for route in routes:
        for given in variants:
            tried += 1
            wrong += await _opens(person, route, given)
        for ours in [OURS, *ALSO_OURS]:
            wrong += not await _opens(person, route, [ours])
        if wrong:
            break
    return tried, wrong


async def _opens(person: Any, route: str, given: list[str]) -> bool:
    from tests.live.conftest import Socket, headers_of

    headers = headers_of(person, origin=None) + [(b"origin", origin.encode()) for origin in given]
    socket = await Socket(f"{route}?after=0", headers).connect()
    if socket.is_open:
        await socket.leave()
    return socket.is_open


# --- forms --------------------------------------------------------------------------------------------------------
def _forms(cast: Any, parts: dict[str, str], *, each: int) -> Result:
    """What another site can send with a member's cookies: never the token of the form. So many ways at each address,
    in turn."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = cast.mona.client.cookies
    own, foreign = csrf._get_new_csrf_string(), csrf._get_new_csrf_string()
    ways: list[tuple[str, str, dict[str, str]]] = [
        ("", "", {}), (own, "", {}), ("", own, {}), (own, foreign, {}), (own, foreign[:10], {}),
        (own, csrf._mask_cipher_secret(foreign), {}), (own, own, {"HTTP_ORIGIN": "https://evil.example"}),
        (own, own, {"HTTP_ORIGIN": "null"}), (own, "", {"HTTP_X_CSRFTOKEN": foreign}),
    ]  # fmt: skip
    every = [_fill(route, parts) for route in closed_doors.routes(get_resolver().url_patterns)]
    addresses = [address for address in every if address not in WITHOUT_A_TOKEN]
    tried, wrong, turn = 0, 0, itertools.cycle(ways)
    for address in addresses:
        for cookie, token, headers in itertools.islice(turn, each):
            tried += 1
            wrong += _sends(client, address, cookie, token, headers)
        if wrong:
            break
    taken = [_sends(client, f"/g/{parts['gid']}/rota/", own, own, {})]
    return none_found(
        f"a form without its own token is refused at each of {len(addresses)} addresses, and with it taken",
        tried=tried,
        found=wrong + taken.count(False),
        part="forms",
    )


def _sends(client: Client, address: str, cookie: str, token: str, headers: dict[str, str]) -> bool:
    client.cookies[settings.CSRF_COOKIE_NAME] = cookie
    answer = client.post(address, {"csrfmiddlewaretoken": token} if token else {}, **headers)  # type: ignore[arg-type]  # headers by name
    return answer.status_code != 403


def _ends_alike(*, headers: Any, origins: Any) -> bool:
    """What a careless comparison lets in."""
    given = [value.decode("latin-1") for name, value in headers if name.lower() == b"origin"]
    return any(one.lower().startswith(tuple(origins)) for one in given)


def _any_place(origin: str) -> tuple[str, str, int] | None:
    """The host alone, whatever the scheme and port."""
    found = _place_of(origin)
    return found and ("https", found[1], 443)


_place_of = origins.place_of
DEFENCES = [
    Defence(name="an Origin is compared in full", off=swapped(origins, "allowed", _ends_alike)),
    Defence(name="its scheme and port count too", off=swapped(origins, "place_of", _any_place)),
    Defence(
        name="forms carry a token", off=swapped(csrf.CsrfViewMiddleware, "process_view", lambda *_: None)
    ),
]
