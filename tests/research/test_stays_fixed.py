"""What a version fixed for good is shown on its page, and no longer filled in there."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from community.actions.names import write_names
from community.enums import OneThread
from community.errors import MayNot
from community.selectors.names import Policy
from research import protocols
from research.actions import studies
from research.enums import StudyState
from research.models import Study
from research.selectors import gaps
from tests.people import Cast
from tests.research.studies import Team, make_study, sent
from tests.scenes import same

pytestmark = pytest.mark.django_db
ARMS = [
    {"code": "A", "title": "As it is", "policy": {}, "weight": 1},
    {"code": "B", "title": "Words shown", "policy": {"what_matters": "shown"}, "weight": 1},
]


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead), state=StudyState.APPROVED, arms=ARMS)


def page(team: Team, name: str) -> str:
    return reverse("research:set_up", args=[team.study.public_id, name])


CHANGES: list[tuple[str, str, Any]] = [
    ("versions", "title_A", "Another name"), ("versions", "title_B", ""), ("versions", "weight_B", "2"),
    ("versions", "what_matters_B", ""), ("versions", "title_C", "A third"), ("where", "groups", "x"),
    ("where", "unit", "group"), ("where", "joins", "on"), ("asked", "week_0", "7"), ("asked", "days_1", "3"),
    ("asked", "sets_0", ["ucla3 1"]), ("asked", "week_2", "9"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field", "value"), CHANGES)
def test_what_is_fixed_is_refused_with_its_name(team: Team, name: str, field: str, value: Any) -> None:
    before = Study.objects.get().draft
    given = sent(team.ruth, page(team, name), {field: value})
    answer = team.ruth.client.post(page(team, name), given)
    form = answer.context["form"]
    assert answer.status_code == 422 and Study.objects.get().draft == before
    assert str(form.fields[field].label) in form.errors[field][0] and "stays as it was approved" in str(
        form.errors
    )


@pytest.mark.parametrize("key", protocols.FIXED)
def test_nor_is_it_saved_past_the_pages(team: Team, key: str) -> None:
    other = {"unit": "group", "joins": True, "groups": ["x"], "pairs": [["x", "y"]], "arms": [], "waves": []}
    with pytest.raises(MayNot, match=str(gaps.FIXED[key])):
        studies.save(desk=team.desk(), given={key: other[key]})


def test_it_is_shown_and_the_rest_can_be_saved(cast: Cast, team: Team) -> None:
    """Also where the groups have changed since in a way that a new study would hear of."""
    first = Policy(one_thread=OneThread.FIRST)
    write_names(group=cast.harbour, policy=first, name="x", version=1)
    for name, open_fields in (("versions", set()), ("where", {"aim"}), ("asked", {"items", "rooms"})):
        form = team.ruth.client.get(page(team, name)).context["form"]
        assert open_fields <= {key for key, field in form.fields.items() if not field.disabled}
        assert all(field.disabled for key, field in form.fields.items() if key.startswith(form.fixed))
    text = team.ruth.client.get(page(team, "versions")).content.decode()
    assert "Words shown" in text and "Version C" not in text and text.count(" disabled") > 10
    for name, given in (("where", {"aim": "33"}), ("versions", {}), ("asked", {"items": ["surveys"]})):
        answer = team.ruth.client.post(page(team, name), sent(team.ruth, page(team, name), given))
        assert answer.status_code == 302, name
    after = Study.objects.get().draft
    assert after["aim"] == 33 and after["arms"] == ARMS and len(after["waves"]) == 2


def test_a_page_that_was_open_before_it_was_fixed_saves_what_it_may(team: Team) -> None:
    Study.objects.update(state=StudyState.DRAFT)
    form = team.ruth.client.get(page(team, "where")).context["form"]
    kept = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    given = sent(team.ruth, page(team, "where"), kept | {"aim": "34", "groups": kept["groups"] + "\r\n"})
    Study.objects.update(state=StudyState.APPROVED)
    assert team.ruth.client.post(page(team, "where"), given).status_code == 302
    assert Study.objects.get().draft["aim"] == 34


def test_a_draft_that_went_astray_before_is_as_it_was_fixed_once_a_page_is_saved(team: Team) -> None:
    Study.objects.update(draft=Study.objects.get().draft | {"arms": []})
    assert "Words shown" in team.ruth.client.get(page(team, "versions")).content.decode()
    studies.save(desk=team.desk(), given={"title": "Another"})
    assert Study.objects.get().draft["arms"] == ARMS
