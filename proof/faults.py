"""Faults: whatever is killed, held or cut, every acknowledged post stands once, in order, on every reader's screen.

Real processes, as docker-compose.yml starts them: web, two live processes and the worker on a PostgreSQL and a Redis of
their own; and all in one on SQLite. Members write and read over real connections while one thing after another breaks
(tests/faults/kinds.py). After each, what was broken is started again, and from then on it is counted until every reader
has a post that was written since. At the end the rows of the talk, what was acknowledged and every page that stood on a
screen are held against each other. Clock steps and a full disk are not among the faults here: tests/faults has both,
within one process.
"""

from __future__ import annotations

import contextlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from chat.selectors.posts import PAGE
from proof.harness import Defence, Result, none_found, swapped
from tests import rotation
from tests.browser import sites
from tests.browser.sites import Site
from tests.faults import cluster, kinds, watching
from tests.faults.kinds import HEALED, Kinds
from tests.faults.lines import Line
from tests.faults.watching import Reader, Writer, talks

LONGEST = 90.0
WRITERS, READERS, NARROW = 6, 8, 2
AMOUNTS = {"small": 3, "full": 60}  # faults in each of the two worlds
POSTS_EACH = {"small": 0, "full": 170}  # at least, from one fault to the next: above 20,000 in both worlds
PAUSES = {"small": 0.05, "full": 0.0}  # seconds between two posts of one writer, at the middle
ALWAYS = "line 0 cut"  # in small too: without it nobody would come back
POSTS = """
import json
from chat.models import Post
print("|" + json.dumps(list(Post.objects.order_by("seq").values_list("public_id", "text"))))
"""
SETTINGS = {"DJANGO_SETTINGS_MODULE": "proof.hurried"}  # of the processes that are started


@dataclass(frozen=True)
class Healing:
    """How long it took after one fault."""

    kind: str
    seconds: float
    goal: float
    posts: int  # acknowledged by then


@dataclass
class World:
    """A running site, and the ways to break it."""

    site: Site
    faults: Kinds
    readers: list[Reader] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)
    healings: list[Healing] = field(default_factory=list)

    def begin(self, *, pause: float) -> None:
        found = talks(self.site, count=WRITERS + READERS)
        self.readers = [Reader(talk=talk, narrow=n < NARROW) for n, talk in enumerate(found[WRITERS:])]
        self.writers = [Writer(talk=talk, seed=n, pause=pause) for n, talk in enumerate(found[:WRITERS])]
        self.faults |= kinds.of_people(self.readers, self.writers)
        for one in [*self.readers, *self.writers]:
            one.start()

    def break_and_mend(self, name: str, *, dice: random.Random) -> None:
        """One fault, and how long it takes until all have what was written after it."""
        kind = self.faults[name]
        mend = kind.begin()
        time.sleep(dice.uniform(*kind.seconds))
        mend()
        began, before = time.monotonic(), self._last()
        while time.monotonic() - began < LONGEST:
            if self._last() > before and all(reader.seen > before for reader in self.readers):
                break
            time.sleep(0.05)
        healing = Healing(name, time.monotonic() - began, kind.healed, self.posts)
        self.healings.append(healing)

    @property
    def posts(self) -> int:
        return sum(len(writer.acknowledged) for writer in self.writers)

    def write_on(self, *, until: int) -> None:
        """Nothing breaks until so many posts are acknowledged."""
        began = time.monotonic()
        while time.monotonic() - began < LONGEST:
            if self.posts >= until:
                break
            time.sleep(0.05)

    def end(self) -> None:
        """No more is written; readers have a while for what is on its way."""
        for writer in self.writers:
            writer.over.set()
        for writer in self.writers:
            writer.join(LONGEST)
        began = time.monotonic()
        while time.monotonic() - began < LONGEST and any(
            reader.seen < self._last() for reader in self.readers
        ):
            time.sleep(0.1)
        for reader in self.readers:
            reader.over.set()
        for reader in self.readers:
            reader.join(LONGEST)

    def _last(self) -> int:
        return max((seq for writer in self.writers for seq in list(writer.acknowledged.values())), default=0)


def prove(size: str) -> Iterator[Result]:
    """Both worlds; the real one where its programs are there, and in small only that one."""
    if size == "full" or not cluster.is_here():
        yield from _all_in_one(size)
    if cluster.is_here():
        with tempfile.TemporaryDirectory() as folder:
            yield from _in(size, "web, live and worker, PostgreSQL and Redis", _real(Path(folder)))


def _all_in_one(size: str) -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _in(size, "all in one, SQLite", _embedded(Path(folder)))


