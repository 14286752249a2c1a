"""The pages on which somebody thinks about a study, says yes or no, and leaves: refusals first."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from community.models import Standing
from core import clock
from research import consent_text
from research.actions import documents
from research.digests import digest
from research.enums import Item, Part, Scope
from research.forms.consent import ConsentForm
from research.models import ConsentDocument, ConsentEvent, Participant, Source, Study
from research.presenters.pack import pack
from research.presenters.public import public
from research.protocols import whole
from research.selectors.hosting import Hosted
from tests.architecture import reading
from tests.people import Cast, Person
from tests.research.consenting import ALL, open_study, part, say, settings

pytestmark = pytest.mark.django_db
OWN_WORDS = ("who", "why", "reads", "never_gets", "recipients", "risks")
CHECKS = {"check_0": "0", "check_1": "1"}
YES = dict.fromkeys(map(str, [*ALL, Item.LINK]), "yes")


def url(cast: Cast, name: str, study: Study | str) -> str:
    sid = study if isinstance(study, str) else study.public_id
    return reverse(f"research:{name}", args=[cast.harbour.public_id, sid])


def post(who: Person, cast: Cast, study: Study, **given: Any) -> HttpResponse:
    """Press a button, and go where it leads."""
    answer: HttpResponse = who.client.post(url(cast, "say", study), {"version": 1, **given}, follow=True)
    return answer


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["say", "mine", "leave"])
@pytest.mark.parametrize("who", ["ned", "olga", "nobody"])
def test_who_is_not_here_finds_what_is_not_there(cast: Cast, who: str, name: str) -> None:
    study = open_study(cast.harbour)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    answers = [client.get(url(cast, name, sid)) for sid in (study, "nosuchstudy123")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_who_never_answered_has_no_part(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.bob, cast.harbour, study)
    assert "You have no part" in cast.alice.client.get(url(cast, "mine", study)).content.decode()
    for method in ("get", "post"):
        answer = getattr(cast.alice.client, method)(url(cast, "leave", study))
        assert (answer.status_code, answer["Location"]) == (302, url(cast, "mine", study))
    assert part(cast.bob, cast.harbour, study).takes_part


def test_a_limit_keeps_nobody_from_leaving(cast: Cast) -> None:
    """Whoever is kept out of the group may still look at their part and have all of it deleted."""
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    Standing.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_read=False)
    assert cast.alice.client.get(url(cast, "say", study)).status_code == 404
    assert cast.alice.client.get(url(cast, "mine", study)).status_code == 200
    answer = cast.alice.client.post(url(cast, "leave", study), {"scope": "delete"})
    assert answer.status_code == 200 and not Participant.objects.exists()


# --- yes and no -----------------------------------------------------------------------------------------------------
def test_nothing_is_ticked_for_anybody_and_nothing_is_kept_on_the_way(cast: Cast) -> None:
    study, alice = open_study(cast.harbour), cast.alice
    page = alice.client.get(url(cast, "say", study)).content.decode()
    assert "checked" not in page
    session = dict(alice.client.session.items())
    for stage, given in (("about", {}), ("items", YES), ("checks", {**YES, **CHECKS})):
        page = post(alice, cast, study, stage=stage, **given).content.decode()
        assert "checked" not in page.replace('class="checked"', "")
    assert "Say yes" in page and "Say no" in page
    assert not Participant.objects.exists() and not ConsentEvent.objects.exists()
    assert dict(alice.client.session.items()) == session


def test_yes_is_kept_with_the_last_press(cast: Cast) -> None:
    study = open_study(cast.harbour)
    answer: Any = post(cast.alice, cast, study, stage="sure", yes="1", **YES, **CHECKS)
    assert answer.redirect_chain == [(url(cast, "mine", study), 302)]
    own = part(cast.alice, cast.harbour, study)
    assert own.takes_part and all(own.says_yes(item) for item in [*ALL, Item.LINK])
    page = cast.alice.client.get(url(cast, "mine", study)).content.decode()
    assert own.participant and own.participant.pid in page and "Leave this study" in page


def test_no_to_all_of_it_is_as_near(cast: Cast) -> None:
    study = open_study(cast.harbour)
    post(cast.alice, cast, study, stage="sure", no="1", **YES, **CHECKS)
    own = part(cast.alice, cast.harbour, study)
    assert own.participant and own.participant.part == Part.REFUSED and not Source.objects.exists()
    assert "You said no" in cast.alice.client.get(url(cast, "mine", study)).content.decode()


def test_what_is_missing_is_asked_for_and_the_rest_is_there(cast: Cast) -> None:
    study = open_study(cast.harbour)
    given = {code: answer for code, answer in YES.items() if code != Item.POSTS}
    answer = post(cast.alice, cast, study, stage="items", **given)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Both are fine" in page
    assert len(re.findall(r'value="yes"[^>]*checked', page)) == len(given)


def test_of_the_answers_to_a_check_one_is_wrong(cast: Cast) -> None:
    page = post(cast.alice, cast, open_study(cast.harbour), stage="checks", **YES).content.decode()
    assert page.count("Choose one.") >= 2 and "Both are fine" not in page


def test_a_wrong_check_is_read_back_put_right_and_asked_once_more(cast: Cast) -> None:
    study = open_study(cast.harbour)
    wrong = {**YES, "check_0": "1", "check_1": "1"}
    page = post(cast.alice, cast, study, stage="checks", **wrong).content.decode()
    assert "You said: “I have to leave the group.”" in page and "What is so:" in page
    assert "Nothing changes if you say no" in page and "You can leave at any time" not in page
    assert 'name="check_0"' in page and 'name="yes"' not in page  # asked once more, and not yet "yes or no?"
    again = post(cast.alice, cast, study, stage="checks", looked="1", **wrong).content.decode()
    assert 'name="yes"' in again and "What is so:" in again  # nobody is held up twice
    right = post(cast.alice, cast, study, stage="checks", looked="1", **YES, **CHECKS).content.decode()
    assert 'name="yes"' in right and "What is so:" not in right


def test_right_answers_go_straight_on(cast: Cast) -> None:
    page = post(cast.alice, cast, open_study(cast.harbour), stage="checks", **YES, **CHECKS).content.decode()
    assert 'name="yes"' in page and "What is so:" not in page


def test_one_can_go_back_with_everything_kept(cast: Cast) -> None:
    study = open_study(cast.harbour)
    page = post(cast.alice, cast, study, stage="checks", back="1", **YES, **CHECKS).content.decode()
    assert len(re.findall(r'value="yes"[^>]*checked', page)) == len(YES)
    assert 'name="check_0" value="0"' in page


def test_what_has_changed_meanwhile_is_said_and_nothing_is_lost(cast: Cast) -> None:
    study = open_study(cast.harbour)
    Study.objects.update(is_paused=True)
    answer = post(cast.alice, cast, study, stage="sure", yes="1", **YES, **CHECKS)
    page = answer.content.decode()
    assert answer.status_code == 409 and "stopped for now" in page and 'name="posts" value="yes"' in page
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    "given",
    [{"stage": "nonsense"}, {}, {"stage": "sure", "version": "x"}, {"stage": "sure", "posts": "maybe"}],
)
def test_what_no_page_sends_is_answered_calmly(cast: Cast, given: dict[str, str]) -> None:
    study = open_study(cast.harbour)
    assert post(cast.alice, cast, study, yes="1", **given).status_code in {200, 422}
    assert not Participant.objects.exists()


@pytest.mark.parametrize("says", ["yes", "no"])
def test_who_takes_part_and_says_something_else_reads_that_it_is_changed(cast: Cast, says: str) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    given = {"stage": "sure", says: "1", "version": 1, **YES, **CHECKS}
    page = cast.alice.client.post(url(cast, "say", study), given, follow=True).content.decode()
    assert "What you said is changed." in page and "take part now" not in page


def test_a_study_that_is_over_asks_nobody(cast: Cast) -> None:
    study = open_study(cast.harbour)
    Study.objects.filter(pk=study.pk).update(state="closed", closed_on=clock.today())
    answer = cast.alice.client.get(url(cast, "say", study), follow=True)
    assert answer.redirect_chain and "This study is over." in answer.content.decode()


# --- leaving --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", list(Scope))
def test_leaving_is_two_taps_and_a_receipt(cast: Cast, scope: Scope) -> None:
    study = open_study(cast.harbour)
    own = say(cast.alice, cast.harbour, study)
    before = cast.alice.client.get(url(cast, "leave", study)).content.decode()
    assert "You need no reason" in before and own.participant
    page = cast.alice.client.post(url(cast, "leave", study), {"scope": scope}).content.decode()
    assert "You left this study" in page
    assert (own.participant.pid in page) == (scope != Scope.STOP)
    mine = cast.alice.client.get(url(cast, "mine", study)).content.decode()
    assert ("You have no part" in mine) == (scope == Scope.DELETE)
    if scope == Scope.STOP:  # another way is pressed in another tab: it is said that it does not hold
        given = {"scope": Scope.EXCLUDE}
        again = cast.alice.client.post(url(cast, "leave", study), given).content.decode()
        assert "You have left already" in again and "not one of the available" not in again


def test_a_way_has_to_be_chosen(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    answer = cast.alice.client.post(url(cast, "leave", study), {})
    assert answer.status_code == 422 and part(cast.alice, cast.harbour, study).takes_part


def test_why_the_law_lets_them_is_said_in_words(cast: Cast) -> None:
    study = open_study(cast.harbour, lawful_basis="public_task", special_basis="research")
    page = cast.alice.client.get(url(cast, "say", study)).content.decode()
    assert "a task in the public interest: Article 6(1)(e)" in page and "public_task" not in page


@pytest.mark.parametrize("stage", ["about", "items"])
def test_what_has_to_be_chosen_is_not_said_to_be_skipped(cast: Cast, stage: str) -> None:
    page = post(cast.alice, cast, open_study(cast.harbour), stage=stage, **YES).content.decode()
    assert page.count('type="radio"') and "you can skip this" not in page


def test_who_is_asked_again_finds_nothing_ticked(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    assert (
        b'value="yes"' in cast.alice.client.get(url(cast, "say", study)).content
    )  # what one said, to change it
    documents.publish(study=study, settings=settings(cast.harbour, why="Because of more."), is_material=True)
    shown = cast.alice.client.get(url(cast, "say", study)).content.decode()
    assert not re.findall(r'name="(?:surveys|activity|posts|quotes)" value="(?:yes|no)"', shown)


def test_what_changed_meanwhile_is_read_again_and_can_be_answered_then(cast: Cast) -> None:
    study = open_study(cast.harbour)
    documents.publish(study=study, settings=settings(cast.harbour, why="Because of more."), is_material=True)
    answer = post(cast.alice, cast, study, stage="sure", yes="1", **YES, **CHECKS)
    shown = answer.content.decode()
    assert answer.status_code == 409 and "Read it again first" in shown and "Because of more." in shown
    assert 'name="version" value="2"' in shown and not Participant.objects.exists()


@pytest.mark.parametrize("scope", ["stop", "exclude", "delete"])
def test_leaving_takes_two_taps_as_the_paper_says(cast: Cast, scope: str) -> None:
    """The way from one's own part, and one of three buttons. None is picked beforehand, and none at all is refused."""
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    leave = reverse("research:leave", args=[cast.harbour.public_id, study.public_id])
    mine = reverse("research:mine", args=[cast.harbour.public_id, study.public_id])
    assert f'href="{leave}"' in cast.alice.client.get(mine).content.decode()
    page = cast.alice.client.get(leave).content.decode()
    assert re.search(rf'<button class="btn \w+" name="scope" value="{scope}"', page)
    assert 'type="radio"' not in page
    refused = cast.alice.client.post(leave)
    assert refused.status_code == 422 and 'href="#id_scope_0"' in refused.content.decode()
    assert cast.alice.client.post(leave, {"scope": scope}).status_code == 200


