"""“Questions are waiting”: for whoever takes part, on their own pages; for everyone else not a byte more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.models import Standing
from research.enums import StudyState
from research.models import Study
from tests.people import Cast, Person
from tests.research import test_waves
from tests.research.consenting import say
from tests.research.questions import asking, at, in_days, joined, send

pytestmark = pytest.mark.django_db
CARD = "Questions are waiting"


def pages(who: Person, cast: Cast) -> list[bytes]:
    """The two pages that may hold it."""
    return [
        who.client.get(url).content
        for url in (reverse("chat:home"), reverse("chat:group", args=[cast.harbour.public_id]))
    ]


def has_card(who: Person, cast: Cast) -> list[bool]:
    return [CARD.encode() in page for page in pages(who, cast)]


def cost(who: Person, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert who.client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("who", ["bob", "lena", "muted", "weak", "mona", "lead"])
def test_to_everyone_else_no_byte_and_no_query_tells_that_somebody_takes_part(cast: Cast, who: str) -> None:
    """Not to whoever said no, never answered, or looks after the group."""
    person: Person = getattr(cast, who)
    home, group = reverse("chat:home"), reverse("chat:group", args=[cast.harbour.public_id])
    pages(person, cast)  # the first look may remember something
    before, none = pages(person, cast), [cost(person, url) for url in (home, group)]
    study = asking(cast.harbour)
    if who == "bob":
        say(cast.bob, cast.harbour, study, {})
    assert pages(person, cast) == before
    asked = [cost(person, url) for url in (home, group)]
    joined(cast.alice, cast.harbour, study)
    assert pages(person, cast) == before
    assert [cost(person, url) for url in (home, group)] == asked
    at_home = 2 if person.strong else 1  # whoever shows a second factor may work on the study
    assert [now - then for now, then in zip(asked, none, strict=True)] == [at_home, 1]


def test_whoever_takes_part_is_told_once_and_finds_the_way(cast: Cast) -> None:
    study = asking(cast.harbour)
    assert has_card(cast.alice, cast) == [False, False]
    joined(cast.alice, cast.harbour, study)
    for page in pages(cast.alice, cast):
        assert page.decode().count(CARD) == 1 and at(cast.harbour, study) in page.decode()
        assert study.draft["plain_title"] not in page.decode()  # what the study is about stays in the study
    other = cast.alice.client.get(reverse("chat:group", args=[cast.meadow.public_id]))
    assert CARD not in other.content.decode()


@pytest.mark.parametrize("close", [close for close, _ in test_waves.CLOSED], ids=lambda close: close.__name__)
def test_it_goes_when_nothing_can_be_answered(cast: Cast, close: Callable[[Cast, Study], None]) -> None:
    study = asking(cast.harbour)
    joined(cast.alice, cast.harbour, study)
    assert has_card(cast.alice, cast) == [True, True]
    close(cast, study)
    assert has_card(cast.alice, cast) == [False, False]


@pytest.mark.parametrize("then", ["finish", "decline"])
def test_it_goes_when_the_round_is_settled_and_comes_with_the_next(cast: Cast, then: str) -> None:
    study = asking(cast.harbour)
    joined(cast.alice, cast.harbour, study)
    send(cast.alice, at(cast.harbour, study), 1, given={"unkind": 1})
    assert has_card(cast.alice, cast) == [True, True]
    send(cast.alice, at(cast.harbour, study), then=then)
    assert has_card(cast.alice, cast) == [False, False]
    for days, shown in ((27, False), (28, True), (34, True), (35, False)):
        with in_days(days, cast.alice):
            assert has_card(cast.alice, cast) == [shown, shown]


def test_it_does_not_lead_into_a_group_that_one_may_not_read(cast: Cast) -> None:
    study = asking(cast.harbour)
    joined(cast.alice, cast.harbour, study)
    Standing.objects.create(
        group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_read=False, may_post=False
    )
    assert CARD not in cast.alice.client.get(reverse("chat:home")).content.decode()


def test_discreet_mode_and_signed_out(cast: Cast) -> None:
    study = asking(cast.harbour)
    joined(cast.alice, cast.harbour, study)
    assert cast.nobody.get(reverse("chat:home")).status_code == 302
    card = cast.alice.client.get(reverse("chat:home")).content.decode()
    assert cast.harbour.name not in card.split(CARD)[1].split("</section>")[0]


def test_a_study_that_asks_nobody_yet_costs_nothing(cast: Cast) -> None:
    home = reverse("chat:home")
    cost(cast.alice, home)
    none = cost(cast.alice, home)
    study = asking(cast.harbour)
    joined(cast.alice, cast.harbour, study)
    for state in (StudyState.APPROVED, StudyState.CLOSED):
        Study.objects.update(state=state)
        assert cost(cast.alice, home) == none
