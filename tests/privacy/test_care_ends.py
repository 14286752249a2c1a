"""What a team wrote to somebody in its care stands beside the case for half a year at most."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock
from moderation.actions import forgetting, worries
from moderation.acts import UNDO_DAYS
from moderation.enums import Act
from moderation.models import Case
from moderation.selectors import worries as reading
from tests.moderation.judging import claim, decide, judge
from tests.people import Cast

pytestmark = pytest.mark.django_db


def _after_half_a_year(case: Case) -> list[str]:
    with clock.held_at(clock.now() + dt.timedelta(days=UNDO_DAYS + 2)):
        forgetting.forget_old()
        return [one.message for one in reading.written(case)]


@pytest.mark.parametrize("how", ["while it was open", "as it was closed"])
def test_what_a_team_wrote_goes_after_half_a_year(cast: Cast, how: str) -> None:
    case = worries.ask_for_help(here=cast.alice.here(cast.harbour), words="I am not safe")
    if how == "while it was open":
        held = claim(cast.mona, case)
        worries.write(
            judge=judge(cast.mona, cast.harbour),
            case=held,
            fence=held.fence,
            words="You told us of the pills.",
        )
        decide(cast.mona, case, Act.NOTHING)
    else:
        decide(cast.mona, case, Act.NOTE, message="You told us of the pills.")
    assert len(reading.written(case)) == 1
    assert _after_half_a_year(case) == []
