"""Somebody who follows a talk and somebody who writes in it, whatever breaks meanwhile: docs/protocol.md, as the page's
script does it."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import random
import re
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import websockets.sync.client
from websockets.exceptions import WebSocketException

from tests.browser.sites import Site

PID = re.compile(r'<li id="p-([\w-]+)"')
HEAD = re.compile(r'data-head="(\d+)"')
FAILURES = (OSError, http.client.HTTPException, WebSocketException, ValueError, TimeoutError)
KEEPS_ID = True  # a repeat carries the id of the first
SILENCE = 50.0  # seconds after which a page takes a line for lost, as static/js/live/link.js
SETUP = """
import json
from tests.people import add, make_group, make_person, make_thread
group = make_group(name="Harbour")
people = [make_person(name=f"person{{n}}") for n in range({count})]
[add(person, group, handle=f"Grey Willow {{n}}") for n, person in enumerate(people)]
thread = make_thread(group, title="Faults")
cookies = [next(iter(person.client.cookies.values())).value for person in people]
print("|" + json.dumps([group.public_id, thread.public_id, cookies]))
"""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One thread as a member of its group reaches it."""

    gid: str
    tid: str
    cookie: str
    origin: str
    at: int  # the port that leads there
    live: int  # and past all that stands between, to the sockets

    @property
    def path(self) -> str:
        return f"/g/{self.gid}/t/{self.tid}/"

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """One request. Raises one of FAILURES."""
        token = "t" * 32
        wire = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=8)
        with contextlib.closing(wire):
            wire.sock = socket.create_connection(("127.0.0.1", self.at), timeout=8)
            body = urlencode({"csrfmiddlewaretoken": token, **form}) if form else None
            headers = {
                "Cookie": f"kith={self.cookie}; form={token}", "Accept": "application/json" if form else "*/*",
                "X-CSRFToken": token, "Origin": self.origin, "Content-Type": "application/x-www-form-urlencoded",
            }  # fmt: skip
            wire.request(method, path, body, headers)
            answer = wire.getresponse()
            return answer.status, answer.read().decode()


def talks(site: Site, *, count: int) -> list[Talk]:
    """One thread, as `count` members see it, spread over the site's origins."""
    gid, tid, cookies = json.loads(site.script(SETUP.format(count=count)).partition("|")[2])
    ways = list(zip(site.origins, site.fronts, strict=True))
    return [
        Talk(gid=gid, tid=tid, cookie=cookie, origin=origin, at=front.port, live=front.live)
        for cookie, (origin, front) in zip(cookies, itertools.cycle(ways))
    ]


@dataclass
class Writer(threading.Thread):
    """Writes one post after another, each until it is acknowledged, with one client id however often."""

    talk: Talk
    seed: int
    pause: float
    acknowledged: dict[str, int] = field(default_factory=dict)  # public id -> its number
    twice: int = 0  # acknowledged as something else the second time
    copies: int = 1  # that the network makes of each request
    more: str = ""  # words that each post has beside its own
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        dice = random.Random(self.seed)
        while not self.over.is_set():
            form = {
                "text": f"what helped {self.seed} {len(self.acknowledged)}{self.more}",
                "client_id": str(uuid.uuid4()),
            }
            self._until_acknowledged(form, dice)
            time.sleep(self.pause * dice.random() * 2)

    def _until_acknowledged(self, form: dict[str, str], dice: random.Random) -> None:
        wanted, got = 2 if dice.random() < 0.2 else 1, list[tuple[str, int]]()
        while len(got) < wanted:
            form["client_id"] = form["client_id"] if KEEPS_ID else str(uuid.uuid4())
            found = self._send(form)
            got += found
            self.acknowledged |= dict(found)
            if len(found) < self.copies:
                time.sleep(0.2)
        self.twice += len(set(got)) - 1

    def _send(self, form: dict[str, str]) -> list[tuple[str, int]]:
        """Send it, in as many copies at once as the network makes of it: the ids and numbers that are acknowledged."""
        found: list[tuple[str, int]] = []

        def send() -> None:
            with contextlib.suppress(*FAILURES):
                status, body = self.talk.ask("POST", f"{self.talk.path}posts/", form)
                if status in {200, 201}:
                    answer = json.loads(body)
                    found.append((answer["id"], answer["seq"]))

        others = [threading.Thread(target=send) for _ in range(self.copies - 1)]
        for other in others:
            other.start()
        send()
        for other in others:
            other.join()
        return found


