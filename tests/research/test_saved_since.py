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


def shown(value: Any) -> Any:
    """As the page shows it."""
    return value if isinstance(value, list) else "" if value is None else str(value)


def as_shown(answer: Any) -> dict[str, Any]:
    """What the page that came back sends when its button is pressed."""
    values = {field.html_name: field.value() for field in answer.context["form"]}
    kept = {key: shown(value) for key, value in values.items() if value is not False}
    return kept | {key: answer.context[key] for key in ("seen", "was")}


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
    assert set(beside) == set(second) and form[field].value() == (first | second)[field]
    assert team.ruth.client.post(page(team, name), as_shown(answer)).status_code == 302
    both = team.ruth.client.get(page(team, name)).context["form"]  # seen now: the next press decides
    assert {key: shown(both[key].value()) for key in first | second} == {
        key: shown(value) for key, value in (first | second).items()
    }


@pytest.mark.parametrize(("name", "first", "second", "field"), CHANGES)
def test_a_form_that_does_not_say_what_it_was_opened_with_keeps_all_it_holds(
    team: Team, name: str, first: dict[str, Any], second: dict[str, Any], field: str
) -> None:
    one, other = typed(team, name, **first), typed(team, name, **second) | {"was": ""}
    assert team.ruth.client.post(page(team, name), one).status_code == 302
    answer = team.ruth.client.post(page(team, name), other)
    form, beside = answer.context["form"], {key for key, _label, _here in answer.context["now"]}
    assert field in beside and shown(form[field].value()) == shown(other.get(field, ""))


def test_what_is_unticked_emptied_and_ticked_is_touched_and_the_rest_is_filled(team: Team) -> None:
    """A tick that one took away stays away, one that another set comes; an emptied field stays empty, and says so."""
    studies.save(
        desk=team.desk(), given={"field_notes": True, "rooms": False, "why": "Old words", "title": "A, B"}
    )
    other = typed(team, "asked")
    del other["field_notes"]
    studies.save(desk=team.desk(), given={"rooms": True})
    answer = team.ruth.client.post(page(team, "asked"), other)
    assert [answer.context["form"][name].value() for name in ("field_notes", "rooms")] == [False, True]
    other = typed(team, "why", why="")
    studies.save(desk=team.desk(), given={"title": "", "question": "Another"})
    answer = team.ruth.client.post(page(team, "why"), other | {"title": "Typed"})
    form = answer.context["form"]
    assert [form[name].value() for name in ("why", "title", "question")] == ["", "Typed", "Another"]
    assert {key: here for key, _label, here in answer.context["now"]} == {"why": "Old words", "title": ""}
    assert '<dd dir="auto">(empty)</dd>' in answer.content.decode()


def test_what_came_back_filled_is_filled_again_when_somebody_saves_once_more(team: Team) -> None:
    other = typed(team, "why", question="Mine")
    for title in ("First", "Second"):
        studies.save(desk=team.desk(), given={"title": title})
        answer = team.ruth.client.post(page(team, "why"), other)
        form, other = answer.context["form"], as_shown(answer)
        assert (
            answer.status_code == 422
            and form["title"].value() == title
            and form["question"].value() == "Mine"
        )


def test_a_round_is_kept_or_filled_as_a_whole(team: Team) -> None:
    waves = Study.objects.get().draft["waves"]
    other, same = typed(team, "asked", days_1="9"), typed(team, "asked", retention_months="7")
    moved = [waves[0] | {"open_days": 5}, {"number": 2, "week": 1, "open_days": 6, "instruments": []}]
    studies.save(desk=team.desk(), given={"waves": moved})
    form = team.ruth.client.post(page(team, "asked"), other).context["form"]
    assert [shown(form[f"{name}_1"].value()) for name in ("week", "days", "sets")] == [
        str(waves[1]["week"]), "9", [" ".join(one) for one in waves[1]["instruments"]],
    ]  # fmt: skip
    assert shown(form["days_0"].value()) == "5"
    studies.save(desk=team.desk(), given={"waves": []})  # nobody touched one: none comes back
    answer = team.ruth.client.post(page(team, "asked"), same)
    assert team.ruth.client.post(page(team, "asked"), as_shown(answer)).status_code == 302
    draft = Study.objects.get().draft
    assert draft["waves"] == [] and draft["retention_months"] == 7


def test_what_was_typed_into_a_row_stays_where_fewer_are_kept_by_now(team: Team) -> None:
    waves = Study.objects.get().draft["waves"]
    other = typed(team, "asked", week_2="9", sets_2=["bad_moments 1"])
    studies.save(desk=team.desk(), given={"waves": waves[:1]})
    form = team.ruth.client.post(page(team, "asked"), other).context["form"]
    assert form["week_2"].value() == "9" and form["sets_2"].value() == ["bad_moments 1"]
    assert other["week_1"] and form["week_1"].value() == ""  # nobody touched it here


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
