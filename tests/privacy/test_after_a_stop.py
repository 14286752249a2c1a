"""The server was off for some weeks, or its worker was: what fell due meanwhile does not reach two groups together."""

from __future__ import annotations

import datetime as dt

import pytest

from chat.models import Post
from community.actions import due
from community.models import DueAct
from core import clock
from tests.accounts import journeys
from tests.chat.saying import send
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
STOP = dt.timedelta(days=40)


def _still_there() -> int:
    return Post.objects.exclude(text="").count()


def test_what_one_person_wrote_does_not_go_from_two_groups_in_the_minute_of_the_start(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour), "By the sea")
    send(cast.alice, make_thread(cast.meadow), "In the grass")
    journeys.close_account(cast.alice)
    assert _still_there() == 2
    with clock.held_at(clock.now() + STOP):
        due.duty()
        assert _still_there() == 1, "the other group sees it go days later"
        due.duty()
        assert _still_there() == 1
    with clock.held_at(clock.now() + STOP + due.APART):
        due.duty()
    assert _still_there() == 1, "the distance is as it was"
    with clock.held_at(clock.now() + STOP + 5 * due.APART):
        due.duty()
    assert _still_there() == 0


def test_the_clock_of_a_worker_that_hung_counts_like_a_stop(cast: Cast) -> None:
    due.duty()
    send(cast.alice, make_thread(cast.harbour), "By the sea")
    send(cast.alice, make_thread(cast.meadow), "In the grass")
    journeys.close_account(cast.alice)
    with clock.held_at(clock.now() + STOP):
        due.duty()
    assert _still_there() == 1


def test_an_hour_is_no_stop(cast: Cast) -> None:
    """What is tried again, or waits for its turn, moves nothing else."""
    key = cast.alice.keyed("publish", "here")
    due.later(key=key, act="publish", payload={}, due_at=clock.now())
    due.later(key=key, act="publish", payload={}, due_at=clock.now() + STOP)
    before = set(DueAct.objects.values_list("due_at", flat=True))
    with clock.held_at(clock.now() + due.STOPPED - dt.timedelta(minutes=1)):
        due.go_on()
    assert set(DueAct.objects.values_list("due_at", flat=True)) == before
