"""Beside a study's figures stands what its groups published of themselves, and nothing finer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.urls import reverse

from audit.actions import append
from community.enums import Visibility
from community.models import Group
from core import clock
from moderation.enums import Reason
from research.enums import Unit
from research.models import Study
from research.presenters.group_records import of_groups
from tests.people import Cast, sign_in
from tests.research.studies import Team, make_study
from tests.scenes import same

pytestmark = pytest.mark.django_db


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    """A study whose group had six reports of one reason and four of another on the day on which it opened."""
    made = make_study((cast.harbour, cast.lead))
    for reason, often in ((Reason.UNKIND, 6), (Reason.SPAM, 4)):
        for _ in range(often):
            append(
                scope=cast.harbour.public_id, act="report", actor_role="member", payload={"reason": reason}
            )
    return made


def rows(team: Team, who: str = "ruth", *, days: int = 200) -> Sequence[object]:
    with clock.held_at(clock.now() + dt.timedelta(days=days)):
        return [
            rows
            for _group, _quarter, tables in of_groups(desk=team.desk(who))
            for _title, rows in tables
            if rows
        ]


def test_it_is_what_the_report_of_a_whole_quarter_says(cast: Cast, team: Team) -> None:
    assert rows(team, days=0) == [], "nothing of a quarter that is not over"
    (reports,) = rows(team)
    said = dict(reports)  # type: ignore[call-overload]  # pairs
    assert said[Reason.UNKIND.label] == "5 to 9"
    assert said[Reason.SPAM.label] == said[Reason.OTHER.label]
    with clock.held_at(clock.now() + dt.timedelta(days=200)):
        sign_in(team.ruth.client, team.ruth.account, team.ruth.secret, strong=True)
        shown = team.ruth.client.get(
            reverse("research:figures", args=[team.study.public_id])
        ).content.decode()
    assert "5 to 9" in shown and cast.harbour.name in shown


def test_a_hidden_group_stays_hidden(cast: Cast, team: Team) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(visibility=Visibility.HIDDEN)
    assert rows(team) == []


def test_an_analyst_reads_none_where_groups_have_versions(cast: Cast, team: Team) -> None:
    assert rows(team, "ana")
    Study.objects.update(unit=Unit.GROUP)
    assert rows(team, "ruth")
    assert rows(team, "ana") == []
