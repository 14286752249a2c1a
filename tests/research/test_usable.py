"""What of a study may be used: nothing without a yes, and nothing of a day on which the study did not read."""

from __future__ import annotations

import datetime as dt

import pytest

from audit.actions import append
from chat.models import Post
from core import clock
from research.actions import hosting
from research.enums import Item, StudyState
from research.models import Source, Study
from research.selectors import usable
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import Cast, make_thread
from tests.research.consenting import open_study, say
from tests.scenes import same

pytestmark = pytest.mark.django_db
TODAY, SOON = dt.timedelta(0), dt.timedelta(days=10)


def words(study: Study) -> list[str]:
    used = usable.messages(study=Study.objects.get(pk=study.pk))
    return [Post.objects.get(pk=one.row.pk).text for one in used if isinstance(one.row, usable.Written)]


def written(cast: Cast, study: Study, *, after: dt.timedelta) -> None:
    with clock.held_at(clock.now() + after):
        send(cast.alice, make_thread(cast.harbour), f"day {after.days}")


@pytest.fixture
@same
def study(cast: Cast) -> Study:
    made = open_study(cast.harbour)
    say(cast.alice, cast.harbour, made, {Item.POSTS: True})
    written(cast, made, after=SOON)
    return made


def test_what_somebody_said_yes_to_may_be_used(study: Study) -> None:
    assert words(study) == ["day 10"]


def test_who_is_no_member_any_more_is_not_everybody(cast: Cast, study: Study) -> None:
    thread = make_thread(cast.harbour)
    with clock.held_at(clock.now() + SOON):
        sign_as_alias(cast.bob, thread)
        send(cast.bob, thread, "Nobody's business", key_for_alias=alias_key(cast.bob, thread))
    Source.objects.update(member=None)
    assert words(study) == []


def test_nothing_is_read_once_it_is_over(cast: Cast, study: Study) -> None:
    Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today() + SOON)
    assert words(study) == []
    Study.objects.update(closed_on=clock.today() + SOON + dt.timedelta(days=1))
    assert words(study) == ["day 10"]


def test_nothing_is_read_once_the_group_took_its_yes_back(cast: Cast, study: Study) -> None:
    with clock.held_at(clock.now() + SOON):
        hosting.take_back(here=cast.lead.here(cast.harbour), sid=study.public_id, note="")
    assert words(study) == []


def test_nothing_is_read_while_it_is_paused(study: Study) -> None:
    for act, after in (("study paused", 9), ("study went on", 11), ("study paused", 12)):
        with clock.held_at(clock.now() + dt.timedelta(days=after)):
            append(scope=study.public_id, act=act, actor_role="lead researcher", payload={})
    assert words(study) == []
    Post.objects.update(posted_on=clock.today() + dt.timedelta(days=8))
    assert words(study) == ["day 10"]
    Post.objects.update(posted_on=clock.today() + dt.timedelta(days=40))
    assert words(study) == []
