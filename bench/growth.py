"""Pages of a place that has grown beside the same pages of a small one, in one database: on both databases.

The small group has 10 members and 100 messages in 20 talks, most of them in the one that is looked at, so that its
page is as long; the large one 100,000 members and 1,000,000 messages (on SQLite a tenth) in as many talks, written
under 200 names each. The same person looks at both, in turn; home is that of somebody who is only in the one or only
in the other. Groups are put in afterwards, 10,000 of them. What is timed is a whole request by the clock, the
database's part in it; EXPLAIN says what PostgreSQL does for the slowest question. The number of questions for each page
is to be the same for both.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bench import databases
from bench.rows import Row, row

if TYPE_CHECKING:
    from community.models import Group
    from tests.people import Person

POSTS = int(os.environ.get("KITH_BENCH_POSTS", "1000000"))
ROUNDS = 7
LOOKS = 9  # at each page in a round
TALKS, WRITERS = 20, 200
TEN, HUNDRED, GROUPS = 10, 100, 10_000  # groups there are; a hundred fill the list's first page
AT_MOST = 1.1


def run() -> Iterator[str | Row]:
    """Each database in a process of its own."""
    return databases.rows_on_both("bench.growth")


def _lines() -> Iterator[str]:
    from django.db import connection

    from tests.people import make_people

    posts = POSTS if connection.vendor == "postgresql" else POSTS // 10
    ann, bob, carl = make_people({"ann": False, "bob": False, "carl": False}).values()
    small, few = _grown("small", members=10, posts=100, people=[ann, bob])
    large, many = _grown("large", members=posts // 10, posts=posts, people=[ann, carl])
    _settle()
    pages = {
        "a talk at its end": (
            f"/g/{small.public_id}/t/{few}/?newest",
            f"/g/{large.public_id}/t/{many}/?newest",
        ),
        "a talk in the middle": (
            f"/g/{small.public_id}/t/{few}/?around=30",
            f"/g/{large.public_id}/t/{many}/?around={posts // TALKS // 2}",
        ),
        "a group": (f"/g/{small.public_id}/", f"/g/{large.public_id}/"),
    }
    size = f"{posts:,} messages"
    for name, (ours, theirs) in pages.items():
        yield _row(name, size, _looks(ann, ours), _looks(ann, theirs))
        yield _same(name, size, _asked(ann, ours), _asked(ann, theirs))
    yield _row("home", size, _looks(bob, "/home/"), _looks(carl, "/home/"))
    yield _same("home", size, _asked(bob, "/home/"), _asked(carl, "/home/"))
    yield from _slowest(ann, pages["a group"][1])
    yield from _with_groups(bob)


def _with_groups(person: Person) -> Iterator[str]:
    """Groups cannot be taken away again, so these rounds do not take turns."""
    before = {}
    for urls, many in ((("/home/", "/groups/"), TEN), (("/groups/",), HUNDRED)):
        _groups_up_to(many)
        for url in urls:
            before[url, many] = _times(_looks(person, url)), _asked(person, url)
    _groups_up_to(GROUPS)
    for (url, many), (times, asked) in before.items():
        name, size, baseline = url.strip("/"), f"{GROUPS:,} groups", f"with {many} groups"
        name = f"{name}, a full page" if many == HUNDRED else name
        yield _said(name, size, baseline, times, _times(_looks(person, url)))
        yield _same(name, size, asked, _asked(person, url), baseline)


def _groups_up_to(many: int) -> None:
    from community.enums import GroupKind, Visibility
    from community.models import Charter, Group
    from core import clock

    made = Group.objects.bulk_create(
        Group(name=f"group {n}", kind=GroupKind.CONDITION, visibility=Visibility.CLOSED, summary="About it.")
        for n in range(Group.objects.count(), many)
    )
    Charter.objects.bulk_create(
        Charter(group=group, version=1, purpose="To talk.", published_on=clock.today()) for group in made
    )
    _settle()


def _looks(person: Person, url: str) -> Callable[[], float]:
    """One look at a page, in seconds; the first is not counted."""

    def look() -> float:
        began = time.perf_counter()
        assert person.client.get(url).status_code == 200, url
        return time.perf_counter() - began

    look()
    return look


def _times(look: Callable[[], float]) -> list[float]:
    return [statistics.median(look() for _ in range(LOOKS)) for _ in range(ROUNDS)]


def _row(name: str, size: str, small: Callable[[], float], large: Callable[[], float]) -> str:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(statistics.median(small() for _ in range(LOOKS)))
        ours.append(statistics.median(large() for _ in range(LOOKS)))
    return _said(name, size, "with 100 messages", theirs, ours)


def _asked(person: Person, url: str) -> int:
    """How many questions to the database a page is made of."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert person.client.get(url).status_code == 200, url
    return len(asked)


