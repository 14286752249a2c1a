"""What a team keeps of somebody goes once they asked: also what stands around what others wrote."""

from __future__ import annotations

import datetime as dt

import pytest

from chat.models import Thread
from community.actions import due
from community.models import DueAct
from core import clock
from moderation.actions import appeals, forgetting
from moderation.actions.appeals import Answer
from moderation.enums import Act, Outcome
from moderation.models import Appeal, Case
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.judging import claim, decided, judge, report
from tests.moderation.test_looking_again import appeal_to
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_words_around_a_reported_message_go_with_those_who_wrote_them(cast: Cast, thread: Thread) -> None:
    send(cast.alice, thread, "My tomatoes are ripe.")
    report(cast.lena, send(cast.bob, thread, "You are lazy."))
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        due.do_due()
    assert "tomatoes" not in str(Case.objects.get().context)


def test_words_around_go_with_each_face_apart_and_what_was_reported_stays_to_be_decided(
    cast: Cast, thread: Thread
) -> None:
    """A case that was opened after they left holds their words as well, until those go."""
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, "Once", key_for_alias=alias_key(cast.alice, thread))
    send(cast.alice, thread, "Beside it")
    post = send(cast.alice, thread, "Reported")
    others = send(cast.bob, thread, "Others")
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "later"})
    case, theirs = report(cast.bob, post).case, report(cast.lena, others).case

    def lines(case: Case) -> set[str]:
        return {line["text"] for line in Case.objects.get(pk=case.pk).context}

    everything = {"Once", "Beside it", "Reported", "Others"}
    seen = [(lines(case), lines(theirs))]
    assert seen == [(everything, everything)]
    for moment in DueAct.objects.order_by("due_at").values_list("due_at", flat=True):
        assert moment
        with clock.held_at(moment):
            due.do_due()
        if (now := (lines(case), lines(theirs))) != seen[-1]:
            seen.append(now)
    kept = {"Beside it", "Reported", "Others"}
    assert seen[1] in [(everything, {"Once", "Others"}), (kept, kept)]
    assert seen[2:] == [(kept, {"Others"})]


def test_what_was_said_to_ask_for_another_look_goes_where_the_copy_was_gone(
    cast: Cast, thread: Thread
) -> None:
    decision = decided(cast, thread, Act.HIDE)
    forgetting.forget_copy(str(decision.case_id))
    decision.refresh_from_db()
    case = claim(cast.lead, appeal_to(cast, decision, words="I am Jo of Elm Road."))
    answer = Answer(outcome=Outcome.KEEP, words="It stays.")
    appeals.resolve(
        judge=judge(cast.lead, cast.harbour), appeal=Appeal.objects.get(), fence=case.fence, answer=answer
    )
    assert Appeal.objects.get().words == "" and Case.objects.get(pk=case.pk).text == ""
    with clock.held_at(clock.now() + dt.timedelta(days=400)):
        forgetting.forget_old()
    assert Appeal.objects.get().words == ""
