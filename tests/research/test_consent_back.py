"""The pages before a yes or a no, each with an address of its own: "Back" and a reload send nothing, and what was
chosen so far is nobody else's to read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse

from core import clock
from research.actions import documents
from research.enums import Item
from research.models import ConsentEvent, Participant, Study
from tests.people import Cast, Person
from tests.research.consenting import open_study, say, settings
from tests.research.test_consent_pages import CHECKS, YES, url

pytestmark = pytest.mark.django_db
STEPS = [("about", {}), ("items", YES), ("checks", {**YES, **CHECKS})]


def press(who: Person, cast: Cast, study: Study, **given: Any) -> str:
    """Press a button: where it leads, which is the whole of its answer."""
    answer = who.client.post(url(cast, "say", study), {"version": 1, **given})
    assert answer.status_code == 302 and not answer.content
    return str(answer["Location"])


def ticked(answer: HttpResponse) -> int:
    return len(re.findall(r'value="yes"[^>]*checked', answer.content.decode()))


# --- refusals -------------------------------------------------------------------------------------------------------
def test_what_somebody_chose_is_nobody_elses(cast: Cast) -> None:
    """Their address shows another member the first page, with nothing ticked, and whoever is not here nothing."""
    study = open_study(cast.harbour)
    there = press(cast.alice, cast, study, stage="checks", back="1", **YES)
    assert ticked(cast.alice.client.get(there)) == len(YES)
    theirs = cast.bob.client.get(there).content.decode()
    first = cast.bob.client.get(url(cast, "say", study)).content.decode()
    assert "do not have to take part" in theirs and "do not have to take part" in first
    assert not re.search(r'name="(?:surveys|posts)"', theirs)
    assert [who.client.get(there).status_code for who in (cast.ned, cast.olga)] == [404, 404]


@pytest.mark.parametrize("broken", ["altered", "short", "nonsense", "other study", "old", "none"])
def test_an_address_that_says_nothing_is_the_first_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    study = open_study(cast.harbour)
    there = press(cast.alice, cast, study, stage="items", **YES)
    if broken == "altered":
        there = there[:-6] + ("AAAAAA" if not there.endswith("AAAAAA") else "BBBBBB")
    elif broken == "short":
        there = there[:-20]
    elif broken == "old":
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=1, seconds=1))
    elif broken == "other study":
        there = f"{url(cast, 'say', open_study(cast.harbour))}?{there.partition('?')[2]}"
    else:
        there = f"{url(cast, 'say', study)}?chosen={'' if broken == 'none' else 'é§ %00'}"
    page = cast.alice.client.get(there)
    assert page.status_code == 200 and "do not have to take part" in page.content.decode()
    assert not ticked(page) and 'name="surveys"' not in page.content.decode()


def test_the_address_tells_nothing(cast: Cast) -> None:
    """It is as long whatever was chosen, never the same twice, and holds no word of it."""
    study, alice = open_study(cast.harbour), cast.alice
    no = dict.fromkeys(YES, "no")
    found = [
        press(alice, cast, study, stage="items", **given) for given in (YES, YES, no, {**no, "posts": "yes"})
    ]
    assert len({len(one) for one in found}) == 1 and len(set(found)) == len(found)
    for one in found:
        assert list(parse_qs(urlsplit(one).query)) == ["chosen"]
        assert not [name for name in YES if name in urlsplit(one).query]


# --- there and back -------------------------------------------------------------------------------------------------
def test_each_page_can_be_had_again_and_nothing_is_kept_or_sent(cast: Cast) -> None:
    study, alice = open_study(cast.harbour), cast.alice
    session = dict(alice.client.session.items())
    there = [press(alice, cast, study, stage=stage, **given) for stage, given in STEPS]
    for _time in range(2):
        pages = [alice.client.get(one).content.decode() for one in reversed(there)]
        assert ["Yes or no?" in pages[0], "Is it clear?" in pages[1], "all right with you" in pages[2]] == [
            True
        ] * 3
        assert 'name="posts" value="yes"' in pages[0] and 'name="check_0" value="0"' in pages[0]
        assert 'name="posts" value="yes"' in pages[1]
    assert not Participant.objects.exists() and not ConsentEvent.objects.exists()
    assert dict(alice.client.session.items()) == session


def test_back_after_the_last_press_sends_nothing_and_pressed_anew_it_is_there_once(cast: Cast) -> None:
    study, alice = open_study(cast.harbour), cast.alice
    sure = press(alice, cast, study, stage="checks", **YES, **CHECKS)
    press(alice, cast, study, stage="sure", yes="1", **YES, **CHECKS)
    events = ConsentEvent.objects.count()
    assert alice.client.get(sure).status_code == 200 and ConsentEvent.objects.count() == events
    press(alice, cast, study, stage="sure", yes="1", **YES, **CHECKS)
    assert ConsentEvent.objects.count() == events and Participant.objects.count() == 1


def test_the_button_back_asks_for_nothing_that_is_missing(cast: Cast) -> None:
    study, alice = open_study(cast.harbour), cast.alice
    page = alice.client.get(press(alice, cast, study, stage="items", back="1", posts="yes"))
    assert page.status_code == 200 and "do not have to take part" in page.content.decode()
    assert 'name="posts" value="yes"' in page.content.decode()


def test_what_has_changed_meanwhile_is_said_on_the_way(cast: Cast) -> None:
    """Also where the address was made before: nobody goes on from words that do not hold any more."""
    study, alice = open_study(cast.harbour), cast.alice
    there = press(alice, cast, study, stage="items", **YES)
    documents.publish(study=study, settings=settings(cast.harbour, why="Because of more."), is_material=True)
    for answer in (
        alice.client.get(there, follow=True),
        alice.client.post(url(cast, "say", study), {"version": 1, "stage": "items", **YES}, follow=True),
    ):
        text = answer.content.decode()
        assert "Read it again first" in text and "Because of more." in text and not ticked(answer)


# --- what is missing ------------------------------------------------------------------------------------------------
def test_many_that_are_missing_are_one_line_that_leads_to_the_first(cast: Cast) -> None:
    study, alice = open_study(cast.harbour), cast.alice
    page = alice.client.get(press(alice, cast, study, stage="items"))
    text = page.content.decode()
    summary = text.partition('id="errors"')[2].partition("</div>")[0]
    assert page.status_code == 422 and summary.count("<a ") == 1
    assert f"{len(YES)} answers are missing" in summary and 'href="#id_surveys_0"' in summary
    assert 'id="id_surveys_0"' in text and "Both are fine" in text


def test_one_that_is_missing_is_named_and_a_later_page_leads_back_to_it(cast: Cast) -> None:
    study, alice = open_study(cast.harbour), cast.alice
    given = {name: said for name, said in YES.items() if name != Item.POSTS}
    for stage in ("items", "sure"):
        page = alice.client.get(press(alice, cast, study, stage=stage, **given, **CHECKS)).content.decode()
        summary = page.partition('id="errors"')[2].partition("</div>")[0]
        assert 'href="#id_posts_0"' in summary and "answers are missing" not in summary
        assert "all right with you" in page


def test_who_takes_part_finds_what_they_said_on_the_way(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    page = cast.alice.client.get(press(cast.alice, cast, study, stage="about", **YES))
    assert ticked(page) == len(YES)