def _same(name: str, size: str, small: int, large: int, baseline: str = "with 100 messages") -> str:
    """Fewer would not be the same, either: then the two pages are not alike."""
    from django.db import connection

    found = row(
        name=f"growth: {name}, {size}, {connection.vendor}: queries", baseline=baseline, metric="queries",
        kith=[float(large)], other=[float(small)], at_most=1,
    )  # fmt: skip
    return replace(found, holds=large == small).line


def _said(name: str, size: str, baseline: str, small: list[float], large: list[float]) -> str:
    from django.db import connection

    found = row(
        name=f"growth: {name}, {size}, {connection.vendor}", baseline=baseline, metric="ms a page",
        kith=[1000 * each for each in large], other=[1000 * each for each in small], at_most=AT_MOST,
    )  # fmt: skip
    return found.line


def _grown(name: str, *, members: int, posts: int, people: list[Person]) -> tuple[Group, str]:
    """A group with so many in it, and the public id of its first talk."""
    from chat.models import Byline, Post, Thread
    from community.models import Member, Persona
    from core import ids
    from tests.people import add, make_group

    group = make_group(name=name)
    for person in people:
        add(person, group, handle=f"{name} {person.account.username}")
    rows = Member.objects.bulk_create(
        Member(group=group, owner_tag=ids.new_secret(), accepted_version=1) for _ in range(members)
    )
    names = Persona.objects.bulk_create(
        Persona(member=one, group=group, handle=f"{name} {n}", handle_key=f"{name}{n}", avatar_svg="<svg/>")
        for n, one in enumerate(rows)
    )
    each = 2 if posts < 1000 else posts // TALKS
    sizes = [posts - each * (TALKS - 1)] + [each] * (TALKS - 1)
    talks = Thread.objects.bulk_create(
        Thread(group=group, title="A talk", ask="advice_welcome", activity=n, last_seq=size, is_answered=True)
        for n, size in enumerate(sizes)
    )
    signed = [Byline(thread=talk, persona=one) for talk in talks for one in names[:WRITERS]]
    bylines = Byline.objects.bulk_create(signed)
    of_talk = {talk.pk: [one for one in bylines if one.thread_id == talk.pk] for talk in talks}
    for talk, size in zip(talks, sizes, strict=True):
        for start in range(1, size + 1, 20_000):
            Post.objects.bulk_create(
                Post(
                    thread=talk, byline=of_talk[talk.pk][seq % len(of_talk[talk.pk])], seq=seq,
                    text="Hello.", html="<p>Hello.</p>",
                )
                for seq in range(start, min(start + 20_000, size + 1))
            )  # fmt: skip
    return group, talks[0].public_id


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _slowest(person: Person, url: str) -> Iterator[str]:
    """The question of a page that takes longest, and what PostgreSQL does for it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        person.client.get(url)
        found: list[dict[str, Any]] = list(asked.captured_queries)
    yield f"{len(found)} questions for a group's page"
    if connection.vendor != "postgresql":
        return
    slow = max(found, key=lambda one: float(one["time"]))
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + slow["sql"])
        for (line,) in cursor.fetchall():
            yield f"  {line}"


if __name__ == "__main__":
    databases.measure(_lines, name="test_kith_bench_growth")
