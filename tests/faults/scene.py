"""One member at one thread, seen from outside and from the rows, while things go wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import close_old_connections
from django.test import Client

from chat.models import Byline, Post, Thread, ThreadEvent
from tests.people import Cast, Person

JSON = {"Accept": "application/json"}
WORDS = "a long night & what helped, told at length: " + "it went on and on. " * 400
TECHNICAL = (
    "Error",
    "Traceback",
    "locked",
    "disk",
    "psycopg",
    "sqlite",
    "SQL",
    "Exception",
    "connection",
    "0x",
)


def browser(person: Person) -> Client:
    """Somebody's browser, which gets an answer to everything, as from a server."""
    client = Client(raise_request_exception=False)
    client.cookies = person.client.cookies
    return client


def next_request() -> None:
    """What a server does between two requests, and the test client does not: a broken connection is dropped."""
    close_old_connections()


@dataclass
class Scene:
    """Alice writes in a thread of harbour."""

    cast: Cast
    thread: Thread
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def __post_init__(self) -> None:
        self.page = f"/g/{self.cast.harbour.public_id}/t/{self.thread.public_id}/"
        self.alice = browser(self.cast.alice)

    def send(self, *, by_script: bool = True, text: str = WORDS) -> Any:
        """Press Send: always the same text with the same client id."""
        data = {"text": text, "client_id": self.client_id}
        return self.alice.post(f"{self.page}posts/", data, headers=JSON if by_script else {})

    def rows(self) -> dict[str, Any]:
        """All that publishing writes."""
        thread = Thread.objects.get(pk=self.thread.pk)
        return {
            "thread": (thread.last_seq, thread.activity, thread.last_post_on, thread.is_answered),
            "posts": list(Post.objects.values_list("seq", "text").order_by("seq")),
            "events": list(ThreadEvent.objects.values_list("seq", "kind").order_by("seq")),
            "bylines": Byline.objects.count(),
        }

    def sends_once(self, *, seq: int) -> None:
        """Now it works: published with the next number, and however often it is tried, once."""
        answers = [self.send() for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 200, 200]
        assert {answer.json()["seq"] for answer in answers} == {seq}
        rows = self.rows()
        assert rows["thread"][0] == seq
        assert [post[0] for post in rows["posts"]] == [event[0] for event in rows["events"]]
        assert [post[1] for post in rows["posts"]].count(WORDS.strip()) == 1


def is_calm_page(answer: Any, *, status: int) -> str:
    """A page in plain words that stands alone and names nothing technical. Returns its HTML."""
    html: str = answer.content.decode()
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert html.count("<h1>") == 1 and "Quick exit" in html and "Help now" in html and "</html>" in html
    seen = html.replace(WORDS.replace("&", "&amp;"), "")
    assert not [word for word in TECHNICAL if word in seen]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    return html


def is_calm_message(answer: Any, *, status: int) -> None:
    """What the page's script shows behind "Not sent."."""
    assert answer.status_code == status
    assert set(answer.json()) == {"message"}
    message = answer.json()["message"]
    assert message and not [word for word in TECHNICAL if word in message]
