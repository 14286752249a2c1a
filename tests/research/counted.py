"""A study whose rounds can be counted: people with answers and messages, without an account each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.models import Account
from chat.models import Byline, Post, Thread
from community.enums import Role
from community.models import Group, Persona
from core import clock, ids
from research.actions import studies, tallies, waves
from research.enums import Answer, Item
from research.measured import Measure, of_key
from research.models import Arm, ConsentDocument, ConsentEvent, Participant, Response, Source, Study, Tally
from research.selectors import instruments
from tests.people import Person, add_all
from tests.research.questions import crowd, in_days
from tests.research.studies import Team, make_study

ROUNDS: list[dict[str, Any]] = [
    {"number": 1, "week": 0, "open_days": 14, "instruments": [["heard", "1"], ["bad_moments", "1"]]},
    {"number": 2, "week": 4, "open_days": 7, "instruments": [["heard", "1"], ["bad_moments", "1"]]},
]
ARMS = [
    {"code": code, "title": code, "policy": policy, "weight": 1}
    for code, policy in (("A", {}), ("B", {"what_matters": "shown"}))
]
OVER, ALL_OVER = 28, 42  # days after which the first round is counted, and both


def counted_study(group: Group, lead: Person, *others: tuple[Group, Person], **more: Any) -> Team:
    """A study that takes people, with its rounds."""
    team = make_study((group, lead), *others, waves=ROUNDS, **more)
    waves.prepare(study=team.study, settings={"waves": ROUNDS})
    return team


def people(
    study: Study, group: Group, *, size: int, score: int, number: int = 1, arm: Arm | None = None
) -> list[Participant]:
    """So many who said yes to questions, and gave every one of a round's the same answer."""
    found = crowd(study, group, size=size, arm=arm)
    answer(found, number=number, score=score)
    return found


def answer(found: Sequence[Participant], *, number: int, score: int) -> None:
    """Each of them answers a round, on its first day."""
    questions = instruments.named(code="heard", version="1").questions
    Response.objects.bulk_create(
        Response(
            task=task, instrument="heard", item=question.code, value=score,
            study_day=(task.opens_on - one.since).days,
        )
        for one in found
        for task in one.tasks.filter(wave__number=number)
        for question in questions
    )  # fmt: skip


def writers(
    study: Study, group: Group, *, size: int, items: Sequence[Item] = (Item.ACTIVITY, Item.POSTS)
) -> list[Source]:
    """So many members whose messages may be counted and read from today on."""
    document = ConsentDocument.objects.get(study=study, version=study.consent_version)
    people = [
        Person(account=Account(), secret=ids.new_secret(), client=None)  # type: ignore[arg-type]  # no browser
        for _ in range(size)
    ]
    members = add_all([(one, group, f"Grey Heron {ids.new_public_id()}", Role.MEMBER) for one in people])
    found = Source.objects.bulk_create(
        Source(study=study, member=one, key=ids.new_secret(), pid=ids.new_public_id(), since=clock.today())
        for one in members
    )
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            study=study,
            key=one.key,
            nth=nth,
            item=item,
            answer=Answer.GIVEN,
            document=document,
            on_day=clock.today(),
        )
        for one in found
        for nth, item in enumerate(items, 1)
    )
    return found


def wrote(source: Source, thread: Thread, *, day: int = 0) -> Post:
    """A message of one of them, so many days after their first."""
    assert source.member is not None
    persona = Persona.objects.get(member=source.member)
    byline, _is_new = Byline.objects.get_or_create(thread=thread, persona=persona)
    with in_days(day):
        return Post.objects.create(
            thread=thread,
            byline=byline,
            seq=Post.objects.filter(thread=thread).count() + 1,
            text="x",
            html="x",
        )


def counted(team: Team, *, after: int) -> dict[int, dict[Measure, list[list[Any]]]]:
    """Take nobody new, let so many days pass and the duty run: what is stored, by round and measure."""
    if team.study.state == "inviting":
        studies.take_nobody_new(desk=team.desk())
        team.study.refresh_from_db()
    with in_days(after):
        tallies.count_what_is_over()
    found: dict[int, dict[Measure, list[list[Any]]]] = {}
    for row in Tally.objects.filter(study=team.study).select_related("wave"):
        found.setdefault(row.wave.number, {})[of_key(row.measure)] = sorted(row.shown)
    return found
