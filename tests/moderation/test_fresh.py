"""The parts that an open page of the team puts in place: the same as on the whole page, and cheap for a whole team."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.models import Post, Thread
from community.models import Group
from core import clock
from moderation.actions import claims, decisions, worries
from moderation.enums import Act, Later, Reason
from moderation.models import Case, Worry
from moderation.presenters import team as presenter
from moderation.selectors import console
from tests.chat.saying import send
from tests.moderation.console import Desk
from tests.moderation.judging import claim, decide, judge, report
from tests.people import Cast, Person, add, make_thread

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


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second that is long enough for all of a test."""
    monkeypatch.setattr(console, "SHARED", dt.timedelta(minutes=1))
    console._forget()


def test_a_colleague_who_asks_in_the_same_second_costs_no_second_reading(
    cast: Cast, case: Case, second: None
) -> None:
    asked = []
    for person in (cast.mona, cast.lead):
        with CaptureQueriesContext(connection) as queries:
            part(person, case, name="queue")
        asked.append([query["sql"] for query in queries if "moderation_party" in query["sql"]])
    assert [len(found) for found in asked] == [1, 0]
    assert len(queries) <= 11


def test_whose_case_it_is_does_not_see_it_in_the_second_in_which_a_colleague_does(
    cast: Cast, thread: Thread, case: Case, second: None
) -> None:
    own = report(cast.mona, send(cast.alice, thread, "Another one.")).case
    decided = decide(cast.lead, report(cast.mona, send(cast.alice, thread, "A third.")).case, Act.NOTHING)
    for person, sees in ((cast.lead, True), (cast.mona, False), (cast.lead, True)):
        assert (own.public_id in part(person, case, name="queue")) is sees
        assert case.public_id in part(person, case, name="queue")
        assert decided.case.public_id not in part(person, case, name="new")
    assert "2 new things" in part(cast.lead, case, name="new")
    assert "1 new thing to" in part(cast.mona, case, name="new")


def test_what_is_new_to_one_is_not_new_to_another_in_the_same_second(
    cast: Cast, case: Case, second: None
) -> None:
    seen = reverse("moderation:team_seen", args=[case.group.public_id])
    cast.mona.client.post(seen, {"seq": str(console.read(group=case.group).seq)})
    for person, is_new in ((cast.lead, True), (cast.mona, False), (cast.lead, True)):
        assert ("New to you" in part(person, case, name="queue")) is is_new
        assert ("1 new thing" in part(person, case, name="new")) is is_new


def test_what_one_holds_or_decided_is_not_new_to_oneself_and_is_to_a_colleague(
    cast: Cast, case: Case, second: None
) -> None:
    def is_new() -> list[bool]:
        shown = [part(who, case, name=name) for who in (cast.mona, cast.lead) for name in ("queue", "new")]
        return ["New to you" in one or "1 new thing" in one for one in shown]

    claim(cast.mona, case)
    assert is_new() == [False, False, True, True]
    decision = decide(cast.mona, case, Act.NOTHING)
    decisions.undo(judge=judge(cast.lead, case.group), decision=decision, because="We misread it.")
    assert is_new() == [False, False, True, True], "it waits again"


def test_who_has_it_reads_so_and_colleagues_read_otherwise_in_the_same_second(
    cast: Cast, case: Case, second: None
) -> None:
    claim(cast.mona, case)
    for person, words in ((cast.lead, "A colleague has this"), (cast.mona, "Yours until")):
        assert words in part(person, case, name="queue")


def test_a_decision_is_news_to_colleagues_and_not_to_who_took_it_in_the_same_second(
    cast: Cast, case: Case, second: None
) -> None:
    decide(cast.mona, case, Act.NOTHING)
    for person, is_news in ((cast.lead, True), (cast.mona, False)):
        assert ("A colleague decided:" in part(person, case, name="new")) is is_news


def test_another_group_gets_its_own_in_the_same_second(cast: Cast, case: Case, second: None) -> None:
    add(cast.olga, cast.meadow, handle="Far Shore")
    theirs = report(cast.olga, send(cast.alice, make_thread(cast.meadow), "You too.")).case
    for person, mine, other in ((cast.mona, case, theirs), (cast.ned, theirs, case)):
        assert mine.public_id in part(person, mine, name="queue")
        assert other.public_id not in part(person, mine, name="queue")


