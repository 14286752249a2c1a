"""The line about oneself is one of the things that one shows: told as such, coached, weighed, and taken back with the
rest. Refusals first."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse

from community import meter
from community.actions import disclosures as actions
from community.enums import Audience
from community.errors import NotHere
from community.models import Disclosure, DueAct, Persona, Standing
from community.policies import Outside
from community.selectors.disclosures import Detail
from tests.community import test_disclosure_page as pages
from tests.people import Cast, Person

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LINE = "Nurse at Leeds General. 07700 900123"
CALM = "I like tea and long walks."
LOOK = "Not saved yet. Look at this once."


def _write(cast: Cast, line: str = LINE, who: str = "alice", group: str = "harbour") -> None:
    member = cast.people[who].member(getattr(cast, group))
    Persona.objects.filter(member=member, is_current=True).update(about=line)


def _line(cast: Cast, who: str = "alice", group: str = "harbour") -> str:
    return Persona.objects.get(member=cast.people[who].member(getattr(cast, group)), is_current=True).about


def _page(cast: Cast, who: str = "alice") -> str:
    return str(cast.people[who].client.get(pages._page(cast)).content.decode())


def _card(cast: Cast, who: str = "bob") -> str:
    return str(cast.people[who].client.get(f"{pages._card_page(cast)}?again=1").content.decode())


def _about(cast: Cast, text: str, **more: str) -> HttpResponse:
    at = f"/g/{cast.harbour.public_id}/name/about/"
    return cast.alice.client.post(at, {"about": text, **more})


# --- who may ------------------------------------------------------------------------------------------------------
def test_nobody_takes_the_line_of_somebody_else(cast: Cast) -> None:
    _write(cast)
    for client in (cast.nobody, cast.olga.client, cast.barred.client, cast.ned.client):
        for press in ("line", "nothing"):
            assert client.post(pages._page(cast), {press: "1"}).status_code == 404
    for who in (cast.bob, cast.mona, cast.lena):
        for press in ("line", "nothing"):
            who.client.post(pages._page(cast), {press: "1"})
    assert _line(cast) == LINE
    for act in (actions.delete_line, actions.show_nothing_here):
        with pytest.raises(NotHere):
            act(here=Outside(group=cast.harbour, signed_in=True))  # type: ignore[arg-type]


@pytest.mark.parametrize("press", ["line", "nothing"])
def test_it_goes_here_and_in_no_other_group(cast: Cast, press: str) -> None:
    _write(cast)
    _write(cast, CALM, group="meadow")
    pages._post(cast, press)
    assert (_line(cast), _line(cast, group="meadow")) == ("", CALM)


@pytest.mark.parametrize("press", ["line", "nothing"])
def test_who_may_not_write_can_take_it_back_all_the_same(cast: Cast, press: str) -> None:
    _write(cast, who="muted")
    assert "/name/about/" not in _page(cast, "muted") and "Delete the line" in _page(cast, "muted")
    cast.muted.client.post(pages._page(cast), {press: "1"})
    assert _line(cast, "muted") == ""


# --- a thing that is shown ------------------------------------------------------------------------------------------
def test_it_is_a_row_and_counted_among_what_everyone_sees(cast: Cast) -> None:
    page = _page(cast)
    assert "Nothing written" in page and "are shown to everyone" not in page
    _write(cast, CALM)
    page = _page(cast)
    row = re.search(r'id="the-line".*?</details>', page, re.DOTALL)
    assert row and "Everyone here" in row[0] and CALM in row[0] and "/name/about/" in row[0]
    assert "1 thing is shown to everyone here." in page and "Only you see them. Nobody here does" not in page
    pages._show_bipolar(cast)
    assert "2 things are shown to everyone here." in _page(cast)


def test_a_card_does_not_call_it_nothing(cast: Cast) -> None:
    _write(cast, CALM)
    assert (
        CALM in _card(cast) and "Shows no details" not in _card(cast) and "Shows nothing else" in _card(cast)
    )


def test_showing_nothing_takes_it_from_open_cards_and_says_what_became_of_it(cast: Cast) -> None:
    _write(cast)
    pages._show_bipolar(cast)
    assert LINE in _card(cast) and "The line about you is deleted. Copy it first" in _page(cast)
    said = cast.alice.client.get(pages._post(cast, "nothing").url).content.decode()
    assert "Nobody here sees any of it now." in said and "The line about you is deleted." in said
    assert LINE not in _card(cast) and LINE not in said and not Disclosure.objects.exists()
    assert "Shows no details" in _card(cast)
    assert "is deleted" not in cast.alice.client.get(pages._post(cast, "nothing").url).content.decode()


def test_deleting_it_alone_leaves_what_else_was_picked(cast: Cast) -> None:
    _write(cast)
    answer = pages._post(cast, "line", value__diagnosis="mood/bipolar/2", who__diagnosis="group")
    page = answer.content.decode()
    assert answer.status_code == 200 and "The line about you is deleted. Nobody here sees it now." in page
    assert LINE not in page and "Bipolar</dd>" in page and "Not saved yet." in page
    assert _line(cast) == "" and not Disclosure.objects.exists()


# --- weighed ----------------------------------------------------------------------------------------------------------
def _read(cast: Cast, line: str, *details: Detail) -> meter.Reading:
    member = cast.alice.member(cast.harbour)
    found = meter.read(member=member, details=details, asker_sees=(Audience.GROUP,), line=line)
    assert found is not None
    return found


def test_a_line_that_points_at_somebody_stands_first(cast: Cast) -> None:
    narrow = [
        Detail(kind="diagnosis", level="exact", audience=Audience.GROUP, path="mood/bipolar/2/"),
        Detail(kind="region", level="town", audience=Audience.GROUP, path="gb/north/leeds/"),
        Detail(kind="profession", level="job", audience=Audience.GROUP, path="health/nurse/"),
    ]
    found = _read(cast, LINE, *narrow)
    assert (found.matters[0].name, found.matters[0].words, found.matters[0].points) == (
        "The line about you", LINE, True,
    )  # fmt: skip
    assert LINE in found.story and len(found.matters) == 3
    found = _read(cast, CALM, *narrow)
    assert "The line about you" not in [one.name for one in found.matters]
    assert found.own_words == ["The line about you"], "named all the same, since nothing counts it"
    assert _read(cast, "", *narrow).own_words == []


def test_so_does_a_detail_in_words_of_ones_own(cast: Cast) -> None:
    about = Detail(kind="about", level="exact", audience=Audience.GROUP, path="Call 07700 900123/")
    bipolar = Detail(kind="diagnosis", level="condition", audience=Audience.GROUP, path="mood/bipolar/")
    found = _read(cast, CALM, bipolar, about)
    assert [one.kind for one in found.matters] == ["about", "diagnosis", meter.LINE]
    assert found.own_words == ["Something about me", "The line about you"]


def test_the_page_names_it_and_offers_to_delete_it(cast: Cast) -> None:
    _write(cast)
    page = _page(cast)
    matters = re.search(r'<ul class="plain matters">.*?</ul>', page, re.DOTALL)
    assert matters and "07700 900123" in matters[0] and 'name="line"' in matters[0]
    assert "Something in it can point straight to you." in matters[0]
    assert "No figure can weigh your own words." in page and "So there is nothing here to go by" not in page


# --- coached ----------------------------------------------------------------------------------------------------------
def test_a_line_with_a_number_comes_back_once_with_both_ways_open(cast: Cast) -> None:
    answer = _about(cast, LINE)
    page = answer.content.decode()
    assert answer.status_code == 409 and LOOK in page and "This looks like a way to reach you" in page
    assert 'href="#id_about"' in page and LINE in page and _line(cast) == ""
    both = re.findall(r'<(?:a|button) class="(btn[^"]*)"[^>]*>(Change it|Save as it is)', page)
    assert both == [("btn second", "Change it"), ("btn second", "Save as it is")]
    assert _about(cast, LINE, as_it_is="save:").status_code == 302 and _line(cast) == LINE
    assert _about(cast, LINE).status_code == 302, "it was looked at"
    assert _about(cast, CALM).status_code == 302 and _line(cast) == CALM


def _picking(person: Person, at: str, **more: str) -> dict[str, str]:
    shown = person.client.get(at).content.decode()
    avatar = re.search(r'name="avatar" value="([^"]+)"', shown)
    assert avatar
    return {"own": "Fresh Fern", "avatar": avatar[1], "about": LINE, **more}


@pytest.mark.parametrize(("who", "page"), [("lena", "name/"), ("alice", "name/change/")])
def test_a_line_beside_a_new_name_is_coached_as_well(cast: Cast, who: str, page: str) -> None:
    person, at = cast.people[who], f"/g/{cast.harbour.public_id}/{page}"
    picked = _picking(person, at)
    answer = person.client.post(at, picked)
    assert answer.status_code == 409 and LOOK in answer.content.decode()
    assert not Persona.objects.filter(handle="Fresh Fern").exists()
    assert person.client.post(at, picked | {"as_it_is": "save:"}).status_code == 302
    assert Persona.objects.get(handle="Fresh Fern").about == LINE


def test_a_name_used_elsewhere_and_a_line_ask_one_after_the_other(cast: Cast) -> None:
    at = f"/g/{cast.harbour.public_id}/name/change/"
    picked = _picking(cast.alice, at, own="Plain Fern")
    assert 'type="checkbox" name="anyway"' in cast.alice.client.post(at, picked).content.decode()
    page = cast.alice.client.post(at, picked | {"anyway": "on"}).content.decode()
    kept = re.search(r'<input type="hidden" name="anyway" value="([^"]+)"', page)
    assert kept and LOOK in page
    again = picked | {"anyway": kept[1], "as_it_is": "save:"}
    assert cast.alice.client.post(at, again).status_code == 302


def _say(cast: Cast, press: str = "save", who: str = "group", text: str = LINE) -> HttpResponse:
    return pages._post(cast, press, value__about=text, who__about=who)


def test_something_about_me_is_coached_where_everyone_would_read_it(cast: Cast) -> None:
    answer = _say(cast)
    page = answer.content.decode()
    assert answer.status_code == 409 and LOOK in page and "This looks like a way to reach you" in page
    assert 'href="#id_value-about"' in page and re.search(r'id="kind-about" open', page)
    assert not Disclosure.objects.exists() and not pages._noted(cast.alice)
    assert _say(cast, "as_it_is=save:").status_code == 302
    assert pages._rows() == {("about", f"{LINE}/", "group")}
    assert _say(cast).status_code == 302, "it was looked at"


def test_what_is_noted_for_oneself_or_shown_to_moderators_is_not_stopped(cast: Cast) -> None:
    """The advice says that everyone in the group could use it."""
    assert _say(cast, who="only_me").status_code == 302
    assert _say(cast, who="moderators").status_code == 302
    assert _say(cast, who="group").status_code == 409
    assert pages._rows() == {("about", f"{LINE}/", "moderators")}


@pytest.mark.parametrize("press", ["now", "later"])
def test_words_changed_in_another_group_are_coached_before_they_show_here(cast: Cast, press: str) -> None:
    _say(cast, text=CALM)
    pages._post(cast, group=cast.meadow, value__about=LINE)
    answer = pages._post(cast, f"{press}=about")
    assert answer.status_code == 409 and f'value="{press}:about"' in answer.content.decode()
    assert pages._rows() == {("about", f"{CALM}/", "group")} and not DueAct.objects.exists()
    assert pages._post(cast, f"as_it_is={press}:about").status_code == 302
    assert DueAct.objects.exists() or pages._rows() == {("about", f"{LINE}/", "group")}


def test_no_press_that_was_read_does_anything_else(cast: Cast) -> None:
    """The button with advice carries what was pressed: nothing but what can be coached is taken from it."""
    pages._show_bipolar(cast)
    _write(cast, CALM)
    for press in ("nothing:", "line:", "x", ":", "later:diagnosis", "now:shoe"):
        pages._post(cast, f"as_it_is={press}")
    assert pages._rows() == {("diagnosis", "mood/bipolar/", "group")} and _line(cast) == CALM


def test_advice_opens_no_way_round_a_limit(cast: Cast) -> None:
    tag = cast.alice.tag(cast.harbour)
    Standing.objects.create(group=cast.harbour, owner_tag=tag, may_read=True, may_post=False)
    assert _say(cast, "as_it_is=save:").status_code == 422
    assert _about(cast, LINE, as_it_is="save:").status_code == 404
    assert not Disclosure.objects.exists() and _line(cast) == ""
