"""Two who set up a study at once, or one in two tabs: a save over something newer comes back, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from research import protocols
from research.actions import studies
from research.enums import StudyState
from research.errors import SavedSince
from research.models import Study
from research.views.setting_up import FORMS
from tests.people import Cast
from tests.research.studies import Team, make_study, sent
from tests.scenes import same

pytestmark = pytest.mark.django_db
SAYS = "Somebody saved this page since you opened it"


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)


def page(team: Team, name: str) -> str:
    return reverse("research:set_up", args=[team.study.public_id, name])


def typed(team: Team, name: str, **more: Any) -> dict[str, Any]:
    """Everything that the page holds as it is open now, with changes."""
    form = team.ruth.client.get(page(team, name)).context["form"]
    values = {field.html_name: field.value() for field in form}
    kept = {key: "" if value is None else value for key, value in values.items() if value is not False}
    return sent(team.ruth, page(team, name), kept | more)


CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("why", {"title": "First words"}, {"question": "Second words"}, "title"),
    ("law", {"ethics_ref": "First words"}, {"ethics_body": "Second words"}, "ethics_ref"),
    ("where", {"aim": "31"}, {"aim": "32"}, "aim"),
    (
        "asked",
        {"week_2": "8", "days_2": "14", "sets_2": ["bad_moments 1"]},
        {"retention_months": "17"},
        "week_2",
    ),
    ("versions", {"title_A": "First words"}, {"title_B": "Second words"}, "title_A"),
    ("harm", {"plan": "First words"}, {"contact": "Second words"}, "plan"),
]


@pytest.mark.parametrize(("name", "first", "second", "field"), CHANGES)
def test_the_second_of_two_tabs_wipes_nothing(
    team: Team, name: str, first: dict[str, Any], second: dict[str, Any], field: str
) -> None:
    one, other = typed(team, name, **first), typed(team, name, **second)
    assert team.ruth.client.post(page(team, name), one).status_code == 302
    kept = Study.objects.get().draft
    answer = team.ruth.client.post(page(team, name), other)
    text = answer.content.decode()
    assert answer.status_code == 422 and SAYS in text and Study.objects.get().draft == kept
    form = answer.context["form"]
    for key, value in second.items():
        assert form[key].value() == value
    beside = {key: here for key, _label, here in answer.context["now"]}
    assert first[field] in beside[field] and set(first) | set(second) >= set(beside)
    again = other | {"seen": answer.context["seen"]}  # seen now: the next press decides
    assert team.ruth.client.post(page(team, name), again).status_code == 302
    assert Study.objects.get().draft != kept


def test_what_was_typed_into_a_row_stays_where_fewer_are_kept_by_now(team: Team) -> None:
    waves = Study.objects.get().draft["waves"]
    other = typed(team, "asked", week_2="9", sets_2=["bad_moments 1"])
    studies.save(desk=team.desk(), given={"waves": waves[:1]})
    form = team.ruth.client.post(page(team, "asked"), other).context["form"]
    assert form["week_2"].value() == "9" and form["week_1"].value() == str(other["week_1"])


def test_a_form_without_its_mark_is_as_one_that_is_old(team: Team) -> None:
    before = Study.objects.get().draft
    for seen in ({}, {"seen": ""}, {"seen": "x"}):
        answer = team.ruth.client.post(page(team, "why"), {"title": "Another", **seen})
        assert answer.status_code == 422 and SAYS in answer.content.decode()
    assert Study.objects.get().draft == before


def test_a_mistake_in_between_does_not_make_an_old_form_new(team: Team) -> None:
    other = typed(team, "why", plain_title="x" * 81)
    studies.save(desk=team.desk(), given={"title": "Newer"})
    answer = team.ruth.client.post(page(team, "why"), other)
    assert answer.context["seen"] == other["seen"] and "Keep it to 80" in answer.content.decode()
    answer = team.ruth.client.post(page(team, "why"), other | {"plain_title": "Shorter"})
    assert answer.status_code == 422 and Study.objects.get().draft["title"] == "Newer"


def test_other_pages_and_the_same_words_twice_are_no_matter(team: Team) -> None:
    one = typed(team, "why", title="Words")
    studies.save(desk=team.desk(), given={"aim": 44})
    for _press in range(2):
        assert team.ruth.client.post(page(team, "why"), one).status_code == 302


def test_it_is_asked_again_under_the_lock(team: Team) -> None:
    """Two leads at once: both forms were filled from the same draft."""
    desk, seen = team.desk(), protocols.mark(Study.objects.get().draft, "why")
    studies.save(desk=team.desk(), given={"title": "First"}, page="why", seen=seen)
    with pytest.raises(SavedSince) as refusal:
        studies.save(desk=desk, given={"title": "Second"}, page="why", seen=seen)
    assert refusal.value.settings["title"] == Study.objects.get().draft["title"] == "First"


def test_each_setting_is_of_one_page(team: Team) -> None:
    held = [key for keys in protocols.PARTS.values() for key in keys]
    assert sorted(held) == sorted(protocols.EMPTY) and set(protocols.PARTS) == set(FORMS)
    for name, kind in FORMS.items():
        form = kind(typed(team, name), desk=team.desk(), settings=protocols.whole(team.study.draft))
        assert form.is_valid() and set(form.given()) == set(protocols.PARTS[name])