@dataclass
class Page:
    """What stands on a page, in order, since it was loaded."""

    head: int = 0  # the number it came with
    loaded: int = 0  # and how many posts
    posts: list[str] = field(default_factory=list)

    def is_right(self, order: Sequence[str], *, newest: int, is_last: bool) -> bool:
        """It began with the `newest` posts at least, and went on with every post after, each once: to the end, if it
        is the last page of all."""
        start = order.index(self.posts[0]) if self.posts and self.posts[0] in order else 0
        upto = None if is_last else start + len(self.posts)
        begins = self.loaded >= min(newest, self.head) and (self.loaded > 0 or start == 0)
        return begins and self.posts == list(order[start:upto])


@dataclass
class Reader(threading.Thread):
    """Follows a talk. Whoever is `narrow` has no room for what they have not read."""

    talk: Talk
    narrow: bool = False
    seen: int = 0
    pages: list[Page] = field(default_factory=list)  # one after another
    told: int = 0  # over this connection
    again: int = 0  # what was told twice over one connection, or after what comes later
    forgiven: int = 0  # up to here it was asked for again
    ticket: str = ""
    came_back: int = 0  # times that a ticket let them in
    reads: threading.Event = field(default_factory=threading.Event)
    rest: float = 0.0  # before each look
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.reads.set()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        failures, is_loaded = 0, False
        while not self.over.is_set():
            with contextlib.suppress(*FAILURES):
                is_loaded = is_loaded or self._load()
                if failures >= 3:
                    self._poll()
                self._follow()
            failures += 1
            time.sleep(random.random() * min(2.0, 2 ** (failures - 1)))

    def _load(self) -> bool:
        status, page = self.talk.ask("GET", f"{self.talk.path}?newest=1")
        if status != 200:
            raise ValueError(status)
        self.show(page)
        return True

    def show(self, page: str) -> None:
        """A page, as it was loaded."""
        posts, self.seen = PID.findall(page), int(HEAD.findall(page)[0])
        self.pages.append(Page(self.seen, len(posts), posts))

    def _poll(self) -> None:
        _, body = self.talk.ask("GET", f"{self.talk.path}events/?after={self.seen}")
        found = json.loads(body)
        if found.get("reload"):
            self._load()
            return
        self.told = self.seen
        self.take(found["events"], found["to"])

    def _connect(self) -> websockets.sync.client.ClientConnection:
        asked = f"after={self.seen}&ticket={'shown' if self.ticket else 'wanted'}"
        address = f"{self.talk.origin.replace('http', 'ws')}/live{self.talk.path}?{asked}"
        line = socket.socket()
        if self.narrow:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.settimeout(5)
        line.connect(("127.0.0.1", self.talk.live if self.narrow else self.talk.at))
        self.told = self.seen
        return websockets.sync.client.connect(
            address, sock=line, origin=self.talk.origin, additional_headers={"Cookie": f"kith={self.talk.cookie}"},  # type: ignore[arg-type]  # pairs, which the client takes
            open_timeout=5, close_timeout=1, ping_interval=None, max_queue=1 if self.narrow else 16,
        )  # fmt: skip

    def _follow(self) -> None:
        with self._connect() as wire:
            if self.ticket:
                wire.send(json.dumps({"type": "ticket", "ticket": self.ticket}))
                self._hear(json.loads(wire.recv(timeout=5)), wire)
                self.came_back += 1
            heard = time.monotonic()
            while not self.over.is_set() and time.monotonic() - heard < SILENCE:
                self.reads.wait()
                time.sleep(self.rest)
                with contextlib.suppress(TimeoutError):
                    self._hear(json.loads(wire.recv(timeout=1)), wire)
                    heard = time.monotonic()

    def _hear(self, frame: dict, wire: websockets.sync.client.ClientConnection) -> None:
        if frame["type"] == "events":
            self.take(frame["events"], frame["to"])
        elif frame["type"] == "ticket":
            self.ticket = frame["ticket"]
        elif frame["type"] == "heartbeat" and frame["head"] > self.seen:
            wire.send(json.dumps({"type": "after", "seq": self.seen}))
            self.forgiven = frame["head"]
        elif frame["type"] in {"reload", "renew"}:
            self._load()

    def take(self, events: Sequence[dict], upto: int) -> None:
        """What is told. As the page does: what it has by its number is not put there again."""
        for event in events:
            self.again += self.forgiven < event["seq"] <= self.told
            self.told = max(self.told, event["seq"])
            page = self.pages[-1]
            if event["seq"] > self.seen and event["html"] and event["id"] not in page.posts[: page.loaded]:
                page.posts.append(event["id"])
        self.seen = max(self.seen, upto)
