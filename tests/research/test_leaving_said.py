"""What people are told of leaving, of the lot and of their rights is what Kith does: refusals first."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from core import clock
from research import consent_text
from research.actions import departing
from research.digests import digest
from research.enums import Part, Scope, Unit
from research.models import ConsentDocument, Participant, Study
from research.presenters.pack import pack
from tests.architecture import reading
from tests.people import Cast, Person
from tests.research.consenting import ARMS, open_study, part, say, settings
from tests.research.filing import filing, writes

pytestmark = pytest.mark.django_db
OWN_WORDS = ("who", "why", "reads", "never_gets", "recipients", "risks")
UNITS = [Unit.PERSON, Unit.GROUP]


def url(cast: Cast, name: str, study: Study) -> str:
    return reverse(f"research:{name}", args=[cast.harbour.public_id, study.public_id])


def page(who: Person, cast: Cast, name: str, study: Study) -> str:
    return str(who.client.get(url(cast, name, study)).content.decode())


def left(who: Person, cast: Cast, study: Study, scope: Scope) -> str:
    """Somebody leaves, and reads the receipt."""
    return str(who.client.post(url(cast, "leave", study), {"scope": scope}).content.decode())


def body(cast: Cast, **more: Any) -> dict[str, Any]:
    return consent_text.body(settings=settings(cast.harbour, **more) | dict.fromkeys(OWN_WORDS, ""))


# --- coming back ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", [Scope.STOP, Scope.EXCLUDE])
def test_who_stopped_is_stopped_at_the_first_page(cast: Cast, scope: Scope) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    departing.leave(group=cast.harbour, sid=study.public_id, scope=scope, key_of=cast.alice.keyed)
    for answer in (
        cast.alice.client.get(url(cast, "say", study)),
        cast.alice.client.post(url(cast, "say", study), {"version": 1, "stage": "about"}),
    ):
        assert answer.status_code == 302 and answer["Location"] == url(cast, "mine", study)
    assert "That is for good." in page(cast.alice, cast, "mine", study)


def test_that_it_is_for_good_is_said_before_the_press_and_that_deleting_is_not(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    told = page(cast.alice, cast, "leave", study)
    assert "To stop is for good." in told and "You can then say yes anew" in told
    left(cast.alice, cast, study, Scope.DELETE)
    assert cast.alice.client.get(url(cast, "say", study)).status_code == 200
    assert say(cast.alice, cast.harbour, study).takes_part


# --- after leaving --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", [Scope.STOP, Scope.EXCLUDE])
def test_who_left_can_have_all_deleted_and_is_offered_nothing_else(cast: Cast, scope: Scope) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    with clock.held_at(clock.now() + dt.timedelta(days=13)):  # it began on a day by lot, and ends on one
        left(cast.alice, cast, study, scope)
        told = page(cast.alice, cast, "leave", study)
    assert re.findall(r'name="scope" value="(\w+)"', told) == ["delete"]
    assert ("The team can use messages" in told) == (scope == Scope.STOP)
    assert "Delete what you gave" in told and "How would you like to leave?" not in told
    for other in ("stop", "exclude", ""):
        answer = cast.alice.client.post(url(cast, "leave", study), {"scope": other})
        again = other == scope  # the receipt, loaded again: it leads to one's own part
        assert answer.status_code == (302 if again else 422), other
    receipt = left(cast.alice, cast, study, Scope.DELETE)
    assert "What you gave is deleted" in receipt and not Participant.objects.exists()


def test_ones_own_part_says_what_was_and_no_number_that_is_not_there(cast: Cast) -> None:
    study = open_study(cast.harbour)
    own = say(cast.alice, cast.harbour, study)
    before = page(cast.alice, cast, "mine", study)
    assert own.participant and own.participant.pid in before and "The team sees your numbers" in before
    left(cast.alice, cast, study, Scope.STOP)
    after = page(cast.alice, cast, "mine", study)
    assert own.participant.pid not in after and "The team sees" not in after
    assert "No longer:</b> Answer some questions" in after and "No:</b> Answer" not in after
    assert "What you gave until then may be used." in after


def test_the_receipt_of_deleting_says_to_keep_it(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    assert "It is shown once: keep it." in page(cast.alice, cast, "leave", study)
    assert "Keep this page" in left(cast.alice, cast, study, Scope.DELETE)
    assert "It is shown once" in page(cast.alice, cast, "mine", study)
    say(cast.bob, cast.harbour, study)
    assert "Keep this page" not in left(cast.bob, cast, study, Scope.EXCLUDE)  # one's own part shows it again


def test_ones_own_part_leads_to_the_copy(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    copy = reverse("community:copy", args=[cast.harbour.public_id])
    for scope in (None, Scope.STOP):
        if scope:
            left(cast.alice, cast, study, scope)
        assert f'href="{copy}"' in page(cast.alice, cast, "mine", study)


# --- what shows at once, and what on a day by lot -------------------------------------------------------------------
def test_no_page_promises_that_nobody_sees_the_day(cast: Cast) -> None:
    """Files lack what is theirs at once: the way out, the receipt, the papers and the text before a yes say so."""
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    papers = render_to_string(
        "research/_pack.html", {"pack": pack(study=study, protocol=None, for_team=False)}
    )
    first, told = page(cast.alice, cast, "say", study), page(cast.alice, cast, "leave", study)
    receipt = left(cast.alice, cast, study, Scope.STOP)
    for text in (first, told, receipt, papers):
        assert "lack what is" in text and "day by lot" in text.lower()
        assert "nobody sees on which day" not in text.replace("\n", " ")


def test_files_do_what_is_said_of_them(cast: Cast) -> None:
    """The page on which a file is read is shorter as soon as somebody stopped: it must be, and people are told."""
    made = filing(cast)
    writes(cast.alice, made, "Hello there.")
    before = made.ask(messages=True)
    address = reverse("research:file_read", args=[made.sid, before.public_id])
    assert b"Hello there." in made.people["ruth"].client.get(address).content
    departing.leave(group=cast.harbour, sid=made.sid, scope=Scope.STOP, key_of=cast.alice.keyed)
    assert b"Hello there." not in made.people["ruth"].client.get(address).content


# --- the lot --------------------------------------------------------------------------------------------------------
def test_no_lot_is_spoken_of_where_nothing_is_compared(cast: Cast) -> None:
    for arms in ([], ARMS[:1]):
        every = body(cast, arms=arms, unit="group")
        assert not [one for one in every["about"] if "picks by lot" in one["answer"]]
        assert every["checks"][0]["options"][0] == "Nothing. All stays as it is."


@pytest.mark.parametrize("unit", UNITS)
def test_the_lot_is_read_of_before_a_yes_and_is_fixed_with_the_rest(cast: Cast, unit: Unit) -> None:
    study = open_study(cast.harbour, unit=unit, arms=ARMS)
    every = body(cast, arms=ARMS, unit=str(unit))
    (lot,) = [one["answer"] for one in every["about"] if "picks by lot" in one["answer"]]
    assert "You cannot pick it." in lot
    assert ("You are not told which" in lot) == (unit == Unit.PERSON)
    assert ("for all here" in lot) == (unit == Unit.GROUP)
    fixed = ConsentDocument.objects.get(study=study)
    assert "picks by lot" in str(fixed.body) and fixed.digest == digest(fixed.body)
    assert "picks by lot" in page(cast.alice, cast, "say", study)
    assert reading.measure([lot]).grade <= 5
    assert consent_text.reads_of(every) == every["about"][2]["answer"]  # what is read stays the third


def test_no_check_says_that_all_stays_where_a_version_holds_for_all(cast: Cast) -> None:
    every = body(cast, arms=ARMS, unit="group")
    check = every["checks"][0]
    assert (
        "All stays as it is" not in check["options"][check["right"]]
        and "Nothing changes" not in check["because"]
    )
    assert "A version for all here holds for you too" in check["because"]
    alone = body(cast, arms=ARMS, unit="person")["checks"][0]
    assert alone["options"][alone["right"]] == "Nothing. All stays as it is."


def test_ones_own_part_says_that_there_is_a_version(cast: Cast) -> None:
    without, study = open_study(cast.harbour), open_study(cast.harbour, arms=ARMS)
    say(cast.alice, cast.harbour, without)
    assert "A lot picked" not in page(cast.alice, cast, "mine", without)
    own = say(cast.alice, cast.harbour, study)
    told = page(cast.alice, cast, "mine", study)
    assert own.participant and own.participant.arm and own.participant.part == Part.IN
    assert "A lot picked one of the versions" in told and "not told which one" in told
    for arm in ARMS:
        assert str(arm["title"]) not in told
    assert part(cast.alice, cast.harbour, study).takes_part


@pytest.mark.parametrize("unit", UNITS)
def test_all_that_is_read_before_a_yes_is_easy_with_versions(cast: Cast, unit: Unit) -> None:
    every = body(cast, arms=ARMS, unit=str(unit), field_notes=True, rooms=True)
    said = [one[key] for one in every["about"] for key in ("question", "answer")]
    said += list(every["items"].values())
    said += [text for one in every["checks"] for text in (*one["options"], one["because"])]
    assert reading.measure(said).grade <= 5


# --- rights ---------------------------------------------------------------------------------------------------------
def test_putting_an_answer_right_is_promised_until_its_round_is_over(cast: Cast) -> None:
    study = open_study(cast.harbour)
    papers = render_to_string(
        "research/_pack.html", {"pack": pack(study=study, protocol=None, for_team=False)}
    )
    texts = [papers, page(cast.alice, cast, "say", study), page(cast.alice, cast, "study_here", study)]
    for text in texts:
        assert "round is over for" in text and "ask" in text
        assert "Put it right." not in text and "put it right, have it deleted" not in text