def test_who_has_no_part_reads_that_and_is_not_asked(cast: Cast) -> None:
    """Never answered, or had all deleted: not the first of the pages on which one says yes or no."""
    study = open_study(cast.harbour)
    mine = reverse("research:mine", args=[cast.harbour.public_id, study.public_id])
    leave = reverse("research:leave", args=[cast.harbour.public_id, study.public_id])
    say(cast.alice, cast.harbour, study)
    assert cast.alice.client.post(leave, {"scope": "delete"}).status_code == 200
    for who in (cast.alice, cast.bob):
        answer = who.client.get(mine)
        text = answer.content.decode()
        assert answer.status_code == 200 and "You have no part in this study" in text
        assert 'name="stage"' not in text and "1 of 4" not in text


# --- what the pages say ---------------------------------------------------------------------------------------------
def test_risks_and_who_gets_it_stand_before_the_fold_and_the_law_within(cast: Cast) -> None:
    study = open_study(
        cast.harbour, risks="It may hurt.", recipients="An archive, by name.", transfers="To Norway.",
        officer="dpo@college.example", purposes=["A paper.", "A talk."], retention_months=60,
    )  # fmt: skip
    open_part, _, folded = (
        cast.alice.client.get(url(cast, "say", study)).content.decode().partition("<details>")
    )
    assert "It may hurt." in open_part and "An archive, by name." in open_part
    for said in ("A paper. A talk.", "To Norway.", "dpo@college.example", "60 months after the study ends"):
        assert said in folded


