"""Asking for a change of the group promise: refusals first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AuditEntry
from chat.actions import proposals
from chat.actions.posts import delete_post
from chat.enums import Outcome
from chat.errors import Refused
from chat.models import Proposal, Thread
from chat.selectors.proposals import how_many_wait
from community import starter
from community.actions import charters as charter_actions
from community.actions import standing
from community.actions.standing import Effect
from community.errors import MayNot, NotHere
from community.selectors import charters
from core import clock
from tests.chat.hiding import block, looking
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
AFTER = proposals.OPEN + dt.timedelta(days=1)


def url(name: str, cast: Cast, *more: str) -> str:
    return reverse(f"chat:{name}", args=[cast.harbour.public_id, *more])


def opened_by(person: Person, cast: Cast) -> Thread:
    thread = make_thread(cast.harbour, title="Say it kindly")
    send(person, thread, "The second line should be shorter.")
    return thread


def propose(person: Person, thread: Thread, *, ago: dt.timedelta = dt.timedelta(0)) -> None:
    with clock.held_at(clock.now() - ago):
        proposals.propose(face=face(person, thread), thread=thread)


def answer(person: Person, thread: Thread, text: str = "Three of you said so.") -> None:
    proposals.answer(face=face(person, thread), thread=thread, outcome=Outcome.TAKEN, text=text)


@pytest.mark.parametrize("who", ["bob", "lena", "muted", "weak", "mona", "lead"])
def test_nobody_else_makes_a_talk_ask(cast: Cast, who: str) -> None:
    thread = opened_by(cast.alice, cast)
    send(cast.bob, thread)
    with pytest.raises(NotHere):
        propose(getattr(cast, who), thread)
    answered = getattr(cast, who).client.post(url("propose", cast, thread.public_id))
    assert answered.status_code == 404 and not Proposal.objects.exists()


@pytest.mark.parametrize("who", ["barred", "ned", "olga", "nobody"])
def test_whoever_is_not_here_finds_nothing(cast: Cast, who: str) -> None:
    thread = opened_by(cast.alice, cast)
    propose(cast.alice, thread, ago=AFTER)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    for answered in (
        client.get(url("proposals", cast)),
        client.post(url("propose", cast, thread.public_id)),
        client.get(url("proposal_answer", cast, thread.public_id)),
        client.post(url("proposal_answer", cast, thread.public_id), {"outcome": "left", "text": "No."}),
    ):
        assert answered.status_code == 404 or "/sign-in/" in answered["Location"]
    assert Proposal.objects.get().answered_on is None


def test_one_who_took_the_start_away_asks_no_more(cast: Cast) -> None:
    thread = opened_by(cast.alice, cast)
    delete_post(face=face(cast.alice, thread), post=thread.posts.get())
    with pytest.raises(NotHere):
        propose(cast.alice, thread)


@pytest.mark.parametrize("who", ["alice", "bob", "weak", "mona"])
def test_only_a_lead_answers(cast: Cast, who: str) -> None:
    thread = opened_by(cast.alice, cast)
    propose(cast.alice, thread, ago=AFTER)
    with pytest.raises(NotHere):
        answer(getattr(cast, who), thread)
    page = url("proposal_answer", cast, thread.public_id)
    assert getattr(cast, who).client.get(page).status_code == 404
    given = {"outcome": "left", "text": "No."}
    assert getattr(cast, who).client.post(page, given).status_code == 404


def test_no_answer_comes_before_everybody_could_comment_or_without_reasons(cast: Cast) -> None:
    thread = opened_by(cast.alice, cast)
    propose(cast.alice, thread)
    with pytest.raises(MayNot):
        answer(cast.lead, thread)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(outcome=Outcome.LEFT, answer="No.", answered_on=clock.today())
    Proposal.objects.update(open_until=clock.today() - dt.timedelta(days=1))
    with pytest.raises(Refused):
        answer(cast.lead, thread, " ")
    page = url("proposal_answer", cast, thread.public_id)
    assert cast.lead.client.post(page, {"outcome": "left", "text": ""}).status_code == 422
    answer(cast.lead, thread)
    with pytest.raises(MayNot):
        answer(cast.lead, thread, "Another.")
    assert cast.lead.client.post(page, {"outcome": "left", "text": "No."}).status_code == 409


def test_three_at_a_time_so_that_each_is_answered(cast: Cast) -> None:
    for _ in range(3):
        propose(cast.alice, opened_by(cast.alice, cast))
    with pytest.raises(MayNot):
        propose(cast.bob, opened_by(cast.bob, cast))


def test_members_see_how_long_it_waits_and_what_became_of_it(cast: Cast) -> None:
    thread = opened_by(cast.alice, cast)
    post_page = url("post", cast, thread.public_id, thread.posts.get().public_id)
    assert url("propose", cast, thread.public_id) in cast.alice.client.get(post_page).content.decode()
    assert url("propose", cast, thread.public_id) not in cast.bob.client.get(post_page).content.decode()
    for _ in range(2):
        assert cast.alice.client.post(url("propose", cast, thread.public_id)).status_code == 302
    talk, everything = url("thread", cast, thread.public_id), url("proposals", cast)
    for page in (talk, everything):
        assert "You can comment until" in cast.lena.client.get(page).content.decode()
    assert how_many_wait(cast.lead.here(cast.harbour)) == 0
    Proposal.objects.update(open_until=clock.today() - dt.timedelta(days=6))
    assert "It has waited 5 days for an answer" in cast.lena.client.get(talk).content.decode()
    assert how_many_wait(cast.lead.here(cast.harbour)) == 1
    assert how_many_wait(cast.mona.here(cast.harbour)) == 0
    given = {"outcome": "partly", "text": "Shorter, and the example stays."}
    assert cast.lead.client.post(url("proposal_answer", cast, thread.public_id), given).status_code == 302
    for page in (talk, everything):
        html = cast.lena.client.get(page).content.decode()
        assert (
            "We will change some of it." in html and "the example stays" in html and "Broad Field" not in html
        )
    acts = AuditEntry.objects.order_by("seq").values_list("act", "actor_role", "ref")
    assert list(acts) == [
        ("promise change asked", "member", thread.public_id),
        ("promise change answered", "group lead", thread.public_id),
    ]


def publish(cast: Cast) -> None:
    here = cast.lead.here(cast.harbour)
    now = charters.current(group=here.group)
    charter_actions.publish_charter(here=here, text=starter.starter_charter(), base_version=now.version)


def test_what_is_promised_is_said_to_be_not_done_until_a_new_version(cast: Cast) -> None:
    """The page goes on saying version 1: nobody may read the answer as if it were done."""
    thread = opened_by(cast.alice, cast)
    propose(cast.alice, thread, ago=AFTER)
    change = reverse("community:promise_change", args=[cast.harbour.public_id])
    still = "You said that you would change this. It is not changed yet."
    assert still not in cast.lead.client.get(change).content.decode()
    answer(cast.lead, thread)
    pages = [url("thread", cast, thread.public_id), url("proposals", cast)]
    for page in pages:
        html = cast.lena.client.get(page).content.decode()
        assert "We will change the promise like this.</b> It is not changed yet." in html
        assert change not in html and change in cast.lead.client.get(page).content.decode()
    on_page = cast.lead.client.get(change).content.decode()
    assert still in on_page and pages[0] in on_page and "Say it kindly" in on_page
    publish(cast)
    for page in pages:
        html = cast.lena.client.get(page).content.decode()
        assert "not changed yet" not in html and "The promise has changed since this was asked." in html
    assert still not in cast.lead.client.get(change).content.decode()


def test_who_changed_it_before_answering_has_nothing_left_to_do(cast: Cast) -> None:
    thread = opened_by(cast.alice, cast)
    propose(cast.alice, thread, ago=AFTER)
    publish(cast)
    answer(cast.lead, thread)
    html = cast.lena.client.get(url("proposals", cast)).content.decode()
    assert "not changed yet" not in html and "The promise has changed since this was asked." in html


@pytest.mark.parametrize(("outcome", "over"), [(Outcome.LEFT, 1), (Outcome.TAKEN, None)])
def test_where_nothing_was_promised_or_nobody_knows_nothing_is_said(
    cast: Cast, outcome: Outcome, over: int | None
) -> None:
    thread = opened_by(cast.alice, cast)
    propose(cast.alice, thread, ago=AFTER)
    proposals.answer(face=face(cast.lead, thread), thread=thread, outcome=outcome, text="So.")
    Proposal.objects.update(answered_over=over)
    html = cast.lena.client.get(url("proposals", cast)).content.decode()
    assert "not changed yet" not in html and "has changed since" not in html


def test_a_one_thread_name_asks_as_well(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    propose(cast.alice, thread)
    columns = {field.name for field in Proposal._meta.concrete_fields}
    assert columns == {"id", "thread", "open_until", "outcome", "answer", "answered_on", "answered_over"}


def test_whoever_does_not_see_the_writer_sees_no_title(cast: Cast) -> None:
    thread = opened_by(cast.alice, cast)
    send(cast.lead, thread)
    propose(cast.alice, thread)
    assert "Say it kindly" in cast.bob.client.get(url("proposals", cast)).content.decode()
    block(cast.alice, cast.bob, cast.harbour)
    assert "Say it kindly" not in cast.bob.client.get(url("proposals", cast)).content.decode()


def test_a_lead_who_may_not_write_answers_nothing(cast: Cast) -> None:
    thread = opened_by(cast.alice, cast)
    propose(cast.alice, thread, ago=AFTER)
    standing.limit(group=cast.harbour, owner_tag=cast.lead.tag(cast.harbour), effect=Effect(may_post=False))
    with pytest.raises(NotHere):
        proposals.answer(
            face=face(cast.lead, thread), thread=thread, outcome=next(iter(Outcome)), text="You are lazy"
        )


def test_what_one_does_not_see_takes_nobodys_turn(cast: Cast) -> None:
    for _ in range(proposals.MOST):
        propose(cast.alice, opened_by(cast.alice, cast))
    block(cast.alice, cast.bob, cast.harbour)
    thread = opened_by(cast.bob, cast)
    proposals.propose(face=looking(cast.bob, thread), thread=thread)
    assert Proposal.objects.filter(thread=thread).exists()
