"""A NodeBB that somebody runs already: `NODEBB_URL`, `NODEBB_USER`, `NODEBB_PASSWORD`, and `NODEBB_CATEGORY` (1).

Kith's measurements bring no NodeBB along: it comes as its own repository with a database of its own. Its writer's
account must be free of the delays between posts. Only one on this machine is asked: what follows is load."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import urlsplit

from bench import browsing
from bench.peers.forum import Forum, with_threads
from bench.rivals import Failed

MISSING = (
    "NodeBB: not measured. Start one on this machine, and give NODEBB_URL=http://127.0.0.1:4567, NODEBB_USER and"
    " NODEBB_PASSWORD of an account without delays between posts"
)
HOSTS = {"127.0.0.1", "localhost"}


def given() -> bool:
    """Whether there is one."""
    return all(os.environ.get(name) for name in ("NODEBB_URL", "NODEBB_USER", "NODEBB_PASSWORD"))


def forum() -> Forum:
    """It, with two new threads in it, written by the one account. Raises Failed."""
    url = urlsplit(os.environ["NODEBB_URL"])
    if url.scheme != "http" or url.hostname not in HOSTS or url.path.strip("/"):
        raise Failed("NodeBB: NODEBB_URL must be http://127.0.0.1:PORT, without a path")
    port = url.port or 80
    cookie, token = _signed_in(port)
    category = int(os.environ.get("NODEBB_CATEGORY", "1"))
    said: dict[str, Any] = {
        "people": [cookie],
        "open": {
            "path": "/api/v3/topics",
            "json": {"cid": category, "title": "{title}", "content": "{text}"},
        },
        "reply": {"path": "/api/v3/topics/{id}", "json": {"content": "{text}"}},
        "page": "/topic/{id}/",
        "last": "",
    }
    return with_threads(name="NodeBB", port=port, said=said, headers={"X-CSRF-Token": token})


def _signed_in(port: int) -> tuple[str, str]:
    """The cookie of the account, and the word that proves a form."""
    first = browsing.once(port, browsing.request("GET", "/api/config", port=port, headers={}))
    token, cookie = _token(first), _cookie(first)
    account = {"username": os.environ["NODEBB_USER"], "password": os.environ["NODEBB_PASSWORD"]}
    headers = {"Cookie": cookie, "X-CSRF-Token": token, "Content-Type": "application/json"}
    body = json.dumps(account).encode()
    entered = browsing.once(port, browsing.request("POST", "/login", port=port, headers=headers, body=body))
    if entered.status not in {200, 302}:
        raise Failed(f"NodeBB: signing in was answered with {entered.status}: {entered.body[:200]!r}")
    cookie = _cookie(entered) or cookie
    again = browsing.once(port, browsing.request("GET", "/api/config", port=port, headers={"Cookie": cookie}))
    if not json.loads(again.body).get("loggedIn", True):
        raise Failed("NodeBB: the account did not stay signed in")
    return cookie, _token(again)


def _token(answer: browsing.Answer) -> str:
    try:
        return str(json.loads(answer.body)["csrf_token"])
    except (ValueError, KeyError):
        raise Failed(f"NodeBB: /api/config was answered with {answer.status}, and no form token") from None


def _cookie(answer: browsing.Answer) -> str:
    return answer.fields.get("set-cookie", "").partition(";")[0]
