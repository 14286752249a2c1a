"""What a post costs the process that takes it: the whole request, from WSGI to the answer, on both databases.

200 posts of ordinary length by one member, one after the other, in a talk of 50, as the page's script sends them. CPU
of this process alone, the median of rounds; the database server's own is apart.
"""

from __future__ import annotations

import io
import os
import statistics
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

from bench import databases

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "5"))
POSTS, GOAL = 200, 3.0
TALK = "Thank you for asking. The kettle is on, the garden is *green*, and the letter has come at last. " * 3


def run() -> Iterator[str]:
    """Each database in a process of its own."""
    return databases.on_both("bench.posting")


def _one() -> Iterator[str]:
    send = _sender()
    for _ in range(50):
        send()
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(POSTS):
            send()
        found.append((time.process_time() - began) * 1000 / POSTS)
    middle = statistics.median(found)
    held = "holds" if middle <= GOAL else "DOES NOT HOLD"
    spread = f"{min(found):.2f} to {max(found):.2f}"
    yield f"a post costs {middle:.2f} ms of CPU ({spread}), goal {GOAL:g}: {held}"


def _sender():
    """What sends one fresh post, and fails unless it is taken."""
    from django.core.wsgi import get_wsgi_application

    from core import ratelimit
    from tests.people import make_cast, make_thread

    def counts(*parts: str, limit: int, seconds: int) -> float:
        return ratelimit.count(*parts, seconds=seconds) and 0.0 * limit  # as ever, and lets all pass

    ratelimit.hit = counts
    cast = make_cast()
    thread = make_thread(cast.harbour)
    serve = get_wsgi_application()
    cookie = next(iter(cast.alice.client.cookies.values())).value
    token = "t" * 32

    def send() -> None:
        form = {"text": TALK, "client_id": str(uuid.uuid4()), "csrfmiddlewaretoken": token}
        body, told = urlencode(form).encode(), []
        answer = serve(
            {
                "REQUEST_METHOD": "POST", "PATH_INFO": f"/g/{cast.harbour.public_id}/t/{thread.public_id}/posts/",
                "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
                "HTTP_ACCEPT": "application/json", "HTTP_COOKIE": f"kith={cookie}; form={token}",
                "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
                "SERVER_PROTOCOL": "HTTP/1.1", "QUERY_STRING": "", "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
            },
            lambda status, _headers, _info=None: told.append(status),
        )  # fmt: skip
        said = b"".join(answer)
        answer.close()
        assert told[0].startswith("201"), (told, said[:200])

    return send


if __name__ == "__main__":
    databases.measure(_one, name="kith_bench_posting")
