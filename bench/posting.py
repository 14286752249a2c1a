"""What a post and a page cost the process that takes them: whole requests, from WSGI to the answer, on both databases.

200 posts of ordinary length by one member, one after the other, in a talk of 50, as the page's script sends them; and
the talk's page, its last 25, as another member sees it who has read all of it. CPU of this process alone; the
database server's own is apart.
"""

from __future__ import annotations

import io
import os
import time
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bench import databases
from bench.rows import Row, row

if TYPE_CHECKING:
    from tests.people import Person

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "5"))
POSTS, PAGES = 200, 100
PAGE = "a page of 25 messages in a long talk"
GOALS = {"a post": 3.0, PAGE: 2.2}  # milliseconds of CPU
QUERIES = 4.0
TALK = "Thank you for asking. The kettle is on, the garden is *green*, and the letter has come at last. " * 3


def run() -> Iterator[str | Row]:
    """Each database in a process of its own."""
    return databases.rows_on_both("bench.posting")


def _lines() -> Iterator[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    post, page, read_on = _acts()
    for _ in range(50):
        post()
    page()
    for name, act, times in (("a post", post, POSTS), (PAGE, page, PAGES)):
        if act is page:
            read_on()
        found = [_cpu(act, times) for _ in range(ROUNDS)]
        yield _said(f"{name}, {connection.vendor}", "ms of CPU", found, GOALS[name])
        if act is page:
            with CaptureQueriesContext(connection) as asked:
                page()
            yield _said(f"{name}, {connection.vendor}: queries", "queries", [float(len(asked))], QUERIES)


def _cpu(act: Callable[[], None], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - began) * 1000 / times


def _said(name: str, metric: str, found: list[float], goal: float) -> str:
    made = row(
        name=f"pages: {name}",
        baseline=f"{goal:g}",
        metric=metric,
        kith=found,
        other=[goal] * len(found),
        at_most=1,
        budget=True,
    )
    return made.line


def _acts() -> tuple[Callable[[], None], Callable[[], None], Callable[[], None]]:
    """What sends one fresh post, and what looks at the talk; each fails unless it is answered. And what reads it up to
    the end: until then each look is at another page, and moves a mark."""
    from core import ratelimit
    from tests.people import make_cast, make_thread

    def counts(*parts: str, limit: int, seconds: int) -> float:
        return ratelimit.count(*parts, seconds=seconds) and 0.0 * limit  # as ever, and lets all pass

    ratelimit.hit = counts
    cast = make_cast()
    path = f"/g/{cast.harbour.public_id}/t/{make_thread(cast.harbour).public_id}/"
    ask = _asker()
    token = "t" * 32

    def post() -> None:
        form = {"text": TALK, "client_id": str(uuid.uuid4()), "csrfmiddlewaretoken": token}
        ask(cast.alice, path + "posts/", "201", urlencode(form).encode())

    def page() -> None:
        ask(cast.bob, path, "200")

    def read_on() -> None:
        while b'class="unread"' in cast.bob.client.get(path).content:
            pass

    return post, page, read_on


def _asker() -> Callable[..., None]:
    from django.core.wsgi import get_wsgi_application

    serve: Any = get_wsgi_application()

    def ask(person: Person, path: str, status: str, body: bytes = b"") -> None:
        cookie, told = next(iter(person.client.cookies.values())).value, list[str]()
        asked: dict[str, Any] = {
            "REQUEST_METHOD": "POST" if body else "GET", "PATH_INFO": path,
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
            "HTTP_ACCEPT": "application/json" if body else "text/html", "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_COOKIE": f"kith={cookie}; form={'t' * 32}", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1", "QUERY_STRING": "",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
        }  # fmt: skip
        answer = serve(asked, lambda status, _headers, _info=None: told.append(status))
        said = b"".join(answer)
        answer.close()
        assert told[0].startswith(status), (told, said[:200])

    return ask


if __name__ == "__main__":
    databases.measure(_lines, name="kith_bench_posting")
