"""What a decision did stays done until it is taken back itself, and nobody is worse off for having asked."""

from __future__ import annotations

from typing import Any

import pytest

from chat.enums import PostState
from chat.models import Post, Thread
from community.models import Standing
from moderation.actions import appeals, decisions
from moderation.enums import Act, CaseState, Outcome
from moderation.errors import Conflict
from moderation.models import Appeal, Case, Decision
from tests.chat.saying import send
from tests.moderation.console import Desk
from tests.moderation.judging import FACTS, claim, decide, decided, judge, report, ruling
from tests.people import Cast

pytestmark = pytest.mark.django_db


def appeal_to(cast: Cast, decision: Decision) -> Case:
    """Alice asks for another look."""
    assert decision.notice
    tag = cast.alice.tag(cast.harbour)
    return appeals.appeal(notice=decision.notice, owner_tag=tag, words="I was joking.").case


def take_back(cast: Cast, decision: Decision) -> None:
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="It was not needed.")


# --- undoing --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("first", [Act.HEADS_UP, Act.CHECK_FIRST, Act.SLOW, Act.ASK_EDIT])
def test_undoing_an_early_decision_does_not_bring_back_what_a_later_one_removed(
    cast: Cast, thread: Thread, first: Act
) -> None:
    post = send(cast.alice, thread, "Awful")
    one = decide(cast.mona, report(cast.bob, post).case, first)
    Post.objects.filter(pk=post.pk).update(state=PostState.SHOWN)  # as after a change that was asked for
    two = decide(cast.mona, report(cast.lena, post).case, Act.REMOVE)
    take_back(cast, one)
    post.refresh_from_db()
    assert (post.state, post.heads_up) == (PostState.REMOVED, "")
    take_back(cast, two)
    post.refresh_from_db()
    assert post.state == PostState.SHOWN


def test_undoing_a_later_decision_leaves_the_heads_up_of_an_early_one(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread, "Awful")
    decide(cast.mona, report(cast.bob, post).case, Act.HEADS_UP)
    two = decide(cast.mona, report(cast.lena, post).case, Act.HIDE)
    take_back(cast, two)
    post.refresh_from_db()
    assert (post.state, post.heads_up) == (PostState.SHOWN, "hospital")


# --- another look ---------------------------------------------------------------------------------------------------
def change(cast: Cast, case: Case, **given: Any) -> int:
    """The lead changes the decision. Returns the status."""
    desk = Desk(cast.lead, case)
    given = {
        "fence": desk.take(),
        "outcome": "change",
        "text": "We made it milder.",
        "facts": FACTS,
    } | given
    return int(desk.post("answer", rule="kind", message="", **given).status_code)


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        (Act.BAN, {"days": 1}, {"act": "mute", "days": "365"}),
        (Act.BAN, {"days": 7}, {"act": "ban", "days": "7"}),
        (Act.MUTE, {"days": 2, "scope": "thread"}, {"act": "check_first", "days": "1"}),
    ],
)
def test_nothing_longer_or_further_reaching_comes_of_asking(
    cast: Cast, thread: Thread, act: Act, before: dict[str, Any], after: dict[str, str]
) -> None:
    case = appeal_to(cast, decided(cast, thread, act, **before))
    limits = list(Standing.objects.order_by("pk").values())
    assert change(cast, case, **after) == 422
    assert list(Standing.objects.order_by("pk").values()) == limits


def test_a_change_reaches_as_far_as_before_and_lasts_no_longer(cast: Cast, thread: Thread) -> None:
    case = appeal_to(cast, decided(cast, thread, Act.MUTE, days=2, scope="thread"))
    assert change(cast, case, act="mute", days="1") == 302
    now = Decision.objects.get(undone_on=None)
    assert (now.scope, now.days) == ("thread", 1)


def test_the_usual_time_is_not_longer_than_before_either(cast: Cast, thread: Thread) -> None:
    case = appeal_to(cast, decided(cast, thread, Act.BAN, days=1))
    assert change(cast, case, act="mute", days="") == 302
    assert Decision.objects.get(undone_on=None).days == 1


def test_undoing_answers_whoever_asked_for_another_look(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.BAN)
    case = appeal_to(cast, decision)
    held = claim(cast.lead, case)
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=decision, because="I was wrong.")
    found = Appeal.objects.get()
    assert (found.outcome, found.case.state) == (Outcome.UNDO, CaseState.DECIDED) and found.answer
    with pytest.raises(Conflict):
        answer(cast, found, held, Outcome.KEEP)
    assert not Standing.objects.filter(owner_tag=cast.alice.tag(cast.harbour)).exists()


@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.CHANGE])
def test_what_is_undone_is_not_kept(cast: Cast, thread: Thread, outcome: Outcome) -> None:
    decision = decided(cast, thread, Act.BAN)
    case = appeal_to(cast, decision)
    held = claim(cast.lead, case)
    decisions.take_back(decision=decision, because="Elsewhere.")
    with pytest.raises(Conflict):
        answer(cast, Appeal.objects.get(), held, outcome)


def answer(cast: Cast, appeal: Appeal, held: Case, outcome: Outcome) -> None:
    instead = ruling(Act.HIDE) if outcome == Outcome.CHANGE else None
    given = appeals.Answer(outcome=outcome, words="It stays.", instead=instead)
    appeals.resolve(judge=judge(cast.lead, cast.harbour), appeal=appeal, fence=held.fence, answer=given)