def test_a_row_is_made_once_for_all_to_whom_it_is_the_same(
    cast: Cast, case: Case, second: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    row = presenter.row
    monkeypatch.setattr(presenter, "row", lambda *args, **more: (made.append(1), row(*args, **more))[1])
    assert part(cast.mona, case, name="queue") == part(cast.lead, case, name="queue")
    assert len(made) == 1


# --- what somebody dealt with themselves ------------------------------------------------------------------------
def news(person: Person, case: Case) -> list[bool]:
    """Whether a case is new to somebody: in what waits, and in what came since."""
    rows, since = (part(person, case, name=name) for name in ("queue", "new"))
    return ["New to you" in rows, "1 worry" in since or "1 new thing" in since]


def cared(cast: Cast, thread: Thread, *, later: Later = Later.HOURS) -> Case:
    """Mona took a worry about alice, wrote, and has it come back."""
    made = report(cast.bob, send(cast.alice, thread, "I cannot go on."), reason=Reason.WORRIED).case
    held = claim(cast.mona, made)
    given = {"judge": judge(cast.mona, made.group), "case": held, "fence": held.fence}
    worries.write(**given, words="How are you now?")
    worries.look_again(**given, later=later)
    return made


def test_a_worry_that_one_answered_and_gave_back_is_not_new_to_oneself(
    cast: Cast, thread: Thread, second: None
) -> None:
    worry = cared(cast, thread)
    assert (news(cast.mona, worry), news(cast.lead, worry)) == ([False] * 2, [True] * 2)
    worries.call(group=worry.group, owner_tag=cast.alice.tag(worry.group), words="It is worse.")
    assert news(cast.mona, worry)[1], "another of theirs is another thing"


def test_what_one_gave_back_unanswered_is_not_new_to_oneself(cast: Cast, case: Case, second: None) -> None:
    claim(cast.mona, case)
    claims.release(judge=judge(cast.mona, case.group), case=case)
    assert (news(cast.mona, case), news(cast.lead, case)) == ([False] * 2, [True] * 2)


@pytest.mark.parametrize("came", ["a report", "more words", "its hour"])
def test_what_came_since_one_gave_it_back_is_new(cast: Cast, thread: Thread, came: str, second: None) -> None:
    if came == "more words":
        made = worries.ask_for_help(here=cast.alice.here(thread.group), words="It is bad.")
        claim(cast.mona, made)
        claims.release(judge=judge(cast.mona, made.group), case=made)
    else:
        made = cared(cast, thread)
    assert news(cast.mona, made) == [False] * 2
    if came == "more words":
        worries.ask_for_help(here=cast.alice.here(thread.group), words="It is worse.")
    elif came == "a report":
        post = Post.objects.get(public_id=made.subject_id)
        report(cast.lena, post, reason=Reason.WORRIED)
    else:
        Worry.objects.update(check_at=clock.now() - dt.timedelta(minutes=1))
        worries.wake()
    assert news(cast.mona, made) == [True] * 2


@pytest.mark.parametrize(
    ("zone", "later", "says"),
    [
        ("UTC", Later.HOURS, "To look again: Monday 30 November, 04:00"),
        ("America/Los_Angeles", Later.HOURS, "To look again: Sunday 29 November, 20:00"),
        ("UTC", Later.DAY, "To look again: Tuesday 1 December, 01:00"),
        ("UTC", Later.DAYS, "To look again: Thursday 3 December<"),
        ("Pacific/Auckland", Later.DAYS, "To look again: Thursday 3 December<"),
        ("America/Los_Angeles", Later.DAYS, "To look again: Wednesday 2 December<"),
    ],
)
def test_when_it_comes_back_is_as_it_was_picked_by_the_groups_clock(
    cast: Cast, thread: Thread, zone: str, later: Later, says: str
) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(time_zone=zone)
    with clock.held_at(dt.datetime(2026, 11, 30, 1, 36, tzinfo=dt.UTC)):
        assert says in Desk(cast.mona, cared(cast, thread, later=later)).page()