def test_a_document_of_an_earlier_kith_is_shown_as_it_was_read(cast: Cast) -> None:
    """Its digest is in the record: nothing of it is written anew, not on the page, not in the papers."""
    study = open_study(cast.harbour, reads="Your answers.")
    document = ConsentDocument.objects.get()
    body = document.body | {"about": [{"question": "Who?", "answer": "We."}]}
    body["law"] = {key: body["law"][key] for key in ("ethics_body", "ethics_ref", "controller")} | {
        "lawful_basis": "a", "special_basis": "b"
    }  # fmt: skip
    with connection.cursor() as cursor:  # what is fixed can be put in anew alone
        cursor.execute("DELETE FROM research_consentdocument")
    ConsentDocument.objects.create(
        study=study, version=1, body=body, digest=digest(body), published_on=document.published_on
    )
    page = cast.alice.client.get(url(cast, "say", study)).content.decode()
    assert "We." in page and "Data protection officer" not in page and "Who else gets it?" not in page
    papers = pack(study=study, protocol=study.protocols.get(), for_team=True)
    assert papers.consent == body and papers.consent_digest == digest(body)
    assert papers.reads == "Your answers."
    assert (
        public(Hosted(host=study.hosts.get(), settings=whole(settings(cast.harbour)))).about == body["about"]
    )


