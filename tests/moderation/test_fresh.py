"""The parts that an open page of the team puts in place: the same as on the whole page, and cheap for a whole team."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.models import Thread
from moderation.enums import Act
from moderation.models import Case
from moderation.selectors import console
from tests.chat.saying import send
from tests.moderation.judging import claim, decide, report
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast, thread: Thread) -> Case:
    return report(cast.bob, send(cast.alice, thread, "You are lazy.")).case


def part(person: Person, case: Case, *, name: str, where: str = "team_fresh") -> str:
    """One part of the page, without the token of its form."""
    page = person.client.get(reverse(f"moderation:{where}", args=[case.group.public_id])).content.decode()
    found = re.search(rf'<(\w+)[^>]* id="{name}" data-fresh>(.*?)</\1>', page, re.DOTALL)
    assert found
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", found[2])


@pytest.mark.parametrize("name", ["new", "queue"])
def test_they_are_what_the_whole_page_says(cast: Cast, thread: Thread, case: Case, name: str) -> None:
    report(cast.bob, send(cast.alice, thread, "Another one."))
    assert part(cast.mona, case, name=name) == part(cast.mona, case, name=name, where="team")


def test_what_happened_a_moment_ago_is_in_them(cast: Cast, case: Case) -> None:
    assert case.public_id in part(cast.lead, case, name="queue")
    claim(cast.mona, case)
    assert "A colleague has this" in part(cast.lead, case, name="queue")
    assert "Yours until" in part(cast.mona, case, name="queue")
    decide(cast.mona, case, Act.NOTHING)
    assert "Nothing waits" in part(cast.lead, case, name="queue")
    assert "A colleague decided:" in part(cast.lead, case, name="new")


def test_a_colleague_who_asks_in_the_same_second_costs_no_second_reading(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "SHARED", 60.0)
    asked = []
    for person in (cast.mona, cast.lead):
        with CaptureQueriesContext(connection) as queries:
            part(person, case, name="queue")
        asked.append([query["sql"] for query in queries if "moderation_party" in query["sql"]])
    assert [len(found) for found in asked] == [1, 0]
    assert len(queries) <= 14
