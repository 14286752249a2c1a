"""What a team is told in counts, on every page alike: once a day, in fives, and of whoever leaves on a day by lot. The
rule that stops a study for harm does not fall because people who were harmed leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

import pytest
from django.urls import reverse

from core import clock
from research import protocols
from research.actions import counting, departing, harm, studies
from research.enums import Scope, TaskState
from research.files import recipe
from research.models import Departure, Participant, Recall, Response, StillCounted
from research.selectors import measures, sheets
from tests.people import Cast
from tests.research.questions import WAVES, crowd, in_days, joined
from tests.research.studies import Team, make_study, settings_for
from tests.scenes import same

pytestmark = pytest.mark.django_db
LOT = 4
SHOWS = LOT + 2  # days: the first is tomorrow, and messages have the one before
WAYS = [Scope.STOP, Scope.EXCLUDE, Scope.DELETE]
PAGES = ["harm", "numbers", "progress", "left"]
STOP_RULES = [{"measure": "bad", "more_than": 4}, {"measure": "left", "more_than": 11}]


@pytest.fixture(autouse=True)
def lot() -> Iterator[object]:
    with mock.patch("research.actions.departing.secrets.randbelow", return_value=LOT) as drawn:
        yield drawn


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    """Twelve who take part, five of whom told of bad moments; four left before. One more is one too many or too few."""
    harm_of = settings_for()["harm"] | {"stop_rules": STOP_RULES}
    made = make_study((cast.harbour, cast.lead), waves=WAVES, harm=harm_of)
    people = [joined(cast.alice, cast.harbour, made.study), *crowd(made.study, cast.harbour, size=11)]
    for one in people[:8]:
        tells(one, value=3 if one in people[:5] else 0)
    for nth in range(4):
        Departure.objects.create(study=made.study, group=cast.harbour, scope=Scope.STOP, week=nth)
    return made


def tells(one: Participant, *, value: int) -> None:
    """They answer the first round."""
    task = one.tasks.get(wave__number=1)
    Response.objects.create(task=task, instrument=protocols.NEGATIVE, item="worse", value=value, study_day=0)
    one.tasks.filter(pk=task.pk).update(state=TaskState.DONE)


def leave(cast: Cast, team: Team, scope: Scope) -> None:
    departing.leave(group=cast.harbour, sid=team.study.public_id, scope=scope, key_of=cast.alice.keyed)


def pages(team: Team) -> list[str]:
    """The team's pages without what every one draws anew, and without the day of the count."""
    found = []
    for name in PAGES:
        answer = team.ruth.client.get(reverse(f"research:{name}", args=[team.study.public_id]))
        assert answer.status_code == 200
        text = answer.content.decode()
        found.append(re.sub(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|Counted on [^<]+', "", text))
    return found


def told(team: Team) -> sheets.Sheet:
    return replace(sheets.of(team.study), on=None)


@pytest.mark.parametrize("scope", WAYS)
def test_no_count_tells_before_the_day_by_lot_that_somebody_left(
    cast: Cast, team: Team, scope: Scope
) -> None:
    counting.count_each_day()
    shown, before = pages(team), told(team)
    assert before.told == 5 and before.all_left == 4 and before.said_yes == 16
    leave(cast, team, scope)
    counting.count(study=team.study)  # also where it is counted once more that day
    assert pages(team) == shown and told(team) == before
    with in_days(SHOWS - 1, team.ruth):
        counting.count_each_day()
        assert pages(team) == shown and told(team) == before
    with in_days(SHOWS, team.ruth):
        counting.count_each_day()
        now = told(team)
        assert now.all_left == 5 and now.said_yes == 16 and not StillCounted.objects.exists()
        assert sum(now.rounds["1"][""].values()) == (12 if scope == Scope.STOP else 11)
        assert pages(team)[3] != shown[3], "five left"


@pytest.mark.parametrize("scope", [Scope.EXCLUDE, Scope.DELETE])
def test_numbers_come_up_on_days_by_lot(cast: Cast, team: Team, scope: Scope) -> None:
    own = Participant.objects.get(key=cast.alice.keyed("participant", ref(cast, team)))
    leave(cast, team, scope)
    days = (clock.today() - Recall.objects.get(pid=own.pid).since).days
    assert days == -SHOWS


def ref(cast: Cast, team: Team) -> str:
    return f"{team.study.public_id}|{cast.harbour.public_id}"


def test_what_is_answered_shows_on_no_page_that_day(cast: Cast, team: Team) -> None:
    Response.objects.filter(value=3).first().delete()  # type: ignore[union-attr]
    counting.count_each_day()
    shown = pages(team)
    tells(crowd(team.study, cast.harbour, size=1)[0], value=3)
    counting.count_each_day()
    assert pages(team) == shown
    with in_days(1, team.ruth):
        counting.count_each_day()
        assert pages(team) != shown and told(team).told == 5


@pytest.mark.parametrize("scope", WAYS)
@pytest.mark.parametrize("after", [0, SHOWS])
def test_a_rule_does_not_fall_when_harmed_people_leave(
    cast: Cast, team: Team, scope: Scope, after: int
) -> None:
    """Nor where they stop first and have all deleted later."""
    leave(cast, team, scope)
    with in_days(after):
        if scope == Scope.STOP:
            leave(cast, team, Scope.DELETE)
        counting.count(study=team.study)
        assert measures.counts(team.study)["bad"] == 5
        harm.look_at_all()
        team.study.refresh_from_db()
        assert team.study.is_paused, "five is more than four"


def test_an_erasure_does_not_lower_it_and_nothing_says_whose_it_was(cast: Cast, team: Team) -> None:
    own = Participant.objects.get(key=cast.alice.keyed("participant", ref(cast, team)))
    departing.forget(Participant, str(own.pk))
    counting.count(study=team.study)
    assert told(team).told == 5
    (held,) = StillCounted.objects.values("rounds", "arm")
    assert own.pid not in str(held) and bytes(own.key).hex() not in str(held)


def test_who_told_of_nothing_bad_adds_nothing(cast: Cast, team: Team) -> None:
    Response.objects.filter(task__participant__key=cast.alice.keyed("participant", ref(cast, team))).delete()
    leave(cast, team, Scope.DELETE)
    counting.count(study=team.study)
    assert told(team).told == 4


def test_what_the_lead_had_seen_stays_seen_when_somebody_leaves(cast: Cast, team: Team) -> None:
    counting.count(study=team.study)
    harm.look_at_all()
    studies.go_on(desk=team.desk(), why="The board looked at it.")
    leave(cast, team, Scope.DELETE)
    tells(crowd(team.study, cast.harbour, size=1)[0], value=3)
    with in_days(SHOWS):
        counting.count_each_day()
        harm.look_at_all()
        team.study.refresh_from_db()
        assert team.study.is_paused, "one more than the five that were seen"


def test_a_file_tells_of_those_who_left_what_the_pages_told(cast: Cast, team: Team) -> None:
    counting.count(study=team.study)
    leave(cast, team, Scope.DELETE)
    assert sheets.flow(team.study) == {"members": 5, "said_yes": 15, "left": None}
    assert recipe.Recipe.__dataclass_fields__["flow"]
