"""How a group is doing: who may know, and that it is never about a person."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from audit.actions import append
from chat.enums import LabelKind
from chat.models import Label, Post
from chat.presenters import band_words, health_figures, share_words, team_figures
from chat.selectors import health
from chat.selectors.health import Share
from community.errors import NotHere
from core import clock
from moderation.selectors import record
from tests.chat.hiding import block
from tests.chat.saying import send, sign_as_alias
from tests.people import Cast, Person, add, make_people, make_thread

pytestmark = pytest.mark.django_db
TEAM_PART = "Only moderators and group leads see this part"


def page_of(cast: Cast) -> str:
    return reverse("chat:health", args=[cast.harbour.public_id])


def ago(days: int) -> object:
    return clock.held_at(clock.now() - dt.timedelta(days=days))


def newcomers(cast: Cast, many: int, *, answered: int) -> list[Person]:
    """So many write for the first time three days ago, and bob answers some of them the next day."""
    people = list(make_people({f"new{n}": False for n in range(many)}).values())
    for number, person in enumerate(people):
        add(person, cast.harbour, handle=f"Fresh Leaf {number}")
        thread = make_thread(cast.harbour)
        with ago(3):
            send(person, thread, "Hello, I am new.")
        if number < answered:
            with ago(2):
                send(cast.bob, thread, "Welcome.")
    return people


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["barred", "ned", "olga", "nobody"])
def test_outsiders_learn_nothing(cast: Cast, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    assert client.get(page_of(cast)).status_code == 404


@pytest.mark.parametrize("who", ["alice", "lena", "muted", "weak"])
def test_members_do_not_read_what_is_for_the_team(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    page = person.client.get(page_of(cast))
    assert page.status_code == 200
    assert TEAM_PART not in page.content.decode()
    with pytest.raises(NotHere):
        health.for_team(here=person.here(cast.harbour))


@pytest.mark.parametrize("who", ["mona", "lead"])
def test_the_team_reads_more(cast: Cast, who: str) -> None:
    assert TEAM_PART in getattr(cast, who).client.get(page_of(cast)).content.decode()


# --- never about a person -------------------------------------------------------------------------------------------
def test_four_newcomers_are_too_few_to_say(cast: Cast) -> None:
    newcomers(cast, 4, answered=0)
    found = health.health(here=cast.lead.here(cast.harbour)).newcomers
    assert found.of == 4 and share_words(found) == "Too few to say."


def test_no_number_under_five_is_said(cast: Cast) -> None:
    for count in range(5):
        assert band_words(count) == "Fewer than 5."
        assert share_words(Share(n=count, of=count)) == "Too few to say."
    assert [band_words(n) for n in (5, 9, 10, 20, 50)] == [
        "5 to 9.", "5 to 9.", "10 to 19.", "20 to 49.", "50 or more.",
    ]  # fmt: skip


def test_no_name_and_no_count_of_one_is_on_the_page(cast: Cast) -> None:
    newcomers(cast, 6, answered=2)
    page = cast.lead.client.get(page_of(cast)).content.decode()
    said = re.findall(r"<dd>(.*?)</dd>", page)
    numbers = {int(n) for words in said for n in re.findall(r"\d+", words)}
    assert not numbers & {1, 2, 3, 4} and "Fresh Leaf" not in page and "Calm Otter" not in page


def test_nothing_of_today_moves_a_figure(cast: Cast) -> None:
    newcomers(cast, 6, answered=2)
    before = health.health(here=cast.lead.here(cast.harbour))
    for thread in {post.thread for post in Post.objects.select_related("thread__group")}:
        send(cast.alice, thread, "I am here too.")
    send(cast.bob, make_thread(cast.harbour), "Something new.")
    assert health.health(here=cast.lead.here(cast.harbour)) == before


def test_whom_one_does_not_see_changes_nothing(cast: Cast) -> None:
    people = newcomers(cast, 6, answered=2)
    before = health.health(here=cast.bob.here(cast.harbour))
    block(cast.bob, people[0], cast.harbour)
    assert health.health(here=cast.bob.here(cast.harbour)) == before


def test_a_one_thread_name_is_no_newcomer(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    byline = sign_as_alias(cast.lena, thread)
    Post.objects.create(
        thread=thread,
        byline=byline,
        seq=1,
        text="x",
        html="x",
        posted_on=clock.today() - dt.timedelta(days=3),
    )
    assert health.health(here=cast.lead.here(cast.harbour)).newcomers.of == 0


# --- what it says ---------------------------------------------------------------------------------------------------
def test_newcomers_answers_and_talks_that_wait(cast: Cast) -> None:
    with ago(60):
        send(cast.bob, make_thread(cast.harbour), "I am no newcomer.")
    newcomers(cast, 12, answered=6)
    found = health.health(here=cast.lead.here(cast.harbour))
    assert (found.newcomers, found.days, found.unanswered) == (Share(n=6, of=12), 1, 6)
    assert [one.words for one in health_figures(found)][:3] == [
        "About half.", "Most often by the next day.", "5 to 9.",
    ]  # fmt: skip


def test_advice_that_needs_a_source(cast: Cast) -> None:
    posts = [send(cast.bob, make_thread(cast.harbour), "Try this.") for _ in range(6)]
    for number, post in enumerate(posts):
        Label.objects.create(
            post=post, key=bytes([number]) * 32, kind=LabelKind.NEEDS_SOURCE, role="moderator",
            added_on=clock.today() - dt.timedelta(days=1 if number else 9), expires_on=clock.today(),
        )  # fmt: skip
    found = health.health(here=cast.lead.here(cast.harbour))
    assert (found.sources, found.late_sources) == (6, 1)


def test_how_many_replies_come_from_few(cast: Cast) -> None:
    people = [cast.alice, cast.bob, *newcomers(cast, 3, answered=0)]
    thread = make_thread(cast.harbour)
    with ago(2):
        send(cast.lead, thread, "Who is here?")
        for person, many in zip(people, (10, 5, 3, 2), strict=False):
            for _ in range(many):
                send(person, thread, "Me.")
    few = health.for_team(here=cast.lead.here(cast.harbour)).busiest
    assert not few.is_known, "four names"
    with ago(1):
        send(people[4], thread, "And me.")
    busiest = health.for_team(here=cast.lead.here(cast.harbour)).busiest
    assert (busiest.n, busiest.of) == (18, 21)


def test_reports_and_decisions_are_those_of_the_record(cast: Cast) -> None:
    first, before = record.last_quarter()
    for act in ["report"] * 6 + ["decision hide"] * 7 + ["role given"]:
        with clock.held_at(dt.datetime.combine(first, dt.time(12), dt.UTC)):
            append(scope=cast.harbour.public_id, act=act, actor_role="member", payload={})
    append(scope=cast.harbour.public_id, act="report", actor_role="member", payload={})
    assert record.counted(scope=cast.harbour.public_id, first=first, before=before) == (6, 7)
    thread = make_thread(cast.harbour)
    byline = send(cast.bob, thread).byline
    Post.objects.bulk_create(
        Post(thread=thread, byline=byline, seq=n, text="x", html="x", posted_on=first) for n in range(2, 402)
    )
    found = health.for_team(here=cast.lead.here(cast.harbour))
    assert (found.reports, found.decisions) == (Share(n=6, of=400), 7)
    words = [one.words for one in team_figures(found, waiting=2)]
    assert words[1:] == ["1 or 2 in a hundred.", "5 to 9.", "2 things."]


@pytest.mark.parametrize(
    ("waiting", "said"), [(0, "Nothing."), (1, "1 thing."), (4, "4 things."), (12, "12 things.")]
)
def test_a_team_is_told_how_long_its_own_list_is(cast: Cast, waiting: int, said: str) -> None:
    found = health.for_team(here=cast.lead.here(cast.harbour))
    assert team_figures(found, waiting=waiting)[-1].words == said
    page = cast.lead.client.get(reverse("chat:health", args=[cast.harbour.public_id])).content.decode()
    assert "it says the number" in page and "Nothing." in page


def test_it_costs_the_same_however_much_is_said(cast: Cast, django_assert_max_num_queries) -> None:
    newcomers(cast, 6, answered=3)
    here = cast.lead.here(cast.harbour)
    with django_assert_max_num_queries(8):
        health.health(here=here)
        health.for_team(here=here)
