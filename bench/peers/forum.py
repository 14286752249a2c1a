"""A running community site of any kind, as it is measured: how to see its thread and how to answer there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from bench import browsing
from bench.filling import words_of
from bench.rivals import Failed

POSTS = 50
FORM = "f" * 32  # what proves that a form is the site's own: the same in cookie and header
OK = frozenset({200, 201, 302, 303})


@dataclass(frozen=True, kw_only=True)
class Forum:
    """`people` are cookies. `pages` and `replies` are the paths of a thread to read and of one to answer in.
    `shape` is what is sent: {"json": …} or {"form": …}, where {text} is filled in. `ok`: how a reply is answered."""

    name: str
    port: int
    people: Sequence[str]
    pages: str
    replies: str
    shape: Mapping[str, Any]
    headers: Mapping[str, str]
    ok: frozenset[int]
    pid: int = 0  # of what serves it; 0 where somebody else started it

    def see(self, nth: int) -> bytes:
        """Somebody asks for the thread. Not compressed: on the peers' side that is left to a server in front."""
        return browsing.request("GET", self.pages, port=self.port, headers=self._of(nth))

    def answer(self, nth: int) -> bytes:
        """Somebody answers in the other thread."""
        kind, body = filled(self.shape, text=words_of(nth), id=f"{nth:x}-{self.port}")
        headers = self._of(nth) | {"Content-Type": kind}
        return browsing.request("POST", self.replies, port=self.port, headers=headers, body=body)

    def _of(self, nth: int) -> dict[str, str]:
        return {"Cookie": self.people[nth % len(self.people)], **self.headers}


def filled(shape: Mapping[str, Any], **values: str) -> tuple[str, bytes]:
    """The kind of a body, and the body."""

    def put_in(value: Any) -> Any:
        for name, one in values.items():
            value = value.replace(f"{{{name}}}", one) if isinstance(value, str) else value
        return value

    if "json" in shape:
        return "application/json", json.dumps(
            {key: put_in(one) for key, one in shape["json"].items()}
        ).encode()
    form = {key: put_in(one) for key, one in shape["form"].items()}
    return "application/x-www-form-urlencoded", urlencode(form).encode()


def with_threads(
    *,
    name: str,
    port: int,
    said: Mapping[str, Any],
    headers: Mapping[str, str],
    pid: int = 0,
    posts: int = POSTS,
) -> Forum:
    """A peer with a thread of so many messages, written over HTTP as its people would, and another to answer in."""
    found = Forum(
        name=name, port=port, people=said["people"], pages="", replies="", shape=said["reply"], headers=headers, ok=OK,
        pid=pid,
    )  # fmt: skip
    ids = [_opened(found, said["open"], title=title) for title in ("A talk of many", "A talk to answer in")]
    replies = [said["reply"]["path"].replace("{id}", one) for one in ids]
    filling = replace(found, replies=replies[0])
    for nth in range(1, posts):
        _expect(browsing.once(port, filling.answer(nth)), OK)
    first = _followed(found, said["page"].replace("{id}", ids[0]))
    return replace(found, pages=_followed(found, first + said["last"]), replies=replies[1])


def _opened(forum: Forum, how: Mapping[str, Any], *, title: str) -> str:
    kind, body = filled(how, text=words_of(0), title=title)
    headers = forum._of(0) | {"Content-Type": kind}
    asked = browsing.request("POST", how["path"], port=forum.port, headers=headers, body=body)
    answer = _expect(browsing.once(forum.port, asked), OK)
    where = re.search(r"/topic/(\d+)/", answer.fields.get("location", ""))
    if where:
        return where[1]
    said = json.loads(answer.body)
    return str(said.get("id") or said["response"]["tid"])


def _followed(forum: Forum, path: str) -> str:
    """Where a page is in the end."""
    for _ in range(5):
        answer = browsing.once(forum.port, replace(forum, pages=path).see(0))
        if answer.status == 200:
            if answer.body.count(b"This is message") < 20:
                raise Failed(f"{forum.name}: the page does not show the thread")
            return path
        path = re.sub(r"^https?://[^/]+", "", answer.fields.get("location", path))
    raise Failed(f"{forum.name}: {path} was answered with {answer.status}")


def _expect(answer: browsing.Answer, ok: frozenset[int]) -> browsing.Answer:
    if answer.status not in ok:
        raise Failed(f"answered with {answer.status}: {answer.body[:300]!r}")
    return answer
