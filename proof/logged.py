"""Logs: words and ids that stand in requests, forms, headers and rows are in no log, no error page, and not in Redis.

Real processes are started as an installation starts them: all in one on SQLite; and, where PostgreSQL and Redis are
there, web, live and worker by themselves. Somebody signs in, reads, writes, writes the same again, follows a talk,
sends what no form sends, and goes on while a table is missing. A proxy is not started: deploy/Caddyfile has no log of
requests.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import secrets
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
import websockets.sync.client
from websockets.exceptions import WebSocketException

from proof.harness import Defence, Result, none_found
from tests import servers
from tests.browser import sites
from tests.browser.sites import ROOT, Site

PLACES = (
    "address",
    "agent",
    "header",
    "query",
    "path",
    "name",
    "passphrase",
    "text",
    "title",
    "handle",
    "frame",
    "cookie",
)
WRONG = "error pages, but for the way back to a page that was open for too long"
ADDRESS = "203.0.113"
SETTING = re.compile(r"^      - -c\n      - (\w+)=(\S+)$", re.MULTILINE)
TALKATIVE = {  # a server that somebody has made say all it can: ours are laid over that
    "log_statement": "all",
    "log_duration": "on",
    "log_error_verbosity": "verbose",
    "log_min_error_statement": "error",
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
}
EVERYWHERE = not {"postgres", "redis"} & servers.missing().keys()
OFF: dict[str, str] = {}  # what is taken away, for the processes that are started
SETUP = """
import json
from tests.people import add, make_group, make_person, make_thread
from tests.chat.saying import send
person, group = make_person(name={name!r}), make_group(name={title!r})
member = add(person, group, handle={handle!r})
thread = make_thread(group, title={title!r})
post, persona = send(person, thread, {text!r}), member.personas.get()
ids = [thread.pk, person.account.pk, member.pk, persona.pk, post.pk, bytes(member.owner_tag).hex(),
       persona.public_id, persona.avatar_id, person.secret.hex()]
