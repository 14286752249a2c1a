"""What measures Kith beside others: whom it asks, what it counts, and which way a picture's bar points."""

from __future__ import annotations

import json
import platform
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import pytest

from bench import browsing, plots
from bench.peers import installing, nodebb, visiting
from bench.peers.forum import filled
from bench.rivals import Failed
from bench.rows import common, row


class Pretended(BaseHTTPRequestHandler):
    """The few answers of a NodeBB that are needed, in memory."""

    protocol_version = "HTTP/1.1"
    written: list[str] = []
    topics = 0

    def do_GET(self) -> None:
        if self.path == "/api/config":
            self._say(
                {"csrf_token": "token", "loggedIn": "known" in self.headers.get("Cookie", "")},
                new="sid=fresh",
            )
        elif self.path.startswith("/topic/"):
            self._say("This is message 1. " * 25)
        else:
            self._say("not here", status=404)

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["X-CSRF-Token"] != "token":
            self._say("forbidden", status=403)
        elif self.path == "/login":
            right = sent == {"username": "writer", "password": "quiet boats"}
            self._say({}, status=200 if right else 403, new="sid=known")
        else:
            Pretended.topics += self.path == "/api/v3/topics"
            Pretended.written.append(self.path)
            self._say({"response": {"tid": Pretended.topics}})

    def _say(self, what: object, *, status: int = 200, new: str = "") -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        if new:
            self.send_header("Set-Cookie", f"{new}; Path=/; HttpOnly")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pretended)
    Pretended.written, Pretended.topics = [], 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("NODEBB_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("NODEBB_USER", "writer")
    monkeypatch.setenv("NODEBB_PASSWORD", "quiet boats")
    yield server.server_port
    server.shutdown()


@pytest.mark.parametrize(
    "url", ["https://forum.example.org", "http://forum.example.org:4567", "http://10.0.0.7"]
)
def test_no_site_elsewhere_is_loaded(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("NODEBB_URL", url)
    with pytest.raises(Failed, match="without a path"):
        nodebb.forum()


def test_an_account_that_is_refused_is_said(monkeypatch: pytest.MonkeyPatch, pretended: int) -> None:
    monkeypatch.setenv("NODEBB_PASSWORD", "wrong")
    with pytest.raises(Failed, match="403"):
        nodebb.forum()


def test_a_running_nodebb_gets_fifty_messages_and_a_topic_to_answer_in(pretended: int) -> None:
    forum = nodebb.forum()
    assert Pretended.written == ["/api/v3/topics"] * 2 + ["/api/v3/topics/1"] * 49
    told = browsing.many(forum.port, forum.answer, ok=forum.ok, connections=8, seconds=5, most=40)
    assert (told.done, told.failed, Pretended.written[-1]) == (40, 0, "/api/v3/topics/2")


def test_an_error_is_counted_and_shown(pretended: int) -> None:
    def ask(_nth: int) -> bytes:
        return browsing.request("GET", "/nowhere", port=pretended, headers={})

    told = browsing.many(pretended, ask, ok={200}, connections=2, seconds=5, most=6)
    assert (told.done, told.failed, told.share) == (0, 6, 0.0)
    assert told.refused[0].startswith("404")


def test_words_are_put_into_both_kinds_of_body() -> None:
    assert filled({"json": {"post": "{text}"}}, text='a "b"') == (
        "application/json",
        b'{"post": "a \\"b\\""}',
    )
    assert filled({"form": {"text": "{text}"}}, text="a & b")[1] == b"text=a+%26+b"


def test_what_is_packed_already_is_counted_as_it_is() -> None:
    assert visiting.compressed(b"a" * 1000, "image/jpeg") == 1000
    assert visiting.compressed(b"a" * 1000, "text/css") < 100


def _row(*, kith: float, other: float, metric: str, **goal: float | None) -> dict:
    return vars(row(name="part: a", baseline="b", metric=metric, kith=[kith], other=[other], **goal))


@pytest.mark.parametrize(
    ("kith", "other", "metric", "goal", "gain"),
    [
        (20.0, 2.0, "pages a second", {"at_least": 20.0}, 10.0),
        (2.0, 20.0, "pages a second", {"at_least": 20.0}, 0.1),
        (2.0, 20.0, "anything", {"at_most": 0.25}, 10.0),
        (20.0, 2.0, "anything", {"at_most": 0.25}, 0.1),
        (2.0, 20.0, "anything", {"at_most": None}, 10.0),
        (20.0, 2.0, "anything", {"at_least": None, "more": True}, 10.0),
    ],
)
def test_a_bar_points_to_who_is_ahead(
    kith: float, other: float, metric: str, goal: dict, gain: float
) -> None:
    assert plots.gain(_row(kith=kith, other=other, metric=metric, **goal)) == pytest.approx(gain)


@pytest.mark.parametrize("failed", ["kith", "other"])
def test_a_bar_points_to_who_is_ahead_where_rounds_are_missing(failed: str) -> None:
    sides = {"kith": dict.fromkeys(range(5), 14.6), "other": dict.fromkeys(range(5), 1.0)}
    del sides[failed][0]
    found = common(name="part: a", baseline="b", metric="posts a second", rounds=5, at_least=0.5, **sides)
    assert found and found.holds is not True
    assert plots.gain(vars(found)) == pytest.approx(14.6)


def test_a_budget_is_not_drawn_as_somebody_else() -> None:
    found = _row(kith=15.0, other=30.0, metric="KiB", at_most=1, budget=True)
    assert "0.5 of budget</text>" in plots.picture("part", [found])
    assert "of budget" not in plots.picture("part", [found | {"budget": False}])


def test_a_site_says_which_python_it_runs_on() -> None:
    said = installing.built(sys.executable)
    assert said.startswith(f"Python {platform.python_version()}, ") and sys.prefix not in said


def test_peers_run_on_the_python_of_kith_where_it_is_of_their_version() -> None:
    assert installing._python(".".join(platform.python_version_tuple()[:2])) == sys.executable


def test_a_picture_is_whole_and_escapes_names() -> None:
    found = _row(kith=3, other=2, metric="posts a second", at_least=0.5) | {"name": "part: <a> & b"}
    drawn = ElementTree.fromstring(plots.picture("part", [found]))
    assert any(text.text == "<a> & b" for text in drawn.iter("{http://www.w3.org/2000/svg}text"))
