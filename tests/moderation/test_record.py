"""The public record and the report: what was decided, for everybody, and nothing that tells whom it was about."""

from __future__ import annotations

import datetime as dt
import random
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.actions import append, erase_words
from audit.models import AuditEntry
from community.models import Group
from core import clock
from moderation.selectors import record
from tests.people import Cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 15, 12, tzinfo=dt.UTC)


def act(group: Group, day: dt.date, name: str, *, ref: str = "", **said: Any) -> None:
    """One act on a group's record, on a day."""
    with clock.held_at(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)), transaction.atomic():
        append(scope=group.public_id, act=name, actor_role="moderation team", ref=ref, payload=said)


def decide(group: Group, day: dt.date, what: str = "hide", **more: Any) -> None:
    said = {
        "act": what,
        "scope": "message",
        "rule": "kind",
        "days": None,
        "by machine": False,
        "alone": False,
    }
    act(group, day, f"decision {what}", **({"ref": f"r{random.random():.12f}"} | said | more))


def page(group: Group) -> str:
    with clock.held_at(NOW):
        answer = Client().get(reverse("moderation:record", args=[group.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def listed(group: Group) -> str:
    """What the page says was decided."""
    return (
        page(group).split('<section aria-labelledby="why">')[0].split("Last checked")[-1].split('"note"')[-1]
    )


def quarters(group: Group) -> list[str]:
    return re.findall(r"/record/([\d-]+)/", page(group))


def counts(group: Group, first: dt.date, *, form: str = "") -> str:
    with clock.held_at(NOW):
        url = reverse("moderation:report_of_a_quarter", args=[group.public_id, first.isoformat()])
        answer = Client().get(url + form)
    assert answer.status_code == 200
    return answer.content.decode()


def test_strangers_read_it_where_they_may_see_the_group(cast: Cast) -> None:
    assert "The record is intact" in page(cast.harbour)
    for gid in (cast.cellar.public_id, "nosuchgroup"):
        answer = Client().get(f"/g/{gid}/record/")
        assert answer.status_code == 404


def test_fewer_than_five_wait_and_the_current_month_waits(cast: Cast) -> None:
    for day in range(1, 5):
        decide(cast.harbour, dt.date(2026, 9, day))
    decide(cast.harbour, dt.date(2026, 9, 9), "ban", days=30, scope="group", alone=True)
    assert "2026" not in listed(cast.harbour), "five decisions are not five of a kind"
    decide(cast.harbour, dt.date(2026, 10, 3), "remove")
    told = listed(cast.harbour)
    assert told.count("September 2026 to October 2026") == 1 and "5 to 9" in told
    assert told.count("Nothing, or too little to show.") == 2
    for day in range(1, 8):
        decide(cast.harbour, dt.date(2026, 11, day), "ban")
    assert listed(cast.harbour) == told


def test_what_happens_this_month_changes_no_byte(cast: Cast) -> None:
    for day in range(1, 7):
        decide(cast.harbour, dt.date(2026, 9, day), ref=f"d{day}")
    before = page(cast.harbour)
    decide(cast.harbour, dt.date(2026, 11, 2), "ban")
    act(cast.harbour, dt.date(2026, 11, 3), "undone", ref="d1")
    act(cast.harbour, dt.date(2026, 11, 3), "report", reason="unkind")
    assert page(cast.harbour) == before
    act(cast.harbour, dt.date(2026, 11, 3), "look at a name")
    assert page(cast.harbour) == before


def test_one_decision_more_or_of_another_act_is_not_told(cast: Cast) -> None:
    for group, what in (
        (cast.harbour, ["hide"] * 5),
        (cast.meadow, ["remove", "hide", "ask edit", "heads up"] * 2),
    ):
        for day, name in enumerate(what, start=1):
            decide(group, dt.date(2026, 9, day), name)
    assert listed(cast.harbour) == listed(cast.meadow)


def test_what_becomes_of_a_decision_and_of_its_words_changes_nothing_that_was_told(cast: Cast) -> None:
    for day in range(1, 6):
        decide(cast.harbour, dt.date(2026, 9, day), ref=f"d{day}")
    before = listed(cast.harbour)
    act(cast.harbour, dt.date(2026, 10, 3), "undone", ref="d1")
    act(cast.harbour, dt.date(2026, 10, 3), "appeal undo", ref="d2")
    with transaction.atomic():
        erase_words(entry=AuditEntry.objects.get(ref="d3"))
    assert listed(cast.harbour) == before


def test_where_a_month_had_nothing_is_not_told(cast: Cast) -> None:
    """Nor where a batch began, nor which quarter had nothing at all."""
    quiet, busy = cast.harbour, cast.meadow
    for group in (quiet, busy):
        act(group, dt.date(2026, 1, 9), "report", reason="spam")
        for day in range(1, 6):
            decide(group, dt.date(2026, 8, day))
    for month in (2, 3, 4):
        decide(busy, dt.date(2026, month, 9))
    assert listed(quiet) == listed(busy) and "January 2026 to August 2026" in listed(quiet)
    assert quarters(quiet) == quarters(busy) == ["2026-07-01", "2026-04-01", "2026-01-01"]


def test_no_count_under_five_is_told_and_the_report_is_the_same_each_time(cast: Cast) -> None:
    chance = random.Random(3)
    for _ in range(60):
        day = dt.date(2026, chance.randint(4, 9), chance.randint(1, 28))
        decide(cast.harbour, max(day, dt.date(2026, 4, 1)), chance.choice(["hide", "ban", "nothing"]))
    for reason in ["worried"] * 3 + ["unkind"] * 6:
        act(cast.harbour, dt.date(2026, 9, 29), "report", reason=reason)
    with clock.held_at(NOW):
        found = record.entries(scope=cast.harbour.public_id, before=dt.date(2026, 11, 1))
        over = record.quarters(found)
    assert len(over) == 2
    for first in over:
        made = record.report(found, first=first)
        assert made == record.report(found, first=first)
        for table in made.tables:
            assert all(start % 5 == 0 and end == start + 4 for start, end in table.rows.values())
    told = counts(cast.harbour, over[0])
    assert "fewer than five" in told and ">3<" not in told
    twice = [counts(cast.harbour, over[0], form="?as=json") for _ in range(2)]
    assert twice[0] == twice[1]


def test_how_often_roles_were_given_and_taken_is_told(cast: Cast) -> None:
    for day in range(1, 7):
        act(cast.harbour, dt.date(2026, 8, day), "role given", role="moderator", before="member")
    act(cast.harbour, dt.date(2026, 8, 9), "role taken", role="member", before="moderator")
    told = " ".join(re.sub(r"<[^>]+>", " ", counts(cast.harbour, dt.date(2026, 7, 1))).split())
    assert "Who may do what" in told and "A role was given 5 to 9" in told
    assert "A role was taken away fewer than five" in told


def test_a_quarter_that_is_not_over_is_not_there(cast: Cast) -> None:
    decide(cast.harbour, dt.date(2026, 10, 3))
    with clock.held_at(NOW):
        answer = Client().get(f"/g/{cast.harbour.public_id}/record/2026-10-01/")
    assert answer.status_code == 404


def test_a_table_that_is_under_five_throughout_is_one_sentence(cast: Cast) -> None:
    for day in range(1, 7):
        act(cast.harbour, dt.date(2026, 8, day), "appeal keep")
    told = counts(cast.harbour, dt.date(2026, 7, 1))
    assert told.count("Fewer than five of each kind.") == 4 and told.count("<table>") == 1
    assert "5 to 9" in told and "I am worried about this person" not in told