@pytest.mark.parametrize("item", ALL)
def test_what_is_asked_for_is_read_whatever_the_team_wrote(cast: Cast, item: Item) -> None:
    """A sentence for each thing that was ticked, and none for what was not."""
    told = consent_text._each_read()
    asked = [Item.POSTS, item] if item == Item.QUOTES else [item]
    found = consent_text.reads(
        settings(cast.harbour, reads="Nothing much.", items=[str(one) for one in asked])
    )
    assert {one for one, words in told.items() if words in found} == set(asked)


def test_notes_and_a_room_are_told_where_the_team_says_nothing_of_them(cast: Cast) -> None:
    found = consent_text.reads(settings(cast.harbour, field_notes=True, rooms=True))
    assert "They keep notes" in found and "a room here" in found
    assert "notes" not in consent_text.reads(settings(cast.harbour))


def test_what_people_read_before_a_yes_is_easy(cast: Cast) -> None:
    """All that Kith itself says there, with every item asked for: grade 5."""
    every = consent_text.body(
        settings=settings(cast.harbour, field_notes=True, rooms=True) | dict.fromkeys(OWN_WORDS, "")
    )
    said = [one[key] for one in every["about"] for key in ("question", "answer")] + list(
        every["items"].values()
    )
    assert reading.measure(said).grade <= 5


@pytest.mark.parametrize("items", [ALL[:1], ALL[:2]])
def test_nothing_speaks_of_messages_where_a_study_reads_none(cast: Cast, items: list[Item]) -> None:
    """Neither the steps, nor the papers, nor one's own page, nor leaving: with answers alone, or with counts, too."""
    study = open_study(cast.harbour, items=[str(item) for item in items])
    counts = Item.ACTIVITY in items
    asked = {*items, *([Item.LINK] if counts else [])}
    body = part(cast.alice, cast.harbour, study).document.body
    assert set(body["items"]) == set(map(str, asked))
    assert not any("messages" in text for text in body["items"].values())
    first = cast.alice.client.get(url(cast, "say", study)).content.decode()
    items_page = post(cast.alice, cast, study, stage="about").content.decode()
    post(cast.alice, cast, study, stage="sure", yes="1", **dict.fromkeys(map(str, asked), "yes"), **CHECKS)
    with clock.held_at(clock.now() + dt.timedelta(days=8)):  # it begins on a day by lot
        mine, leave = (
            cast.alice.client.get(url(cast, name, study)).content.decode() for name in ("mine", "leave")
        )
    papers = render_to_string(
        "research/_pack.html", {"pack": pack(study=study, protocol=None, for_team=False)}
    )
    assert not [found for page in (first, items_page, mine) for found in re.findall(r".*\w messages.*", page)]
    assert "Messages, where" not in papers and "read their messages" not in papers
    assert "use messages you wrote" not in leave and "reads no messages of yours" in leave
    for page, said in ((items_page, "side by side"), (mine, "Your number for how often you write"),
                       (papers, "How often somebody writes"), (leave, "use how often you wrote")):  # fmt: skip
        assert (said in page) == counts


def test_what_is_asked_stands_in_its_own_order_whatever_the_database_keeps(cast: Cast) -> None:
    study = open_study(cast.harbour)
    document = study.documents.get()
    mixed = dict(
        sorted(document.body["items"].items(), key=lambda one: (len(one[0]), one))
    )  # as PostgreSQL does
    assert list(mixed) != list(document.body["items"]) or connection.vendor == "postgresql"
    body = document.body | {"items": mixed}
    asked = [str(item) for item in Item if item in mixed]
    assert list(consent_text.items_of(body)) == asked
    assert [name for name in ConsentForm(document=body).fields if name in mixed] == asked
