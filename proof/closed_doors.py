"""Hidden, missing and forbidden: whoever may not be somewhere cannot tell whether there is anything at all."""

from __future__ import annotations

import gc
import math
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from community.enums import Visibility
from community.errors import NotHere
from community.models import Group
from community.selectors import here as places
from core import ids
from proof.harness import Defence, Result, none_found, swapped
from proof.measures import auc

DOORS = {"about", "join", "ask", "names", "record"}  # what strangers may see of a group that is not hidden
OWN = {
    "copy",
    "leave",
    "mine",
    "quotes",
}  # theirs stays theirs, also in a study, and for whom a limit keeps out
ROUNDS, OF_EACH = 2000, 5  # an attacker asks several times and keeps the fastest answer
GROUPS = 20  # hidden ones, and as many addresses of none: that one address is a little faster tells nothing
QUIET = 0.8  # of the rounds: in the others the machine was busy with something else
INJECTED = 0.0003  # seconds
GOAL, FOUND_AT = 0.53, 0.6


@dataclass(frozen=True, kw_only=True)
class Seen:
    """All that comes back, and what was asked of the database for it."""

    status: int
    headers: str
    body: bytes
    queries: tuple[str, ...]


def prove(size: str) -> Iterator[Result]:
    """Every address inside a group, read and written to, by everyone who may not; in full, also how long it takes."""
    from tests.people import make_cast

    cast = make_cast()
    outsiders = {"olga": cast.olga.client, "ned": cast.ned.client, "nobody": cast.nobody}
    tried = told = 0
    for route, names in _inside():
        for client in outsiders.values():
            rooms = [cast.cellar] if route.split("/")[3] in DOORS else [cast.cellar, cast.harbour]
            tried += len(rooms) * 2
            told += sum(_tells(client, route, names, room) for room in rooms)
        if route.split("/")[3] not in DOORS and not OWN & set(route.split("/")[3:6]):
            tried += 2
            told += _tells(cast.barred.client, route, names, cast.harbour)
        if told and size == "small":
            break
    promise = "a hidden, a missing and a forbidden page give the same status, headers, body and queries"
    yield none_found(promise, tried=tried, found=told, part="bytes and queries")
    if size == "full":
        yield _timing(cast.olga.client)


def _inside() -> list[tuple[str, list[str]]]:
    """The routes of everything in a group, with the names of their parts."""
    found = []
    for route in routes(get_resolver().url_patterns):
        names = names_in(route)
        if route.startswith("g/") and names:
            found.append((f"/{route}", names))
    return found


def names_in(route: str) -> list[str]:
    """The names of a route's parts."""
    return re.findall(r"<\w+:(\w+)>", route)


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address there is."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def _tells(client: Client, route: str, names: list[str], room: Group) -> bool:
    """Whether this group answers otherwise than one that never was, to a look and to a form."""
    parts = {name: ids.new_public_id() for name in names}
    inside = {name: _real(name, room) or parts[name] for name in names}
    return any(
        _look(client, method, fill(route, inside), inside) != _look(client, method, fill(route, parts), parts)
        for method in ("get", "post")
    )


def _real(name: str, room: Group) -> str:
    if name == "gid":
        return room.public_id
    if name == "tid":
        thread = room.threads.first() or room.threads.create(title="A thread", ask="advice_welcome")
        return str(thread.public_id)
    return ""


def fill(route: str, parts: dict[str, str]) -> str:
    """An address with its parts filled in."""
    return re.sub(r"<(\w+):(\w+)>", lambda found: "1" if found[1] == "int" else parts[found[2]], route)


def _look(client: Client, method: str, address: str, parts: dict[str, str]) -> Seen:
    asked: list[str] = []

    def listen(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        answer = getattr(client, method)(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = repr(sorted(answer.headers.items()))
    for number, part in enumerate(parts.values()):
        body, headers = body.replace(part.encode(), b"%d" % number), headers.replace(part, str(number))
    body = re.sub(rb'(name="csrfmiddlewaretoken" value=)"\w+"', rb"\1", body)
    return Seen(status=answer.status_code, headers=headers, body=body, queries=tuple(asked))


def _timing(client: Client) -> Result:
    """A classifier on the time of interleaved requests: hidden against missing, and with a delay put in.

    With SQLite the whole answer is made in this thread, so that its own processor time is what is measured: that
    leaves out what else the machine does, and would leave out waiting for a disk. With PostgreSQL it is the clock.
    """
    from tests.people import make_group

    hidden = [make_group(name=f"hidden{number}", visibility=Visibility.HIDDEN) for number in range(GROUPS)]
    trios = [[room.public_id, ids.new_public_id(), ids.new_public_id()] for room in hidden]
    for name in [name for trio in trios * 10 for name in trio]:
        client.get(f"/g/{name}/")
    gc.freeze()  # so that tidying up between rounds is quick
    rounds = [_fastest(client, trios[number % GROUPS]) for number in range(ROUNDS)]
    gc.unfreeze()
    quiet = sorted(rounds, key=sum)[: int(ROUNDS * QUIET)]
    drifts = [
        sum(fastest) / len(fastest) for fastest in quiet
    ]  # fast and slow moments: an attacker takes them out
    there, never, slowed = (
        [fastest[number] - drift for fastest, drift in zip(quiet, drifts, strict=True)] for number in range(3)
    )
    plain, planted = auc(there, never), auc(slowed, never)
    plain = max(plain, 1 - plain)
    return Result(
        promise="the time of the answer does not tell a hidden group from a missing one",
        tried=len(quiet),
        found=f"AUC {plain:.3f}; with 0.3 ms put in {planted:.3f}",
        goal=f"AUC ≤ {GOAL}; with 0.3 ms put in ≥ {FOUND_AT}",
        holds=plain <= GOAL and planted >= FOUND_AT,
        part="time",
    )


def _fastest(client: Client, trio: list[str]) -> list[float]:
    """The fastest of several answers for a hidden group, for none, and for none with a delay, in turns by lot."""
    gc.collect()
    gc.disable()
    fastest = [math.inf] * 3
    for _ in range(OF_EACH):
        for number in random.sample(range(3), 3):
            taken = _seconds(client, f"/g/{trio[number]}/", wait=INJECTED if number == 2 else 0.0)
            fastest[number] = min(fastest[number], taken)
    gc.enable()
    return fastest


def _seconds(client: Client, address: str, *, wait: float) -> float:
    now = time.thread_time if connection.vendor == "sqlite" else time.perf_counter
    started = now()
    client.get(address)
    until = now() + wait
    while now() < until:
        pass
    return now() - started


def _asks_first_whether_the_group_exists(*, owner_tag: bytes, strong: bool) -> places.Here:
    members = places.Member.objects.filter(owner_tag=owner_tag).select_related("group")
    if not members.exists():
        raise NotHere
    return _find(owner_tag=owner_tag, strong=strong)


_find = places.find
DEFENCES = [
    Defence(
        name="the same two queries for everyone",
        off=swapped(places, "find", _asks_first_whether_the_group_exists),
    )
]
