""" "Who can see what”: nothing is stored before it is saved, and the look at oneself is the real page."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts import facts
from community.actions import due
from community.enums import Audience, Eyes
from community.models import Disclosure, DueAct, Persona
from community.selectors.names import Policy
from core import clock
from tests.people import Cast, Person

pytestmark = pytest.mark.once
GONE = {"data-card", 'class="card"'}


def _page(cast: Cast, group=None) -> str:
    return f"/g/{(group or cast.harbour).public_id}/who/"


def _card_page(cast: Cast, handle: str = "Grey Heron") -> str:
    persona = Persona.objects.get(handle=handle)
    return reverse("community:card", args=[persona.group.public_id, persona.public_id])


def _one_thread_page(cast: Cast) -> str:
    return reverse("community:card_of_one_thread_name", args=[cast.harbour.public_id])


def _post(cast: Cast, press: str = "save", group=None, **fields: str) -> HttpResponse:
    name, _, value = press.partition("=")
    data = {key.replace("__", "-"): text for key, text in fields.items()}
    return cast.alice.client.post(_page(cast, group), data | {name: value or "1"})


def _noted(person: Person) -> dict[str, str]:
    kept = facts.read(account=person.account, secret=person.secret).get("facts", {})
    return {slot.partition("@")[0]: answer for slot, answer in kept.items()}


def _rows() -> set[tuple[str, str, str]]:
    return set(Disclosure.objects.values_list("kind", "path", "audience"))


def _show_bipolar(cast: Cast, who: str = Audience.GROUP, level: str = "condition") -> None:
    _post(cast, value__diagnosis="mood/bipolar/2", who__diagnosis=who, level__diagnosis=level)


def _card_in(page: str) -> str:
    """The card as its template draws it."""
    found = re.search(r'<div class="card"><p class="signs">.*?</div>', page, re.DOTALL)
    return found[0] if found else ""


# --- who may ------------------------------------------------------------------------------------------------------
def test_outsiders_get_what_a_page_that_is_not_gives(cast: Cast) -> None:
    for client in (cast.nobody, cast.olga.client, cast.barred.client, cast.ned.client):
        missing = client.get("/g/nosuchgroup/who/")
        for path in (
            _page(cast),
            _card_page(cast),
            _one_thread_page(cast),
            f"{_page(cast)}nosuchname/",
        ):
            answer = client.get(path)
            assert answer.status_code == 404 and answer.content == missing.content
        assert (
            client.post(_page(cast), {"save": "1", "who-role": "group", "value-role": "self"}).status_code
            == 404
        )
    assert not Disclosure.objects.exists()


def test_a_name_of_another_group_is_not_here(cast: Cast) -> None:
    fern = Persona.objects.get(handle="Plain Fern")
    answer = cast.alice.client.get(f"{_page(cast)}{fern.public_id}/")
    assert answer.status_code == 404
    assert answer.content == cast.alice.client.get(f"{_page(cast)}nosuchname/").content


def test_who_only_reads_is_told_that_nobody_sees_them(cast: Cast) -> None:
    assert "Nobody sees you" in cast.lena.client.get(_page(cast)).content.decode()
    cast.lena.client.post(_page(cast), {"save": "1", "value-role": "self", "who-role": "group"})
    assert not Disclosure.objects.exists() and not _noted(cast.lena)


def test_a_limit_on_writing_takes_nothing_from_what_one_may_take_back(cast: Cast) -> None:
    data = {"value-role": "self", "who-role": "group", "save": "1"}
    cast.muted.client.post(_page(cast), data)
    cast.muted.client.post(_page(cast), data | {"who-role": "only_me"})
    assert not Disclosure.objects.exists() and _noted(cast.muted) == {"role": "self"}


# --- noting, showing, taking back -----------------------------------------------------------------------------------
def test_it_starts_with_only_me(cast: Cast) -> None:
    page = cast.alice.client.get(_page(cast)).content.decode()
    assert page.count("Not noted") == 10
    assert len(re.findall(r'value="only_me"[^>]* checked', page)) == 10
    assert "They see no details about you" in page


def test_what_is_noted_is_kept_for_oneself_and_shown_to_nobody(cast: Cast) -> None:
    _post(cast, value__diagnosis="mood/bipolar/2", value__age="1988", value__about="I sail.")
    assert _noted(cast.alice) == {"diagnosis": "mood/bipolar/2", "age": "1988", "about": "I sail."}
    assert not Disclosure.objects.exists()
    assert cast.alice.client.get(_page(cast)).content.decode().count("<b>Only you</b>") == 3


def test_by_itself_it_is_shown_one_step_less_exact(cast: Cast) -> None:
    _post(
        cast, value__diagnosis="mood/bipolar/2", who__diagnosis="group", value__role="self", who__role="group"
    )
    assert _rows() == {("diagnosis", "mood/bipolar/", "group"), ("role", "self/", "group")}


@pytest.mark.parametrize(("level", "path"), [("exact", "mood/bipolar/2/"), ("family", "mood/")])
def test_as_exactly_as_one_says(cast: Cast, level: str, path: str) -> None:
    _show_bipolar(cast, level=level)
    assert _rows() == {("diagnosis", path, "group")}


def test_taking_back_and_showing_again_needs_no_new_answer(cast: Cast) -> None:
    _show_bipolar(cast)
    _post(cast, "nothing")
    assert not Disclosure.objects.exists() and _noted(cast.alice) == {"diagnosis": "mood/bipolar/2"}
    _post(cast, who__diagnosis="moderators")
    assert _rows() == {("diagnosis", "mood/bipolar/", "moderators")}
    _post(cast, value__diagnosis="", who__diagnosis="group")
    assert not Disclosure.objects.exists() and not _noted(cast.alice)


def test_what_the_page_did_not_send_stays_as_it_is(cast: Cast) -> None:
    _show_bipolar(cast)
    _post(cast, value__age="1990")
    assert _rows() == {("diagnosis", "mood/bipolar/", "group")}
    assert _noted(cast.alice) == {"diagnosis": "mood/bipolar/2", "age": "1990"}


def test_settings_in_the_same_sheet_are_untouched(cast: Cast) -> None:
    facts.write(account=cast.alice.account, secret=cast.alice.secret, sheet={"settings": {"pace": "calm"}})
    _show_bipolar(cast)
    kept = facts.read(account=cast.alice.account, secret=cast.alice.secret)
    assert kept["settings"] == {"pace": "calm"}


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [("age", "88", "four numbers"), ("age", "2020", "four numbers"), ("about", "x" * 301, "Keep it to 300"),
     ("about", "I am alice-otter-1234", "sign-in name"), ("diagnosis", "mood/flu", "not one of the available")],
)  # fmt: skip
def test_what_cannot_be_noted_comes_back_with_the_reason(
    cast: Cast, field: str, value: str, why: str
) -> None:
    answer = _post(cast, **{f"value__{field}": value, f"who__{field}": "group"})
    page = answer.content.decode()
    assert answer.status_code == 422 and why in page and "<title>Error: " in page
    assert not Disclosure.objects.exists() and not _noted(cast.alice)


def test_what_does_not_fit_into_the_sheet_is_said_and_nothing_is_shown(cast: Cast) -> None:
    full = {"settings": {"x": "y" * 3700}}
    facts.write(account=cast.alice.account, secret=cast.alice.secret, sheet=full)
    answer = _post(cast, value__about="z" * 290, value__role="self", who__role="group")
    assert answer.status_code == 422 and "no room" in answer.content.decode()
    assert not Disclosure.objects.exists()
    assert facts.read(account=cast.alice.account, secret=cast.alice.secret) == full


def test_an_audience_that_is_none_is_not_taken(cast: Cast) -> None:
    assert _post(cast, value__role="self", who__role="everyone").status_code == 302
    assert not Disclosure.objects.exists()


def test_what_the_group_does_not_use_is_not_asked_for_and_not_lost(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _show_bipolar(cast)
    hidden = Policy(fact_kinds={"diagnosis": "hidden", "age": "prompted"})
    monkeypatch.setattr("community.selectors.names.policy_of", lambda _group: hidden)
    page = cast.alice.client.get(_page(cast)).content.decode()
    assert "Diagnosis" not in page and "This group asks if you want to tell" in page
    _post(cast, value__age="1990")
    assert _noted(cast.alice) == {"diagnosis": "mood/bipolar/2", "age": "1990"}


# --- the look at oneself ------------------------------------------------------------------------------------------
def _preview(cast: Cast, eyes: str, **fields: str) -> str:
    return _post(cast, "look", eyes=eyes, **fields).content.decode()


def test_looking_stores_nothing(cast: Cast) -> None:
    page = _preview(cast, "member", value__diagnosis="mood/bipolar/2", who__diagnosis="group")
    assert '<dd dir="auto">Bipolar</dd>' in _card_in(page) and "Not saved yet." in page
    assert not Disclosure.objects.exists() and not _noted(cast.alice)


@pytest.mark.parametrize(
    ("eyes", "person"),
    [("member", "bob"), ("researcher", "lena"), ("offline", "muted"), ("moderator", "mona"), ("moderator", "lead"),
     ("member", "weak")],
)  # fmt: skip
def test_the_look_is_the_page_that_the_other_gets(cast: Cast, eyes: str, person: str) -> None:
    fields = {
        "value__diagnosis": "mood/bipolar/2", "who__diagnosis": "group",
        "value__profession": "health/nurse", "who__profession": "moderators", "value__age": "1988",
    }  # fmt: skip
    ahead = _card_in(_preview(cast, eyes, **fields))
    _post(cast, **fields)
    real = cast.people[person].client.get(_card_page(cast)).content.decode()
    assert ahead and _card_in(real) == ahead
    assert ("Health and care work" in real) == (eyes == "moderator")
    assert "1988" not in real and "Adult" not in real


def test_a_stranger_sees_nothing_there_and_here(cast: Cast) -> None:
    page = _preview(cast, "stranger", value__diagnosis="mood/bipolar/2", who__diagnosis="group")
    assert "They see nothing" in page and not _card_in(page) and "Could someone work out" not in page
    assert cast.olga.client.get(_card_page(cast)).status_code == 404


def test_every_way_of_looking_has_a_page(cast: Cast) -> None:
    _show_bipolar(cast)
    assert all("See it as" in _preview(cast, eyes) for eyes in Eyes)
    assert "See it as" in _preview(cast, "nobody-like-that")


def test_a_change_brings_back_the_look_and_what_is_said_in_short(cast: Cast) -> None:
    data = {"value-diagnosis": "mood/bipolar/2", "who-diagnosis": "group", "for-diagnosis": ""}
    answer = cast.alice.client.post(_page(cast), data, headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert "<html" not in part and "Bipolar</dd>" in _card_in(part)
    assert 'id="now-diagnosis" hx-swap-oob="true"' in part and "Everyone here" in part
    assert 'id="exact-diagnosis" hx-swap-oob="true"' in part and "Bipolar type II</option>" in part
    assert 'id="exact-age"' not in part and 'id="state-words" hx-swap-oob="true"' in part
    assert not Disclosure.objects.exists()


def test_one_tap_makes_it_less_exact_and_keeps_all_else_that_was_picked(cast: Cast) -> None:
    picked = {
        "value__diagnosis": "mood/bipolar/2",
        "who__diagnosis": "group",
        "value__age": "1988",
        "who__age": "group",
    }
    page = _post(cast, "coarser=diagnosis:family", **picked).content.decode()
    assert "A mood condition</dd>" in _card_in(page) and "Born from 1980 to 1989" in _card_in(page)
    assert re.search(r'<option value="family" selected>', page)
    page = _post(cast, "coarser=diagnosis:", **picked).content.decode()
    assert "mood" not in _card_in(page)
    assert not Disclosure.objects.exists()


# --- the card -------------------------------------------------------------------------------------------------------
def test_a_card_shows_what_is_shown_now_and_an_open_one_hears_of_the_end(cast: Cast) -> None:
    _show_bipolar(cast)
    page = cast.bob.client.get(_card_page(cast)).content.decode()
    assert "Bipolar</dd>" in page and "js/card.js" in page and "This is you" not in page
    again = f"{_card_page(cast)}?again=1"
    assert cast.bob.client.get(again).content.decode().strip() == _card_in(page)
    _post(cast, "nothing")
    after = cast.bob.client.get(again).content.decode()
    assert "Bipolar" not in after and "Shows no details" in after
    assert cast.bob.client.get(again)["Cache-Control"] == "no-store"


def test_ones_own_card_shows_all_and_says_so(cast: Cast) -> None:
    _show_bipolar(cast, who="moderators")
    page = cast.alice.client.get(_card_page(cast)).content.decode()
    assert "Bipolar</dd>" in page and "This is you" in page


def test_an_old_name_shows_nothing_but_itself(cast: Cast) -> None:
    _show_bipolar(cast)
    Persona.objects.filter(handle="Grey Heron").update(is_current=False, about="Was here.")
    for person in (cast.bob, cast.mona, cast.alice):
        page = person.client.get(_card_page(cast)).content.decode()
        assert "not used any more" in page and "Bipolar" not in page and "Was here." not in page
        assert "This is you" not in page


def test_every_one_thread_name_has_the_same_card(cast: Cast) -> None:
    page = cast.bob.client.get(_one_thread_page(cast)).content.decode()
    assert "This is a one-thread name. Nothing else is shown" in page and "js/card.js" not in page


def test_the_card_leads_back_to_the_talk_and_nowhere_else(cast: Cast) -> None:
    talk = f"/g/{cast.harbour.public_id}/t/abc/"
    for came, back in [
        (f"http://testserver{talk}", talk),
        ("http://evil.example/x", f"/g/{cast.harbour.public_id}/"),
    ]:
        page = cast.bob.client.get(_card_page(cast), headers={"Referer": came}).content.decode()
        assert f'<a class="tap" href="{back}">' in page


# --- a fact that changed ----------------------------------------------------------------------------------------------
def _show_leeds(cast: Cast, **more: str) -> HttpResponse:
    return _post(cast, value__region="gb/north/leeds", who__region="group", **more)


def _move(cast: Cast, to: str = "gb/london") -> HttpResponse:
    return _post(cast, group=cast.meadow, value__region=to, who__region="only_me")


def test_what_differs_from_group_to_group_is_noted_for_each(cast: Cast) -> None:
    _post(cast, value__role="self", value__age="1990")
    page = cast.alice.client.get(_page(cast, cast.meadow)).content.decode()
    assert "Born in 1990" in page and "<b>Only you</b>" in page and page.count("<b>Only you</b>") == 1
    _post(cast, group=cast.meadow, value__role="carer")
    kept = facts.read(account=cast.alice.account, secret=cast.alice.secret)["facts"]
    slots = {
        f"role@{cast.harbour.public_id}": "self",
        f"role@{cast.meadow.public_id}": "carer",
        "age": "1990",
    }
    assert kept == slots


def test_a_changed_fact_leaves_other_groups_as_they_are(cast: Cast) -> None:
    _show_leeds(cast)
    page = cast.alice.client.get(_move(cast).url).content.decode()
    assert "Your other groups still see what they saw" in page and "harbour" not in page
    assert _rows() == {("region", "gb/north/", "group")}
    page = cast.alice.client.get(_page(cast)).content.decode()
    assert "People here still see “North of England”" in page and "They could see “London” instead" in page
    _post(cast, value__age="1990", value__region="gb/london", who__region="group", level__region="as-it-is")
    assert _rows() == {("region", "gb/north/", "group")}
    _post(cast, value__region="gb/london", who__region="moderators", level__region="as-it-is")
    assert _rows() == {("region", "gb/north/", "moderators")}


def test_an_answer_taken_away_elsewhere_is_said_and_can_be_stopped_here(cast: Cast) -> None:
    _show_leeds(cast)
    _move(cast, to="")
    assert (
        "You took your answer away. People here still see"
        in cast.alice.client.get(_page(cast)).content.decode()
    )
    _post(cast, value__region="", who__region="only_me")
    assert not Disclosure.objects.exists()


def test_it_is_shown_now(cast: Cast) -> None:
    _show_leeds(cast)
    _move(cast)
    _post(cast, "now=region", value__age="1990", who__age="group")
    assert _rows() == {("region", "gb/london/", "group")}
    assert "age" not in _noted(cast.alice)


def test_it_is_shown_a_little_later_unless_that_is_stopped(cast: Cast) -> None:
    _show_leeds(cast)
    _move(cast)
    _post(cast, "later=region")
    [act] = DueAct.objects.all()
    next_day = dt.datetime.combine(clock.today() + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    assert act.due_at >= next_day + due.APART
    assert "in some days" in cast.alice.client.get(_page(cast)).content.decode()
    _post(cast, "stop=region")
    assert not DueAct.objects.exists()
    _post(cast, "later=region")
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        due.do_due()
    assert _rows() == {("region", "gb/london/", "group")}


def test_saving_another_answer_here_ends_what_waits(cast: Cast) -> None:
    _show_leeds(cast)
    _move(cast)
    _post(cast, "later=region")
    _post(cast, value__region="us", level__region="region")
    assert not DueAct.objects.exists() and _rows() == {("region", "us/", "group")}


def test_two_groups_that_see_it_later_see_it_far_apart(cast: Cast) -> None:
    _show_leeds(cast, value__age="1990", who__age="group")
    _move(cast)
    _post(cast, "later=region")
    first = DueAct.objects.get()
    _post(cast, group=cast.meadow, value__age="1990", who__age="group")
    _post(cast, value__age="1981")
    _post(cast, "later=age", group=cast.meadow)
    second = DueAct.objects.exclude(pk=first.pk).get()
    assert second.due_at - first.due_at >= due.APART


def test_pressing_what_is_not_there_does_nothing(cast: Cast) -> None:
    _show_bipolar(cast)
    for press in ("now=diagnosis", "later=diagnosis", "now=shoe", "later=age", "stop=shoe", "coarser=shoe:x"):
        assert _post(cast, press).status_code in {200, 302}
    assert _rows() == {("diagnosis", "mood/bipolar/", "group")} and not DueAct.objects.exists()
