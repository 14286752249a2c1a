"""The server was off for some weeks, or its worker was: what fell due meanwhile does not reach two groups together."""

from __future__ import annotations

import datetime as dt

import pytest

from chat.models import Post
from community.actions import due
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
        due.do_due()
    assert _still_there() >= 1, "both groups saw it go in one minute"