def _in(size: str, name: str, opened: contextlib.AbstractContextManager[World]) -> Iterator[Result]:
    dice, amount = random.Random(11), AMOUNTS[size]
    with opened as world:
        world.begin(pause=PAUSES[size])
        time.sleep(2)
        chosen = todays(world.faults, amount=amount) if size == "small" else sorted(world.faults)
        for number in range(amount):
            world.break_and_mend(chosen[number % len(chosen)], dice=dice)
            world.write_on(until=POSTS_EACH[size] * (number + 1))
        world.end()
        stored = [tuple(row) for row in json.loads(world.site.script(POSTS).partition("|")[2])]
    yield from held_against(name, world, stored)


def todays(faults: Kinds, *, amount: int) -> list[str]:
    """One kind always, and the others in turns: so many of them each time that it is this proof's day."""
    others = sorted(faults.keys() - {ALWAYS})
    first = rotation.TODAY // 3 * (amount - 1)
    return [ALWAYS, *(others[(first + n) % len(others)] for n in range(amount - 1))]


def held_against(name: str, world: World, stored: list[tuple[str, str]]) -> Iterator[Result]:
    """The rows, what was acknowledged and what stood on screens."""
    order, texts = [pid for pid, _ in stored], [text for _, text in stored]
    acknowledged = {pid: seq for writer in world.writers for pid, seq in writer.acknowledged.items()}
    lost = len(acknowledged.keys() - set(order))
    doubled = len(texts) - len(set(texts)) + sum(writer.twice for writer in world.writers)
    out_of_order = sum(
        acknowledged[pid] != number + 1 for number, pid in enumerate(order) if pid in acknowledged
    )
    back = sum(reader.came_back for reader in world.readers)
    run = {healing.kind for healing in world.healings}
    promise = (
        f"{name}: {len(world.healings)} faults of {len(run)} kinds ({len(world.faults)} there are), "
        f"{len(acknowledged)} posts acknowledged, {back} times back with a ticket"
    )
    yield none_found(
        f"{promise}; lost, doubled or out of order",
        tried=len(acknowledged),
        found=lost + doubled + out_of_order,
        part=f"{name}, posts",
    )
    pages = [page for reader in world.readers for page in reader.pages]
    yield none_found(
        f"{promise}; pages on {len(world.readers)} screens, from loaded to left, that show anything else, "
        "and events told again",
        tried=len(pages),
        found=sum(wrong_on(reader, order) for reader in world.readers),
        part=f"{name}, screens",
    )
    yield from _healed(name, world)


def wrong_on(reader: Reader, order: list[str]) -> int:
    """Pages of a reader that are not what they should be, and what was told again over one connection."""
    last = reader.pages[-1] if reader.pages else None
    right = [page.is_right(order, newest=PAGE, is_last=page is last) for page in reader.pages]
    return right.count(False) + (last is None) + reader.again


def _healed(name: str, world: World) -> Iterator[Result]:
    """Until all have what was written since: a row for what the server can heal, and one for a line that only the page
    can find broken, by its silence."""
    for goal in sorted({healing.goal for healing in world.healings}):
        found = [healing for healing in world.healings if healing.goal == goal]
        slowest = max(found, key=lambda healing: healing.seconds)
        only = "" if goal == HEALED else f", {kinds.UNHEARD}"
        yield Result(
            promise=f"{name}: until everybody has a post that was written after what broke is back{only}",
            tried=len(found), found=f"{slowest.seconds:.1f} s at most ({slowest.kind})", goal=f"{goal:.0f} s",
            holds=slowest.seconds <= goal, part=f"{name}, healing{only}",
        )  # fmt: skip


@contextmanager
def _embedded(folder: Path) -> Iterator[World]:
    with sites.embedded(folder, **SETTINGS) as site:
        yield World(site, kinds.of_processes(site, ["process"]) | kinds.of_fronts(site))


@contextmanager
def _real(folder: Path) -> Iterator[World]:
    with cluster.running(folder) as own:
        urls = own.postgres_url, own.redis_url
        lines = [Line(urlsplit(url).port or 0) for url in urls]
        through = [_through(url, line) for url, line in zip(urls, lines, strict=True)]
        with sites.real(folder, servers_at=(through[0], through[1]), **SETTINGS) as site:
            faults = kinds.of_processes(site, ["web", "live 1", "live 2", "worker"]) | kinds.of_servers(own)
            for name, line in zip(("PostgreSQL", "Redis"), lines, strict=True):
                faults |= kinds.of_line(f"the line to {name}", [line], delay=0.05)
            yield World(site, faults | kinds.of_fronts(site))


def _through(url: str, line: Line) -> str:
    return url.replace(f":{urlsplit(url).port}/", f":{line.port}/")


DEFENCES = [
    Defence(
        name="whoever comes back gets what they missed",
        off=swapped(sys.modules[__name__], "SETTINGS", {"DJANGO_SETTINGS_MODULE": "proof.forgetful"}),
    ),
    Defence(name="a repeat has the client id of the first", off=swapped(watching, "KEEPS_ID", False)),
]
