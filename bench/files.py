"""Making the largest file that is meant to leave: 1,000 people, six rounds of 60 questions, and 200,000 messages that
were read. What is timed is all of it: what may be used, words of others and names out, the bytes, and the check."""

from __future__ import annotations

import datetime as dt
import random
import resource
import time
from collections.abc import Iterator
from typing import Any

from bench import databases
from bench.rows import Row, once, row

PEOPLE, ROUNDS, ITEMS, TALKS, POSTS = 1_000, 6, 60, 400, 200_000
DAYS = 200
SECONDS, MEGABYTES = 60.0, 500.0  # at most


def run() -> Iterator[str | Row]:
    """Each database in a process of its own."""
    return databases.rows_on_both("bench.files")


def lines() -> Iterator[str]:
    """One file, in seconds of one core, with the most memory that the process held."""
    from django.db import connection, transaction

    from core import clock
    from research.enums import ExportTier
    from research.files import pipeline
    from research.files.recipe import Recipe
    from research.files.texts import Reading
    from research.models import Export
    from tests.people import make_group

    with transaction.atomic():
        study = _study(make_group(name="large"), random.Random(5))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself, a little later
    until = clock.today() - dt.timedelta(days=1)
    recipe = Recipe(
        tier=ExportTier.T0,
        last_round=ROUNDS,
        messages=True,
        activity=True,
        quotes=False,
        until=until,
        latest=until,
    )
    export = Export.objects.create(
        study=study, tier=ExportTier.T0, recipe=recipe.as_json(), asked_by=bytes(32)
    )
    before = _peak()
    start = time.process_time()
    read = {one.said.mid: Reading(mark=one.mark, is_read=True) for one in pipeline.to_read(export)}
    first = time.process_time()
    made = pipeline.make(export, reading=read)
    done = time.process_time()
    assert not made.faults
    for metric, found, most in (("s", done - first, SECONDS), ("MB", _peak(), MEGABYTES)):
        one = row(
            name=f"files: the largest, {connection.vendor}, {metric}", baseline=f"{most:.0f} {metric}", metric=metric,
            kith=[found], other=[most], at_most=1, budget=True,
        )  # fmt: skip
        yield (once(one) if metric == "s" else one).line
    yield (
        f"{PEOPLE:,} people x {ROUNDS} rounds x {ITEMS} questions + {POSTS:,} messages: {done - first:.1f} s to make"
        f" and check ({first - start:.1f} s to show what is to be read), {len(made.data) / 1e6:.0f} MB,"
        f" at most {_peak():.0f} MB of memory ({before:.0f} MB before)"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _study(group: Any, dice: random.Random) -> Any:
    from core import clock
    from research import instruments
    from research.models import Instrument
    from tests.research.questions import asking

    options = {"many": [0, 1, 2, 3]}
    codes = [f"q{nth}" for nth in range(ITEMS)]
    words = {"preamble": "", "items": {code: f"Question {code}?" for code in codes},
             "options": {"many": ["No", "Little", "Some", "Much"]}}  # fmt: skip
    licence = {
        "status": "permission",
        "terms": "ours",
        "attribution": "us",
        "evidence": "us",
        "checked_on": "2026-11-29",
    }
    raw = {
        "code": "large", "version": "1", "title": "Large", "citation": {"text": "Us.", "doi": ""}, "licence": licence,
        "validated": False, "distressing": False, "languages": {"en": words}, "options": options, "scoring": [],
        "items": [{"code": code, "type": "choice", "options": "many", "sensitivity": "sensitive"} for code in codes],
        "test_vectors": [],
    }  # fmt: skip
    digest = instruments.of(raw).digest
    Instrument.objects.create(
        code="large", version="1", digest=digest, definition=raw, taken_in_on=clock.today()
    )
    rounds = [
        {"number": nth + 1, "week": nth * 4, "open_days": 14, "instruments": [["large", "1"]]}
        for nth in range(ROUNDS)
    ]
    with clock.held_at(clock.now() - dt.timedelta(days=DAYS)):
        study = asking(group, rounds=rounds)
        _answers(study, group, dice)
        _messages(study, group, dice)
    return study


def _answers(study: Any, group: Any, dice: random.Random) -> None:
    from research.models import Response, WaveTask
    from tests.research.questions import crowd

    crowd(study, group, size=PEOPLE)
    for task in WaveTask.objects.filter(participant__study=study):
        Response.objects.bulk_create(
            Response(task=task, instrument="large", item=f"q{nth}", value=dice.randrange(4), study_day=9)
            for nth in range(ITEMS)
        )


def _messages(study: Any, group: Any, dice: random.Random) -> None:
    from chat.models import Byline, Post
    from community.models import Member, Persona
    from core import clock, ids
    from research.enums import Answer, Item
    from research.models import ConsentDocument, ConsentEvent, Source
    from tests.people import make_thread

    document, today = ConsentDocument.objects.get(study=study), clock.today()
    members = Member.objects.bulk_create(
        Member(group=group, owner_tag=ids.new_secret(), accepted_version=1) for _ in range(PEOPLE)
    )
    personas = Persona.objects.bulk_create(
        Persona(
            member=one,
            group=group,
            handle=f"Large Heron {nth}",
            handle_key=f"large heron {nth}",
            avatar_svg="",
        )
        for nth, one in enumerate(members)
    )
    sources = Source.objects.bulk_create(
        Source(study=study, member=one, key=ids.new_secret(), pid=ids.new_public_id(), since=today)
        for one in members
    )
    ConsentEvent.objects.bulk_create(
        ConsentEvent(study=study, key=one.key, nth=nth, item=item, answer=Answer.GIVEN, document=document, on_day=today)
        for one in sources for nth, item in enumerate((Item.POSTS, Item.ACTIVITY), start=1)
    )  # fmt: skip
    vocabulary = ["".join(dice.choices("aeiounrstlm", k=dice.randint(2, 8))) for _ in range(4_000)]
    for _ in range(TALKS):
        thread = make_thread(group)
        here = Byline.objects.bulk_create(
            Byline(thread=thread, persona=one) for one in dice.sample(personas, 40)
        )
        Post.objects.bulk_create(
            Post(
                thread=thread, byline=dice.choice(here), seq=seq, html="",
                text=" ".join(dice.choices(vocabulary, k=30)),
                posted_on=today + dt.timedelta(days=dice.randrange(DAYS - 1)),
            )
            for seq in range(1, POSTS // TALKS + 1)
        )  # fmt: skip


if __name__ == "__main__":
    databases.measure(lines, name="bench_files")
