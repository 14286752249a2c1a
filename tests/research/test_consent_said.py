"""What somebody reads after they said yes, or left: what comes to nothing, what waits, and what can still be done."""

from __future__ import annotations

import pytest

from community.models import Standing
from research import consent_text
from research.enums import Item
from research.models import ConsentDocument, Study, StudyGroup
from tests.architecture import reading
from tests.people import Cast, Person
from tests.research.consenting import open_study, part, say, settings
from tests.research.questions import asking, at, in_days, joined
from tests.research.test_consent_pages import CHECKS, YES, post, url

pytestmark = pytest.mark.django_db
NO_QUOTES = "asked for quotes, and no to them reading what you write"


# --- the receipt of leaving -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["get", "post"])
def test_the_receipt_loaded_again_leads_to_ones_own_page_and_nobody_else_anywhere(
    cast: Cast, how: str
) -> None:
    """The same answer as to whoever never took part; a study that is not there looks like one that is not for you."""
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    leave = url(cast, "leave", study)
    assert cast.alice.client.post(leave, {"scope": "delete"}).status_code == 200

    def load(who: Person, address: str) -> tuple[int, str, bytes]:
        answer = getattr(who.client, how)(address, {"scope": "delete"} if how == "post" else {})
        return answer.status_code, answer.get("Location", ""), answer.content

    assert load(cast.alice, leave)[:2] == load(cast.bob, leave)[:2] == (302, url(cast, "mine", study))
    assert "You have no part" in cast.alice.client.get(url(cast, "mine", study)).content.decode()
    nowhere = url(cast, "leave", "nosuchstudy123")
    for who in (cast.ned, cast.olga):
        assert load(who, leave) == load(who, nowhere) and load(who, leave)[0] == 404
    StudyGroup.objects.filter(study=study).update(state="asked")
    assert load(cast.bob, leave) == load(cast.bob, nowhere) and load(cast.bob, leave)[0] == 404


@pytest.mark.parametrize("scope", ["stop", "exclude", "delete"])
def test_after_a_stop_a_link_leads_to_having_it_deleted(cast: Cast, scope: str) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    leave = url(cast, "leave", study)
    receipt = cast.alice.client.post(leave, {"scope": scope}).content.decode()
    assert (f'href="{leave}"' in receipt) == (scope != "delete")
    if scope != "delete":
        assert "Delete what you gave" in cast.alice.client.get(leave).content.decode()


@pytest.mark.parametrize("scope", ["stop", "exclude"])
def test_the_receipt_of_a_stop_loaded_again_leads_to_ones_own_page(cast: Cast, scope: str) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    leave = url(cast, "leave", study)
    assert cast.alice.client.post(leave, {"scope": scope}).status_code == 200
    again = cast.alice.client.post(leave, {"scope": scope})
    assert (again.status_code, again.get("Location")) == (302, url(cast, "mine", study))


# --- one yes taken back ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("item", "says_so"), [("surveys", True), ("link", False), ("quotes", False)])
def test_what_goes_along_is_said_once_it_is_done(cast: Cast, item: str, says_so: bool) -> None:
    study, alice = open_study(cast.harbour), cast.alice
    post(alice, cast, study, stage="sure", yes="1", **YES, **CHECKS)
    done = alice.client.post(url(cast, "take_back", study), {"item": item}, follow=True).content.decode()
    assert "That yes is taken back." in done and "The rest stays as you said it." in done
    assert ("side by side went with it" in done) == says_so


def test_a_yes_to_messages_taken_back_is_not_called_a_no(cast: Cast) -> None:
    study, alice = open_study(cast.harbour), cast.alice
    post(alice, cast, study, stage="sure", yes="1", **YES, **CHECKS)
    given = {"item": "posts"}
    mine = alice.client.post(url(cast, "take_back", study), given, follow=True).content.decode()
    assert "You took back your yes to them reading what you write." in mine and NO_QUOTES not in mine


# --- a yes to quotes without a yes to messages ----------------------------------------------------------------------
@pytest.mark.parametrize(("posts", "quotes"), [("yes", "yes"), ("no", "yes"), ("yes", "no"), ("no", "no")])
def test_a_yes_to_quotes_without_messages_is_said_to_come_to_nothing(
    cast: Cast, posts: str, quotes: str
) -> None:
    """Before the last press, and on one's own page after it; not where it comes to something, nor after leaving."""
    study, alice = open_study(cast.harbour), cast.alice
    given = YES | CHECKS | {"posts": posts, "quotes": quotes}
    says_so = (posts, quotes) == ("no", "yes")
    assert (NO_QUOTES in post(alice, cast, study, stage="checks", **given).content.decode()) == says_so
    mine = post(alice, cast, study, stage="sure", yes="1", **given).content.decode()
    assert (NO_QUOTES in mine) == says_so and "You take part" in mine
    alice.client.post(url(cast, "leave", study), {"scope": "stop"})
    assert NO_QUOTES not in alice.client.get(url(cast, "mine", study)).content.decode()


def test_the_choice_says_what_a_quote_needs_in_easy_words(cast: Cast) -> None:
    study = open_study(cast.harbour)
    page = post(cast.alice, cast, study, stage="about").content.decode()
    text = consent_text.body(settings=settings(cast.harbour))["items"][Item.QUOTES]
    assert "They can ask only if you also let them read" in text and text in page
    assert text in ConsentDocument.objects.get().body["items"][Item.QUOTES]
    assert reading.measure([text]).grade <= 5


# --- rounds that are open -------------------------------------------------------------------------------------------
def test_ones_own_page_leads_to_a_round_that_is_open_now(cast: Cast) -> None:
    """Of this study alone, while it is open, for whoever can open it."""
    study, other, alice = asking(cast.harbour), asking(cast.harbour), cast.alice
    joined(alice, cast.harbour, other)
    answers = dict.fromkeys(part(alice, cast.harbour, study).document.body["items"], "yes")
    mine = post(alice, cast, study, stage="sure", yes="1", **answers, **CHECKS).content.decode()
    assert mine.count(f'href="{at(cast.harbour, study)}"') == 1 and at(cast.harbour, other) not in mine
    assert at(cast.harbour, study, 2) not in mine
    with in_days(14, alice):
        assert at(cast.harbour, study) not in alice.client.get(url(cast, "mine", study)).content.decode()


@pytest.mark.parametrize("why", ["no to questions", "left", "paused", "kept out here", "kept off the site"])
def test_it_leads_to_none_that_is_not_open_to_them(cast: Cast, why: str) -> None:
    study, alice = asking(cast.harbour), cast.alice
    say(alice, cast.harbour, study, {Item.SURVEYS: why != "no to questions", Item.ACTIVITY: True})
    if why == "left":
        alice.client.post(url(cast, "leave", study), {"scope": "stop"})
    elif why == "paused":
        Study.objects.filter(pk=study.pk).update(is_paused=True)
    elif why.startswith("kept"):
        Standing.objects.create(
            group=cast.harbour,
            owner_tag=alice.tag(cast.harbour),
            may_read="site" in why,
            site_wide="site" in why,
        )
    mine = alice.client.get(url(cast, "mine", study))
    assert mine.status_code == 200 and at(cast.harbour, study) not in mine.content.decode()
