"""What "Who can see what" says of itself is true at every step: nothing frightens, and nothing is out of date."""

from __future__ import annotations

import re

import pytest

from community import fact_kinds
from community.models import Group
from tests.community import test_disclosure_page as pages
from tests.people import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PRIVATE = "Only you see them. Nobody here does, until you choose."


def _page(cast: Cast) -> str:
    return str(cast.alice.client.get(pages._page(cast)).content.decode())


def _in_short(page: str, kind: str) -> str:
    found = re.search(rf'id="now-{kind}".*?</summary>', page, re.DOTALL)
    assert found
    return found[0]


def test_what_is_saved_is_not_called_unsaved(cast: Cast) -> None:
    pages._show_bipolar(cast)
    page = pages._post(cast, "look", eyes="moderator").content.decode()
    assert "Not saved yet" not in page and "Save it as it is" not in page
    page = pages._post(cast, "look", who__diagnosis="moderators", eyes="moderator").content.decode()
    assert "Not saved yet" in page and "Save it as it is" in page


def test_the_first_words_say_how_much_is_shown(cast: Cast) -> None:
    assert PRIVATE in _page(cast)
    pages._show_bipolar(cast)
    shown = _page(cast)
    assert PRIVATE not in shown and "1 thing is shown to everyone here." in shown
    pages._post(cast, value__age="1988", who__age="group", value__role="self", who__role="moderators")
    shown = _page(cast)
    assert "2 things are shown to everyone here." in shown and "1 thing is shown to moderators." in shown
    pages._post(cast, "nothing")
    assert PRIVATE in _page(cast)


def test_each_note_that_comes_along_is_marked_and_no_other(cast: Cast) -> None:
    page = _page(cast)
    for kind, comes in (("region", True), ("age", True), ("diagnosis", False), ("role", False)):
        found = re.search(rf'id="kind-{kind}".*?<span class="kind-now', page, re.DOTALL)
        assert found and ("comes with you" in found[0]) == comes


def test_the_same_details_in_two_groups_are_warned_of(cast: Cast) -> None:
    """In the same words, whatever one shows elsewhere."""
    warning = "If you show the same details in two groups"
    before = _page(cast)
    pages._post(cast, group=cast.meadow, value__region="gb/north/leeds", who__region="group")
    assert warning in before and warning in _page(cast)


def test_a_year_is_asked_for_by_its_name_and_a_wrong_one_is_not_called_private(cast: Cast) -> None:
    page = _page(cast)
    assert "Your year of birth</label>" in page and "The year you were born, such as 1988." in page
    page = pages._post(cast, "look", value__age="46", who__age="group").content.decode()
    assert "Please check your answer" in _in_short(page, "age") and "Only you" not in _in_short(page, "age")
    assert "not saved yet" not in _in_short(page, "age")
    assert "Not saved yet." in page


def test_two_wrong_answers_say_which_is_which(cast: Cast) -> None:
    page = pages._post(cast, value__age="46", value__years_since="12").content.decode()
    box = re.search(r'<div class="errors".*?</ul>', page, re.DOTALL)
    said = re.findall(r"<li><a[^>]*>([^<]+)</a></li>", box[0]) if box else []
    kinds = fact_kinds.kinds()
    year = "Write a year with four numbers, such as 1988."
    assert said == [f"{kinds[code].name}: {year}" for code in kinds if code in {"age", "years_since"}]


def test_a_step_less_exact_says_beside_it_that_it_is_not_saved_and_saves_there(cast: Cast) -> None:
    """Also without scripts, and in the part that a change brings back."""
    pages._show_bipolar(cast)
    assert "People here still see what they saw before." not in _page(cast)
    tap = {"coarser": "diagnosis:family"}
    for headers in ({}, {"HX-Request": "true"}):
        page = cast.alice.client.post(pages._page(cast), tap, headers=headers).content.decode()
        beside = re.search(r'id="work-out"[^>]* autofocus>.*?</h3>\s*(<div .*?</div></div>)', page, re.DOTALL)
        assert beside and "Not saved yet." in beside[1] and 'name="save"' in beside[1]
        assert page.count("Save it as it is") == 1
    assert pages._rows() == {("diagnosis", "mood/bipolar/", "group")}
    pages._post(cast, level__diagnosis="family")
    assert pages._rows() == {("diagnosis", "mood/", "group")}
    assert "People here still see what they saw before." not in _page(cast)


@pytest.mark.parametrize(
    ("name", "first"), [("Type 1 diabetes", "Diabetes"), ("Living with bipolar", "A mood condition"),
                        ("Team talk", "A mood condition")],
)  # fmt: skip
def test_a_group_lists_what_it_is_named_for_first(cast: Cast, name: str, first: str) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(name=name)
    found = re.search(r'id="id_value-diagnosis".*?<optgroup label="([^"]+)"', _page(cast), re.DOTALL)
    assert found and found[1] == first
