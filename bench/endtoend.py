"""From a message's POST to every reader's screen: kept in PostgreSQL on the way, on every side.

1,000 readers of one talk. Kith as it is installed: WSGI workers take the POST, a live process hands it out (and two,
which share the readers). Beside it servers that do both in one process, each with the same three rows in one
transaction. All of a side's own processes have one core together; PostgreSQL, Redis, the writers and the readers have
what is left. Rounds take turns; Kith comes first in each, since half of what it carried is what p99 is taken at.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench import sites
from bench.rivals import BUILT, CORES, NODE_ENV, ROOT, Failed, build, core_so_far, is_wrong, wait_for_ports
from bench.rows import Row, common, under_load

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "5"))
READERS = int(os.environ.get("KITH_BENCH_READERS", "1000"))
SECONDS = float(os.environ.get("KITH_BENCH_SECONDS", "4"))
SLOW_SECONDS, WARM_UP = max(5.0, SECONDS), 1.0
PEOPLE = 200  # each may write 20 messages a minute and have 20 sockets
OUTSTANDING, SLOW_OUTSTANDING = 16, 2
KITH = {"kith": 1, "kith, two live processes": 2}
OTHERS = {
    "naive, channels_redis": [sys.executable, "-m", "bench.servers.posting", "{port}", "redis", "{database}"],
    "Node ws": ["node", "bench/servers/posting.js", "{port}", "ws", "{database}"],
    "socket.io": ["node", "bench/servers/posting.js", "{port}", "socketio", "{database}"],
}
SOCKETS = {"socket.io": ("/socket.io/?EIO=4&transport=websocket", "40")}
SLOW = {"naive, channels_redis"}  # carries a few messages a second: half of its own is its half load
TABLES = """
CREATE TABLE talk (id int PRIMARY KEY, last_seq bigint NOT NULL);
CREATE TABLE post (id bigserial PRIMARY KEY, talk int NOT NULL REFERENCES talk, seq bigint NOT NULL, text text NOT NULL,
                   posted_on date NOT NULL DEFAULT current_date, UNIQUE (talk, seq));
CREATE TABLE event (id bigserial PRIMARY KEY, talk int NOT NULL REFERENCES talk, seq bigint NOT NULL,
                    kind text NOT NULL, UNIQUE (talk, seq));
INSERT INTO talk VALUES (1, 0);
"""
P99_GOAL, POSTS_GOAL = 0.8, 0.5  # of the best, so of each
Figures = dict[str, dict[int, "Round"]]  # by side and round


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round of one side gave. `busy`: how much of their core readers, writers and whoever else was on it
    needed, at most; 0 where the kernel does not say."""

    posts: float
    p99: float
    busy: float


@dataclass(frozen=True, kw_only=True)
class Target:
    """A running side: where its sockets are, who its readers are, and how a message is posted."""

    name: str
    port: int
    path: str
    hello: str
    headers: str
    how: dict[str, Any]


def run() -> Iterator[Row | str]:
    """Rows, and sentences about what could not be measured."""
    build()
    figures: Figures = defaultdict(dict)
    failed: set[str] = set()
    with sites.filled(people=PEOPLE, posts=0) as kith, sites.database("rivals") as database:
        with psycopg.connect(database) as made:
            made.execute(TABLES)
        for nth in range(ROUNDS):
            half = 0.0
            for name in [*KITH, *OTHERS]:
                try:
                    with _started(name, kith, database) as target:
                        figures[name][nth] = found = _measure(target, half)
                except (Failed, OSError) as error:
                    failed.add(f"{name}: not measured in every round ({error})")
                    if not half:  # there is nothing to take the others' p99 at
                        break
                else:
                    half = half or found.posts / 2
    yield from sorted(failed)
    yield from rows_of(figures)
    yield f"on a machine with a load of {os.getloadavg()[0]:.1f} for {os.cpu_count()} cores"


def rows_of(figures: Figures) -> Iterator[Row]:
    """All rows that there are figures for."""
    for ours in KITH:
        for rival in (*OTHERS, *(one for one in KITH if ours not in (one, "kith"))):
            sides = figures[ours], figures[rival]
            goals = (None, None) if rival in KITH else (P99_GOAL, POSTS_GOAL)
            for figure, words, way, goal in (
                ("p99", "p99 of POST to screen, ms", "at_most", goals[0]),
                ("posts", "posts a second, to every reader", "at_least", goals[1]),
            ):
                kith, other = ({nth: getattr(found, figure) for nth, found in side.items()} for side in sides)
                row = common(
                    name=f"end to end, {ours}: {rival}, {figure}", baseline=rival, metric=words, kith=kith,
                    other=other, rounds=ROUNDS, more=figure == "posts", **{way: goal},
                )  # fmt: skip
                if row:
                    busy = [max(one.busy for one in side.values()) for side in sides]
                    yield under_load(row, kith=busy[0], other=busy[1]) if all(busy) else row


