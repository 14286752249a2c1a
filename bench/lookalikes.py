"""Counting look-alikes in a group of 50,000: on both databases, in four groups.

In a *sparse* group a quarter show two or three details each; in a *dense* one everybody shows four. The one who asks
shows five. In a *full* one everybody shows all kinds there are, and so does the one who asks; in the *worst* one they
all say the same, but for the last kind, so that nobody is alike. What is timed is all that the question adds to a page:
its statements, and what is weighed from them. A row sets that beside the 20 ms it may take.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from bench import databases
from bench.rows import Row, row

MEMBERS = 50_000
ROUNDS = 21
ALL = 99
AT_MOST = 20.0  # ms
WORLDS = {
    "sparse": (0.25, (2, 3), 5),
    "dense": (1.0, (4, 4), 5),
    "full": (1.0, (ALL, ALL), ALL),
    "worst": (1.0, (0, 0), ALL),
}


def run() -> Iterator[str | Row]:
    """Each database in a process of its own."""
    return databases.rows_on_both("bench.lookalikes")


def _one_world(world: str) -> Iterator[str]:
    from django.db import connection

    from community import meter
    from community.enums import Audience
    from community.models import Disclosure, Member, Persona
    from tests.people import make_group

    group = make_group(name=world)
    share, counts, asked = WORLDS[world]
    mine = _details(random.Random(1), asked)
    last = max(detail.kind for detail in mine)
    same = (
        [replace(one, path="other/") if one.kind == last else one for one in mine] if world == "worst" else []
    )
    _fill(group, share, counts, same)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE community_disclosure")
            cursor.execute("VACUUM ANALYZE community_persona")
    me = Member.objects.filter(group=group).first()
    assert me is not None
    times, bare = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = meter.read(member=me, details=mine, asker_sees=(Audience.GROUP,))
        between = time.perf_counter()
        Persona.objects.filter(group=group, is_current=True).count()
        times.append(between - began)
        bare.append(time.perf_counter() - between)
    assert found is not None
    rows = Disclosure.objects.filter(group=group).count()
    middle, base = statistics.median(times), statistics.median(bare)
    beside = row(
        name=f"look-alikes: {world}, {MEMBERS:,} members, {connection.vendor}", baseline="what it may take",
        metric="ms a look", kith=[1000 * each for each in times], other=[AT_MOST] * ROUNDS, at_most=1.0, budget=True,
    )  # fmt: skip
    yield beside.line
    yield (
        f"{world}, {MEMBERS:,} members, {rows:,} details: {min(times) * 1000:.1f} ms at best, "
        f"{middle * 1000:.1f} in the middle, {middle / base:.1f} times a bare count of the names; "
        f"the answer was: {found.could_be}"
    )


def _details(chance: random.Random, count: int) -> list:
    from community import fact_kinds
    from community.enums import Audience
    from community.selectors.disclosures import Detail

    kinds = [kind for kind in fact_kinds.kinds().values() if kind.is_counted]
    found = []
    for kind in chance.sample(kinds, min(count, len(kinds))):
        value = chance.choice(list(getattr(kind, "values", None) or map(str, range(1950, 2006))))
        step = chance.choice(kind.steps(value))
        found.append(Detail(kind=kind.code, level=step.level, audience=Audience.GROUP, path=step.path))
    return found


def _fill(group, share: float, counts: tuple[int, int], same: list) -> None:
    from community.models import Disclosure, Member, Persona
    from core import ids

    chance = random.Random(2)
    picture = "<svg/>" + "x" * 1700  # a face is about as long
    members = [Member(group=group, owner_tag=ids.new_secret(), accepted_version=1) for _ in range(MEMBERS)]
    Member.objects.bulk_create(members, batch_size=2000)
    Persona.objects.bulk_create(
        (
            Persona(
                member=one, group=group, handle=f"N{n}", handle_key=f"{group.pk}{n}"[-40:], avatar_svg=picture
            )
            for n, one in enumerate(members)
        ),
        batch_size=2000,
    )
    rows = (
        Disclosure(
            member=one,
            group=group,
            kind=detail.kind,
            level=detail.level,
            audience=detail.audience,
            path=detail.path,
        )
        for one in members
        if chance.random() < share
        for detail in same or _details(chance, chance.randint(*counts))
    )
    Disclosure.objects.bulk_create(rows, batch_size=2000)


if __name__ == "__main__":
    databases.measure(lambda: chain.from_iterable(map(_one_world, WORLDS)), name="kith_bench_lookalikes")