cookie = next(iter(person.client.cookies.values())).value
print("|" + json.dumps([cookie, group.public_id, thread.public_id, post.public_id, *map(str, ids)]))
"""
Words = dict[str, str]


@dataclass(kw_only=True)
class Visit:
    """One person before one site; `errors` are pages that say something went wrong, `needles` is what was planted."""

    site: Site
    words: Words
    needles: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        said = self.site.script(SETUP.format(**self.words)).partition("|")[2]
        self.cookie, self.gid, self.tid, self.pid, *rest = json.loads(said)
        self.talk, *ids = rest
        self.needles |= {*self.words.values(), self.cookie, self.gid, self.tid, self.pid, self.talk, *ids}
        self.host = urlsplit(self.site.origins[0]).netloc

    def ask(
        self, method: str, path: str, *, form: Words | None = None, body: bytes = b"", **headers: str
    ) -> None:
        """One request, with something planted in every part."""
        token = "t" * 32
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": token, **form}).encode()
        wire = http.client.HTTPConnection(self.host, timeout=20)
        sent = {
            "Host": self.host, "User-Agent": self.words["agent"], "X-Forwarded-For": self.words["address"],
            "X-Real-IP": self.words["address"], "X-More": self.words["header"], "X-CSRFToken": token,
            "Referer": f"{self.site.origins[0]}/{self.words['path']}", "Accept-Language": self.words["header"],
            "Cookie": f"kith={self.cookie}; form={token}; more={self.words['cookie']}",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        wire.request(method, f"{path}?q={self.words['query']}", body, sent | headers)
        answer = wire.getresponse()
        page = answer.read().decode("utf-8", "replace")
        wire.close()
        self.statuses.add(answer.status)
        if answer.status >= 400 and answer.status != 422:  # a form that says what to change is no error page
            page = f"{page} {answer.headers}"
            for own in set((form or {}).values()) | self.needles.intersection(path.split("/")):
                page = page.replace(own, "") if own else page  # what was written is handed back
            self.errors.append(page)

    def follow(self, *, cookie: str = "") -> None:
        """An open talk, and frames that no page sends."""
        address = f"ws://{self.host}/live/g/{self.gid}/t/{self.tid}/?after=0&q={self.words['query']}"
        headers = {
            "Cookie": f"kith={cookie or self.cookie}; more={self.words['cookie']}",
            "X-Forwarded-For": self.words["address"], "X-More": self.words["header"],
        }  # fmt: skip
        with contextlib.suppress(WebSocketException, OSError), websockets.sync.client.connect(
            address, origin=self.site.origins[0], additional_headers=headers,  # type: ignore[arg-type]  # pairs, which the client takes
            user_agent_header=self.words["agent"], open_timeout=5, close_timeout=2,
        ) as open_:  # fmt: skip
            open_.recv(timeout=3)
            open_.send(self.words["frame"])
            while True:
                open_.recv(timeout=3)


def prove(size: str) -> Iterator[Result]:
    """The journey, then what each log holds. In small, all in one process only where there is nothing else."""
    if size == "full" or not EVERYWHERE:
        yield from _one_process()
    if EVERYWHERE:
        yield from _real_processes()


def _one_process() -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        with sites.embedded(Path(folder), **_environment()) as site:
            visit = Visit(site=site, words=_planted())
            _journey(visit, _without_sqlite(Path(folder) / "kith.sqlite3"))
        log = (Path(folder) / "log").read_text()
    yield _looked(visit, log, "the log of one process for all", part="one process, log")
    yield _looked(visit, _errors(visit), WRONG, part="one process, error pages")


def _real_processes() -> Iterator[Result]:
    paths = _postgres_logs()
    starts = {path: path.stat().st_size for path in paths}
    settings = dict(TALKATIVE)
    if OFF.get("without") != POSTGRES:
        settings |= SETTING.findall((ROOT / "docker-compose.yml").read_text())
    with tempfile.TemporaryDirectory() as folder, _redis_heard() as heard:
        with sites.real(Path(folder), postgres=settings, **_environment()) as site:
            visit = Visit(site=site, words=_planted())
            _journey(visit, _without_postgres(site.environment["KITH_DATABASE_URL"]))
        log = (Path(folder) / "log").read_text()
    written = "".join(path.read_bytes()[starts[path] :].decode("utf-8", "replace") for path in paths)
    yield _looked(visit, log, "the logs of web, live and worker", part="web, live and worker")
    yield _looked(visit, _errors(visit), WRONG, part="error pages")
    if paths:
        yield _looked(visit, written, "PostgreSQL's log", part="PostgreSQL's log")
    said = b"".join(heard).decode("latin-1")
    assert "kith:rate:" in said, "the control: something was said to Redis"
    visit.needles.remove(visit.talk)  # the bell says in which talk there is news
    what = "all that is said to Redis, but for the number of the talk that has news"
    yield _looked(visit, said, what, part="Redis")


def _environment() -> dict[str, str]:
    more = {"KITH_PROXIES": "1"}
    if OFF:
        more |= {"DJANGO_SETTINGS_MODULE": "proof.talkative", "PROOF_WITHOUT": OFF["without"]}
    return more


def _planted() -> Words:
    """A word for each place that is nowhere else."""
    words = {place: f"planted{place}{secrets.token_hex(5)}" for place in PLACES}
    return words | {"address": f"{ADDRESS}.{secrets.randbelow(250) + 1}", "handle": words["handle"][:30]}


def _errors(visit: Visit) -> str:
    """All error pages, without the one link by which a page that was open for too long is opened again."""
    back = f'href="/{visit.words["path"]}"'
    return "".join(page.replace(back, "", 1) for page in visit.errors)


def _looked(visit: Visit, held: str, what: str, *, part: str) -> Result:
    needles = {form for word in visit.needles for form in (word, word.encode().hex())}
    found = sorted(needle for needle in needles if needle in held)
    promise = f"{len(visit.needles)} words and ids planted in requests and rows are not in {what}"
    return none_found(promise, tried=len(visit.needles), found=len(found), part=part)


# --- the journey ------------------------------------------------------------------------------------------------
def _journey(visit: Visit, without: Callable[[str], AbstractContextManager[None]]) -> None:
    words, talk = visit.words, f"/g/{visit.gid}/t/{visit.tid}/"
    once = {"text": words["text"], "client_id": "3f1f1f7e-3f4c-4d57-9d0e-0c3d6a1f5a10"}
    for page in (
        "/home/",
        f"/g/{visit.gid}/",
        talk,
        f"{talk}events/",
        f"/{words['path']}/",
        f"/g/{words['path']}/",
    ):
        visit.ask("GET", page)
    visit.ask("POST", "/sign-in/", form={"name": words["name"], "passphrase": words["passphrase"]})
    for form in (once, once, {"text": ""}, {"text": f"{words['text']}\0"}, {"text": words["text"] * 400}):
        visit.ask("POST", f"{talk}posts/", form=form)  # the second is a repeat, which PostgreSQL refuses
    visit.ask("POST", f"{talk}p/{visit.pid}/edit/", form={"text": words["text"]})
    visit.ask("POST", f"{talk}p/{visit.pid}/react/", form={"kind": words["text"]})
    visit.ask("PUT", talk, body=words["text"].encode())
    visit.ask("POST", f"{talk}posts/", body=words["text"].encode(), **{"Content-Type": "multipart/form-data"})
    visit.ask("POST", f"{talk}posts/", form=once, **{"X-CSRFToken": "", "Cookie": f"kith={visit.cookie}"})
    visit.ask("GET", "/home/", Host=f"{words['header']}.example")
    visit.follow(), visit.follow(cookie=words["cookie"])
    with without("chat_thread"):
        visit.ask("GET", talk)
        visit.ask("POST", f"{talk}posts/", form={"text": words["text"]})
        visit.follow()
    with without("chat_post"):
        visit.ask("POST", f"{talk}posts/", form={"text": words["text"]})
        visit.ask("POST", f"{talk}p/{visit.pid}/edit/", form={"text": words["text"]})
    assert visit.statuses >= {200, 400, 404, 405, 500} or visit.statuses >= {200, 400, 404, 405, 503}, (
        visit.statuses
    )


def _without_sqlite(path: Path) -> Callable[[str], AbstractContextManager[None]]:
    @contextmanager
    def without(table: str) -> Iterator[None]:
        with contextlib.closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as rows:
            rows.execute(f"ALTER TABLE {table} RENAME TO away")
            yield
            rows.execute(f"ALTER TABLE away RENAME TO {table}")

    return without


def _without_postgres(url: str) -> Callable[[str], AbstractContextManager[None]]:
    @contextmanager
    def without(table: str) -> Iterator[None]:
        with psycopg.connect(url, autocommit=True) as rows:
            rows.execute(f"ALTER TABLE {table} RENAME TO away")
            yield
            rows.execute(f"ALTER TABLE away RENAME TO {table}")

    return without


def _postgres_logs() -> list[Path]:
    named = os.environ.get("KITH_TEST_POSTGRES_LOG")
    found = [Path(named)] if named else sorted(Path("/var/log/postgresql").glob("*.log"))
    return [path for path in found if os.access(path, os.R_OK)]


@contextmanager
def _redis_heard() -> Iterator[list[bytes]]:
    """All that anybody says to Redis meanwhile."""
    where, heard = urlsplit(servers.REDIS_URL), list[bytes]()
    wire = socket.create_connection((where.hostname or "", where.port or 6379))
    wire.sendall(b"MONITOR\r\n")

    def listen() -> None:
        with contextlib.suppress(OSError):
            while said := wire.recv(1 << 16):
                heard.append(said)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    yield heard
    wire.shutdown(socket.SHUT_RDWR)
    listener.join()


# --- the defences, and what it would be without -----------------------------------------------------------------
POSTGRES = "the settings of PostgreSQL's log"


def _without(what: str) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def off() -> Iterator[None]:
        OFF["without"] = what
        try:
            yield
        finally:
            OFF.clear()

    return off


DEFENCES = [
    Defence(name="log lines say what, never to whom", off=_without("the filter")),
    Defence(name="no access log", off=_without("no access log")),
]
if EVERYWHERE:
    DEFENCES.append(Defence(name="keys in Redis name nobody", off=_without("keys that name nobody")))
if EVERYWHERE and _postgres_logs():
    DEFENCES.append(Defence(name="PostgreSQL's log holds no statement", off=_without(POSTGRES)))