def _measure(target: Target, half: float) -> Round:
    """One round of one side. `half` is half of what Kith carried this round, 0 before that is known. Raises Failed."""
    with _readers(target) as ask:
        outstanding = SLOW_OUTSTANDING if target.name in SLOW else OUTSTANDING
        slow = target.name in SLOW
        seconds, warm_up = (SLOW_SECONDS, SLOW_SECONDS) if slow else (SECONDS, WARM_UP)
        ask("pressure", outstanding, warm_up)  # what is loaded, compiled or connected once
        most = ask("pressure", outstanding, seconds)
        posts = most["delivered"] / most["seconds"] / READERS
        steady = ask("steady", half if half and not slow else posts / 2, seconds)
        busy = max(said["busy"] for said in (most, steady))
        return Round(posts=posts, p99=steady["p99"], busy=round(busy, 2))


@contextlib.contextmanager
def _started(name: str, kith: sites.Filled, database: str) -> Iterator[Target]:
    if name in KITH:
        with sites.served(kith, lives=KITH[name]) as site:
            people = range(len(site.people))
            writers = [site.headers(nth) for nth in people]
            yield Target(
                name=name, port=site.live, path=f"/live{site.thread(0)}?after={_head(kith)}", hello="",
                headers="|".join(f"Cookie: {site.cookies(nth)}\r\n" for nth in people),
                how={
                    "port": site.web, "path": f"{site.thread(0)}posts/", "writers": writers,
                    "body": "text={message}&client_id={id}&face=name&as_it_is=1",
                },
            )  # fmt: skip
        return
    port, (path, hello) = sites.free_port(), SOCKETS.get(name, ("/", ""))
    command = [part.format(port=port, database=database) for part in OTHERS[name]]
    environment = os.environ | NODE_ENV | {"PYTHONPATH": str(BUILT / "python")}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with sites.process(command, environment=environment, log=log):
            sites.wait_for(f"http://127.0.0.1:{port}/", log=log)
            how = {
                "port": port,
                "path": "/post",
                "body": "{message}",
                "writers": [{"Content-Type": "text/plain"}],
            }
            yield Target(name=name, port=port, path=path, hello=hello, headers="", how=how)


def _head(kith: sites.Filled) -> int:
    """The last number of the talk: what was posted in earlier rounds is not asked for again."""
    with psycopg.connect(kith.environment["KITH_DATABASE_URL"]) as rows:
        found = rows.execute(
            "SELECT last_seq FROM chat_thread WHERE public_id = %s", [kith.made["threads"]["0"]]
        )
        return int((found.fetchone() or (0,))[0])


@contextlib.contextmanager
def _readers(target: Target) -> Iterator[Any]:
    """Readers and writers of one side. Gives a function that asks for one kind of load and returns what it said."""
    control = sites.free_port()
    with tempfile.TemporaryDirectory() as folder:
        how, log = Path(folder) / "how", Path(folder) / "log"
        how.write_text(json.dumps(target.how))
        relay = [sys.executable, "-m", "bench.servers.relay", str(control), str(how)]
        with sites.process(relay, core=CORES[1], log=log) as relaying:
            wait_for_ports([control], relaying)
            asked = [str(target.port), str(control), target.path, str(READERS), *filter(None, [target.hello])]
            environment = os.environ | {"ANY_ORDER": "1", "HEADERS": target.headers}
            with subprocess.Popen(
                ["taskset", "-c", CORES[1], str(BUILT / "readers"), *asked], env=environment, cwd=ROOT,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            ) as load:  # fmt: skip
                assert load.stdin and load.stdout and load.stderr
                out, errors = load.stdout, load.stderr
                if out.readline().strip() != "ready":
                    raise Failed(f"{errors.read()[-200:]} {log.read_text()[-300:]}")

                def ask(mode: str, amount: float, seconds: float) -> dict[str, Any]:
                    before = core_so_far(CORES[1])  # PostgreSQL and Redis, too
                    print(mode, amount, seconds, file=load.stdin, flush=True)
                    line, after = out.readline(), core_so_far(CORES[1])
                    said: dict[str, Any] = json.loads(line) if line else {}
                    if not said or is_wrong(mode, said):
                        why = line[:200] or errors.read()[-200:]
                        raise Failed(f"{mode}: {why} {log.read_text()[-300:]}")
                    return said | {"busy": (after[0] - before[0]) / max(1, after[1] - before[1])}

                yield ask
                load.stdin.close()
                if load.wait(90):
                    raise Failed(f"{errors.read()[-200:]} {log.read_text()[-300:]}")
