"""What was asked for a little later gives way to what is asked for since; who may not write shows no new words."""

from __future__ import annotations

import datetime as dt

import pytest

from community.actions import disclosures as actions
from community.actions import due, standing
from community.enums import Audience
from community.errors import MayNot
from community.models import Disclosure, DueAct, Standing
from community.selectors.disclosures import Detail
from core import clock
from tests.community import test_disclosure_page as pages
from tests.people import Cast

ABOUT = Detail(kind="about", level="exact", audience=Audience.MODERATORS, path="I sail./")
LONDON = Detail(kind="region", level="region", audience=Audience.GROUP, path="gb/london/")
NORTH = Detail(kind="region", level="region", audience=Audience.GROUP, path="gb/north/")
COUNTRY = Detail(kind="region", level="country", audience=Audience.GROUP, path="gb/")


def _will_move_to_london(cast: Cast) -> None:
    pages._show_leeds(cast)
    pages._move(cast)
    pages._post(cast, "later=region")
    assert DueAct.objects.count() == 1


def _a_month_passes() -> None:
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        due.do_due()


def _silence(cast: Cast) -> None:
    Standing.objects.create(
        group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_read=True, may_post=False
    )


def _about(text: str, who: str = "group") -> dict[str, str]:
    return {"value__about": text, "who__about": who, "level__about": "exact"}


# --- a little later -------------------------------------------------------------------------------------------------
def test_less_exact_since_ends_what_waits(cast: Cast) -> None:
    _will_move_to_london(cast)
    pages._post(cast, value__region="gb/london", who__region="group", level__region="country")
    assert not DueAct.objects.exists()
    _a_month_passes()
    assert pages._rows() == {("region", "gb/", "group")}


def test_for_other_eyes_since_it_still_comes(cast: Cast) -> None:
    _will_move_to_london(cast)
    pages._post(cast, value__region="gb/london", who__region="moderators", level__region="as-it-is")
    _a_month_passes()
    assert pages._rows() == {("region", "gb/london/", "moderators")}


def test_it_comes_no_finer_than_what_is_shown_then(cast: Cast) -> None:
    here = cast.alice.here(cast.harbour)
    key = cast.alice.keyed("due", actions.waits_under(cast.harbour.public_id))
    actions.show(here=here, details=[NORTH])
    actions.update_later(here=here, key=key, detail=LONDON, due_at=clock.now())
    actions.show(here=here, details=[COUNTRY])
    _a_month_passes()
    assert pages._rows() == {("region", "gb/", "group")}


@pytest.mark.parametrize("to", ["", "us"])
def test_an_answer_changed_anywhere_since_ends_what_waits_everywhere(cast: Cast, to: str) -> None:
    _will_move_to_london(cast)
    pages._post(cast, group=cast.meadow, value__region=to)
    assert not DueAct.objects.exists()
    _a_month_passes()
    assert pages._rows() == {("region", "gb/north/", "group")}


def test_another_answer_changed_elsewhere_ends_nothing(cast: Cast) -> None:
    _will_move_to_london(cast)
    pages._post(cast, group=cast.meadow, value__age="1990", value__role="self")
    assert DueAct.objects.count() == 1


# --- who may not write ----------------------------------------------------------------------------------------------
def test_who_may_not_write_shows_no_new_words(cast: Cast) -> None:
    _silence(cast)
    answer = pages._post(cast, **_about("Bob lies."), value__role="self", who__role="group")
    page = answer.content.decode()
    assert answer.status_code == 422 and "A limit is set for you" in page and "Bob lies.</textarea>" in page
    assert not Disclosure.objects.exists() and not pages._noted(cast.alice)
    pages._post(cast, **_about("Bob lies.", who="only_me"), value__role="self", who__role="group")
    assert pages._rows() == {("role", "self/", "group")} and pages._noted(cast.alice)["about"] == "Bob lies."


@pytest.mark.parametrize("new", [{"path": "Bob lies./"}, {"audience": Audience.GROUP}])
def test_words_shown_before_stay_and_go_but_neither_change_nor_spread(
    cast: Cast, new: dict[str, str]
) -> None:
    actions.show(here=cast.alice.here(cast.harbour), details=[ABOUT])
    _silence(cast)
    here = cast.alice.here(cast.harbour)
    fields = {"kind": "about", "level": "exact", "audience": ABOUT.audience, "path": ABOUT.path} | new
    with pytest.raises(MayNot) as refusal:
        actions.show(here=here, details=[Detail(**fields)])  # type: ignore[arg-type]
    assert refusal.value.reason and pages._rows() == {("about", ABOUT.path, "moderators")}
    assert actions.show(here=here, details=[ABOUT, NORTH]) and Disclosure.objects.count() == 2
    assert actions.show(here=here, details=[]) and not Disclosure.objects.exists()


def test_words_may_be_kept_to_fewer_eyes_without_writing(cast: Cast) -> None:
    pages._post(cast, **_about("I sail."))
    _silence(cast)
    pages._post(cast, **_about("I sail.", who="moderators"))
    assert pages._rows() == {("about", "I sail./", "moderators")}


@pytest.mark.parametrize("press", ["now=about", "later=about"])
def test_words_changed_elsewhere_do_not_come_here_without_writing(cast: Cast, press: str) -> None:
    pages._post(cast, **_about("I sail."))
    pages._post(cast, group=cast.meadow, **_about("Bob lies.", who="only_me"))
    _silence(cast)
    answer = pages._post(cast, press)
    assert answer.status_code == 422 and "A limit is set for you" in answer.content.decode()
    assert pages._rows() == {("about", "I sail./", "group")} and not DueAct.objects.exists()


def test_words_that_wait_do_not_come_once_one_may_not_write(cast: Cast) -> None:
    pages._post(cast, **_about("I sail."))
    pages._post(cast, group=cast.meadow, **_about("Bob lies.", who="only_me"))
    pages._post(cast, "later=about")
    assert DueAct.objects.count() == 1
    _silence(cast)
    _a_month_passes()
    assert pages._rows() == {("about", "I sail./", "group")}


def test_words_that_wait_do_not_come_unseen_for_who_is_checked_first_by_then(cast: Cast) -> None:
    here, key = (
        cast.alice.here(cast.harbour),
        cast.alice.keyed("due", actions.waits_under(cast.harbour.public_id)),
    )
    actions.show(here=here, details=[ABOUT])
    new = Detail(kind="about", level="exact", audience=ABOUT.audience, path="Bob lies./")
    actions.update_later(here=here, key=key, detail=new, due_at=clock.now())
    limit = standing.Effect(is_checked_first=True)
    standing.limit(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), effect=limit)
    with clock.held_at(clock.now() + dt.timedelta(seconds=1)):
        due.do_due()
    assert pages._rows() == {("about", ABOUT.path, "moderators")}
