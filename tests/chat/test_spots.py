"""A group's talks a page at a time: from the talk that one came from, not by counting pages."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from chat.models import Thread
from chat.selectors.threads import PAGE
from tests.chat.saying import send
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
PINNED, TIED = 23, 5


@pytest.fixture
def talks(cast: Cast) -> list[str]:
    """Three pages of talks, more than a page of them pinned, some with the same activity, highest first."""
    made = Thread.objects.bulk_create(
        Thread(
            group=cast.harbour, title=f"T{n}", ask="advice_welcome", activity=n // TIED, is_pinned=n < PINNED
        )
        for n in range(2 * PAGE + 15)
    )
    made.sort(key=lambda one: (not one.is_pinned, -one.activity, one.pk))
    return [one.public_id for one in made]


def look(person: Person, cast: Cast, query: str = "") -> tuple[list[str], list[str]]:
    """The talks on a page, and where its buttons lead."""
    answer = person.client.get(reverse("chat:group", args=[cast.harbour.public_id]) + query)
    assert answer.status_code == 200
    main = answer.content.decode().split('id="talks"')[1]
    return re.findall(rf'<h3><a href="/g/{cast.harbour.public_id}/t/(\w+)/', main), re.findall(
        r'class="btn second" href="([^"]+)"', main
    )


def test_down_and_up_again_each_talk_once(cast: Cast, talks: list[str]) -> None:
    first, (older,) = look(cast.bob, cast)
    second, (to_first, older_still) = look(cast.bob, cast, older)
    third, (to_second,) = look(cast.bob, cast, older_still)
    assert [*first, *second, *third] == talks
    assert look(cast.bob, cast, to_second)[0] == second
    assert look(cast.bob, cast, to_first)[0] == first
    assert look(cast.bob, cast, to_first)[1] == [older]


def test_a_talk_that_is_new_meanwhile_moves_nothing(cast: Cast, talks: list[str]) -> None:
    _, (older,) = look(cast.bob, cast)
    before = look(cast.bob, cast, older)
    send(cast.alice, make_thread(cast.harbour))
    assert look(cast.bob, cast, older) == before


@pytest.mark.parametrize(
    "spot", ["below=", "above=", "below=nothing", "above=x%00", "below=%F0%9F%90%BC", "page=2"]
)
def test_from_a_talk_that_is_not_here_it_is_the_top(cast: Cast, talks: list[str], spot: str) -> None:
    elsewhere = make_thread(cast.cellar)
    assert look(cast.bob, cast, f"?{spot}") == look(cast.bob, cast)
    assert look(cast.bob, cast, f"?below={elsewhere.public_id}") == look(cast.bob, cast)


def test_below_the_last_there_are_no_more(cast: Cast, talks: list[str]) -> None:
    found, buttons = look(cast.bob, cast, f"?below={talks[-1]}")
    assert (found, len(buttons)) == ([], 1)
    assert look(cast.bob, cast, buttons[0])[0] == talks[:PAGE]
