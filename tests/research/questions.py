"""A study that asks questions, and members who answer them as their browser does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from community.models import Group
from core import clock, ids
from research.actions import waves
from research.enums import Answer, Item
from research.models import ConsentDocument, ConsentEvent, Participant, Study
from tests.people import Person, sign_in
from tests.research.consenting import open_study, say

SETS = [["bad_moments", "1"], ["brought", "1"]]  # pages: 4 and 2 questions, a calm one, 4 and 3 questions
WAVES: list[dict[str, Any]] = [
    {"number": 1, "week": 0, "open_days": 14, "instruments": SETS},
    {"number": 2, "week": 4, "open_days": 7, "instruments": [["outcomes6", "1"]]},
]
CALM, LAST, END = 3, 5, 6  # pages of the first round, as they are numbered on screen


@transaction.atomic
def asking(*groups: Group, rounds: list[dict[str, Any]] = WAVES, **more: Any) -> Study:
    """A study that people can say yes to, with its rounds frozen."""
    study = open_study(*groups, waves=rounds, **more)
    waves.prepare(study=study, settings={"waves": rounds})
    return study


def joined(who: Person, group: Group, study: Study) -> Participant:
    """Somebody says yes to questions, and to nothing else."""
    found = say(who, group, study, {Item.SURVEYS: True}).participant
    assert found is not None
    return found


def crowd(study: Study, group: Group, *, size: int, **more: Any) -> list[Participant]:
    """Many who said yes to questions today, without an account; each with their rounds."""
    document = ConsentDocument.objects.get(study=study, version=study.consent_version)
    people = Participant.objects.bulk_create(
        Participant(
            study=study,
            group=group,
            key=ids.new_secret(),
            pid=ids.new_public_id(),
            since=clock.today(),
            **more,
        )
        for _ in range(size)
    )
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            study=study, key=one.key, nth=1, item=Item.SURVEYS, answer=Answer.GIVEN, document=document,
            on_day=clock.today(),
        )
        for one in people
    )  # fmt: skip
    for one in people:
        waves.begin(participant=one, on=clock.today())
    return people


def at(group: Group, study: Study, number: int = 1) -> str:
    return reverse("research:questions", args=[group.public_id, study.public_id, number])


def send(
    who: Person, url: str, page: int = 1, then: str = "on", given: dict[str, Any] | None = None
) -> HttpResponse:
    """Press a button of one page."""
    answers = {f"q-{code}": str(value) for code, value in (given or {}).items()}
    return who.client.post(url, {"page": str(page), "then": then, **answers})


@contextmanager
def in_days(days: int, *people: Person) -> Iterator[None]:
    """The clock, so many days on; who had a session signs in again."""
    with clock.held_at(clock.now() + dt.timedelta(days=days)):
        for one in people:
            sign_in(one.client, one.account, one.secret, strong=one.strong)
        yield
