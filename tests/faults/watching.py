"""Somebody who follows a talk and somebody who writes in it, whatever breaks meanwhile: docs/protocol.md, as the page's
script does it."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import re
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

    @property
    def path(self) -> str:
        return f"/g/{self.gid}/t/{self.tid}/"

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """One request. Raises one of FAILURES."""
        token = "t" * 32
        wire = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=8)
        with contextlib.closing(wire):
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
    return [
        Talk(gid=gid, tid=tid, cookie=cookie, origin=site.origins[n % len(site.origins)])
        for n, cookie in enumerate(cookies)
    ]


@dataclass
class Writer(threading.Thread):
    """Writes one post after another, each until it is acknowledged, with one client id however often."""

    talk: Talk
    seed: int
    pause: float
    acknowledged: dict[str, int] = field(default_factory=dict)  # public id -> its number
    twice: int = 0  # acknowledged as something else the second time
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        dice = random.Random(self.seed)
        while not self.over.is_set():
            form = {
                "text": f"what helped {self.seed} {len(self.acknowledged)}",
                "client_id": str(uuid.uuid4()),
            }
            self._until_acknowledged(form, dice)
            time.sleep(self.pause * dice.random() * 2)

    def _until_acknowledged(self, form: dict[str, str], dice: random.Random) -> None:
        first, repeats = "", dice.random() < 0.2
        while True:
            form["client_id"] = form["client_id"] if KEEPS_ID else str(uuid.uuid4())
            with contextlib.suppress(*FAILURES):
                status, body = self.talk.ask("POST", f"{self.talk.path}posts/", form)
                if status in {200, 201}:
                    answer = json.loads(body)
                    self.acknowledged[answer["id"]] = answer["seq"]
                    self.twice += bool(first) and answer["id"] != first
                    if first or not repeats:
                        return
                    first = answer["id"]
                    continue
            time.sleep(0.2)


@dataclass
class Reader(threading.Thread):
    """Follows a talk: `screen` is what stands on their page, in order."""

    talk: Talk
    seen: int = 0
    screen: list[str] = field(default_factory=list)
    reloads: int = 0
    ticket: str = ""
    came_back: int = 0  # times that a ticket let them in
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

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
        self.screen, self.seen = PID.findall(page), int(HEAD.findall(page)[0])
        return True

    def _poll(self) -> None:
        _, body = self.talk.ask("GET", f"{self.talk.path}events/?after={self.seen}")
        found = json.loads(body)
        self._reload() if found.get("reload") else self._take(found["events"], found["to"])

    def _follow(self) -> None:
        asked = f"after={self.seen}&ticket={'shown' if self.ticket else 'wanted'}"
        address = f"{self.talk.origin.replace('http', 'ws')}/live{self.talk.path}?{asked}"
        with websockets.sync.client.connect(
            address, origin=self.talk.origin, additional_headers={"Cookie": f"kith={self.talk.cookie}"},  # type: ignore[arg-type]  # pairs, which the client takes
            open_timeout=5, close_timeout=1, ping_interval=5, ping_timeout=5,
        ) as wire:  # fmt: skip
            if self.ticket:
                wire.send(json.dumps({"type": "ticket", "ticket": self.ticket}))
                self._hear(json.loads(wire.recv(timeout=5)), wire)
                self.came_back += 1
            while not self.over.is_set():
                with contextlib.suppress(TimeoutError):
                    self._hear(json.loads(wire.recv(timeout=1)), wire)

    def _hear(self, frame: dict, wire: websockets.sync.client.ClientConnection) -> None:
        if frame["type"] == "events" and frame["to"] > self.seen:
            self._take(frame["events"], frame["to"])
        elif frame["type"] == "ticket":
            self.ticket = frame["ticket"]
        elif frame["type"] == "heartbeat" and frame["head"] > self.seen:
            wire.send(json.dumps({"type": "after", "seq": self.seen}))
        elif frame["type"] in {"reload", "renew"}:
            self._reload()

    def _reload(self) -> None:
        self._load()
        self.reloads += 1

    def _take(self, events: Sequence[dict], upto: int) -> None:
        for event in events:
            if event["seq"] > self.seen and event["html"] and event["id"] not in self.screen:
                self.screen.append(event["id"])
        self.seen = max(self.seen, upto)
