"""Another look: by whoever asked for it, by the team after two weeks, and from outside where the whole team is part."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from audit.models import AuditEntry
from chat.enums import PostState
from chat.models import Post, Thread
from community.enums import Role
from community.errors import MayNot
from community.models import Member
from core import clock
from moderation.actions import again, appeals, decisions
from moderation.actions.appeals import Answer
from moderation.enums import Act, Outcome
from moderation.errors import Incomplete
from moderation.models import Appeal, Case, Decision, GroupCare, Notice
from moderation.selectors import again as due
from moderation.selectors import cases
from tests.chat.saying import send
from tests.moderation.console import MESSAGE, Desk, text_of
from tests.moderation.judging import FACTS, claim, decide, decided, judge, report, ruling
from tests.moderation.test_console_doors import make_operator, refused
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def appeal_to(cast: Cast, decision: Decision, *, words: str = "I was joking. Ring 07700 900123.") -> Case:
    """Alice asks for another look."""
    assert decision.notice
    tag = cast.alice.tag(cast.harbour)
    return appeals.appeal(notice=decision.notice, owner_tag=tag, words=words).case


def alone(cast: Cast, person: Person) -> None:
    """The team is one person."""
    Member.objects.filter(group=cast.harbour, role__in=[Role.MODERATOR, Role.LEAD]).exclude(
        owner_tag=person.tag(cast.harbour)
    ).update(role=Role.MEMBER)


# --- asked for ---------------------------------------------------------------------------------------------------
def test_who_decided_first_finds_no_appeal_where_somebody_else_is_there(cast: Cast, thread: Thread) -> None:
    case = appeal_to(cast, decided(cast, thread, Act.HIDE))
    refused(cast.mona.client, f"/g/{cast.harbour.public_id}/team/", case.public_id)
    assert case.public_id not in text_of(cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/"))
    assert "Someone asks us to look again" in text_of(
        cast.lead.client.get(f"/g/{cast.harbour.public_id}/team/")
    )


def test_who_reported_it_does_not_judge_the_appeal_either(cast: Cast, thread: Thread) -> None:
    made = report(cast.lead, send(cast.alice, thread, "You are lazy."))
    case = appeal_to(cast, decide(cast.mona, made.case, Act.HIDE))
    for who in (cast.mona, cast.lead):
        refused(who.client, f"/g/{cast.harbour.public_id}/team/", case.public_id)
    assert not cases.is_outside(case), "there is one more moderator"


def test_an_appeal_shows_both_statements_and_takes_an_answer(cast: Cast, thread: Thread) -> None:
    desk = Desk(cast.lead, appeal_to(cast, decided(cast, thread, Act.HIDE)))
    page = desk.page()
    for shown in ("I was joking.", FACTS, "You are lazy.", "Be kind."):
        assert shown in page
    assert "900123" not in page
    fence = desk.take()
    assert desk.post("decide", fence=fence, act="nothing").status_code == 404
    lacking = desk.post("answer", fence=fence, outcome="", text="We read it twice.")
    assert lacking.status_code == 422 and "We read it twice." in text_of(lacking)
    assert desk.post("answer", fence=fence, outcome="keep", text="We read it twice.").status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.outcome, appeal.answer, appeal.alone) == ("keep", "We read it twice.", False)
    assert Post.objects.get(text="You are lazy.").state == PostState.HIDDEN
    assert Notice.objects.filter(message="We read it twice.").exists()
    assert "The decision stays" in desk.page()


def test_a_change_is_milder_and_says_what_comes_instead(cast: Cast, thread: Thread) -> None:
    first = decided(cast, thread, Act.BAN)
    desk = Desk(cast.lead, appeal_to(cast, first))
    fence = desk.take()
    given = {
        "fence": fence,
        "outcome": "change",
        "text": "It was too much.",
        "rule": "kind",
        "facts": FACTS,
    }
    for wrong in ({}, {"act": "suspend"}, {"act": "ban", "days": "7"}, {"act": "ban", "days": "60"}):
        answer = desk.post("answer", **given, **wrong)
        assert answer.status_code == 422 and "It was too much." in text_of(answer), wrong
    assert desk.post("answer", **given, act="slow").status_code == 302
    now = Decision.objects.get(undone_on=None)
    assert (now.act, now.case_id) == ("slow", first.case_id)
    here = cast.alice.here(cast.harbour)
    assert here.may_post and here.minutes_between == 60
    assert Notice.objects.filter(message__contains="one message an hour").exists()


def test_one_asks_once_also_where_something_milder_came_of_it(cast: Cast, thread: Thread) -> None:
    """Else the second look would go back to whoever decided first."""
    first = decided(cast, thread, Act.BAN)
    asked = Appeal.objects.get(case=appeal_to(cast, first))
    answer = Answer(outcome=Outcome.CHANGE, words="Milder.", instead=ruling(Act.MUTE, days=3))
    fence = claim(cast.lead, asked.case).fence
    appeals.resolve(judge=judge(cast.lead, cast.harbour), appeal=asked, fence=fence, answer=answer)
    milder = Decision.objects.exclude(pk=first.pk).get()
    with pytest.raises(MayNot):
        appeal_to(cast, milder)
    assert milder.notice
    url = f"/g/{cast.harbour.public_id}/notes/{milder.notice.public_id}/"
    note = text_of(cast.alice.client.get(url))
    assert "see where it stands" in note and "too long ago" not in note
    again_url = url + "again/"
    assert "Milder." in text_of(cast.alice.client.get(again_url))
    cast.alice.client.post(again_url, {"text": "Once more"})
    assert Appeal.objects.count() == 1


def test_what_is_decided_anew_can_be_asked_about(cast: Cast, thread: Thread) -> None:
    first = decided(cast, thread, Act.BAN)
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=first, because="We misread it.")
    assert appeal_to(cast, decide(cast.mona, first.case, Act.HIDE))


def test_nothing_harsher_comes_of_asking_whoever_calls(cast: Cast, thread: Thread) -> None:
    case = claim(cast.lead, appeal_to(cast, decided(cast, thread, Act.HIDE)))
    answer = appeals.Answer(outcome=Outcome.CHANGE, words="Worse.", instead=ruling(Act.BAN))
    with pytest.raises(Incomplete):
        appeals.resolve(
            judge=judge(cast.lead, cast.harbour),
            appeal=cases.appeal_of(case),
            fence=case.fence,
            answer=answer,
        )


def test_an_appeal_against_what_was_undone_meanwhile_is_still_answered(cast: Cast, thread: Thread) -> None:
    first = decided(cast, thread, Act.HIDE)
    desk = Desk(cast.lead, appeal_to(cast, first))
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=first, because="We misread it.")
    assert Appeal.objects.get().outcome == "undo" and Appeal.objects.get().answer
    assert desk.post("take").status_code == 409


def test_of_two_answers_one_counts_and_the_other_keeps_its_words(cast: Cast, thread: Thread) -> None:
    case = appeal_to(cast, decided(cast, thread, Act.HIDE))
    Member.objects.filter(owner_tag=cast.bob.tag(cast.harbour)).update(role=Role.MODERATOR)
    desk = Desk(cast.lead, case)
    with clock.held_at(clock.now() - dt.timedelta(minutes=11)):
        fence = desk.take()
    late = desk.post("answer", fence=fence, outcome="keep", text="My long answer.")
    assert late.status_code == 409 and "My long answer." in text_of(late)


def test_a_team_of_one_answers_what_it_decided_and_it_says_so(cast: Cast, thread: Thread) -> None:
    alone(cast, cast.mona)
    desk = Desk(cast.mona, appeal_to(cast, decided(cast, thread, Act.HIDE)))
    desk.post("answer", fence=desk.take(), outcome="undo", text="I was wrong.")
    assert Appeal.objects.get().alone


# --- within two weeks ------------------------------------------------------------------------------------------------
def test_a_heavy_decision_is_looked_at_again_by_somebody_else(cast: Cast, thread: Thread) -> None:
    with clock.held_at(NOON):
        decision = decided(cast, thread, Act.BAN)
        theirs, own = Desk(cast.lead, decision.case), Desk(cast.mona, decision.case)
        assert "To look at a second time" not in text_of(cast.lead.client.get(theirs.list))
        assert theirs.post("still-right").status_code == 404
    with clock.held_at(NOON + decisions.AGAIN):
        assert "To look at a second time" in text_of(cast.lead.client.get(theirs.list))
        assert "To look at a second time" not in text_of(cast.mona.client.get(own.list))
        assert "Still right" in theirs.page() and "Still right" not in own.page()
        assert own.post("still-right").status_code == 404
        assert theirs.post("still-right").status_code == 302
        twice = theirs.post("still-right")
        assert twice.status_code == 409 and "looked at this again just before you" in text_of(twice)
        assert due.due(judge=judge(cast.lead, cast.harbour)) == []
    assert AuditEntry.objects.filter(act="looked again", ref=decision.public_id).count() == 1


def test_a_second_person_is_asked_at_once_about_what_reaches_every_group(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.SUSPEND)
    theirs, own = Desk(cast.mona, decision.case), Desk(cast.lead, decision.case)
    assert "To look at a second time" in text_of(cast.mona.client.get(theirs.list))
    assert "To look at a second time" not in text_of(cast.lead.client.get(own.list))
    assert own.post("still-right").status_code == 404
    assert theirs.post("still-right").status_code == 302


def test_one_who_is_alone_is_asked_about_it_some_days_later(cast: Cast, thread: Thread) -> None:
    alone(cast, cast.lead)
    assert decided(cast, thread, Act.SUSPEND).again_on == clock.today() + decisions.AGAIN


def test_it_is_asked_for_early_enough_and_the_page_says_so(cast: Cast, thread: Thread) -> None:
    alone(cast, cast.mona)
    with clock.held_at(NOON):
        desk = Desk(cast.mona, report(cast.bob, send(cast.alice, thread, "You are lazy.")).case)
        fence = desk.take()
        assert "look at it again within 14 days" in text_of(desk.decide(fence, Act.BAN, step="preview"))
        desk.decide(fence, Act.BAN)
    with clock.held_at(NOON + dt.timedelta(days=11)):
        assert "To look at a second time" in text_of(cast.mona.client.get(desk.list))


def test_what_one_person_decided_alone_is_on_the_record_and_stands_nowhere_by_itself(
    cast: Cast, thread: Thread
) -> None:
    alone(cast, cast.mona)
    with clock.held_at(NOON):
        decided(cast, thread, Act.BAN)
    entry = AuditEntry.objects.get(act="decision ban")
    assert '"alone":true' in entry.kept.payload
    page = text_of(cast.bob.client.get(f"/g/{cast.harbour.public_id}/record/"))
    assert "one person of the team decided alone" in page and "Nothing, or too little to show." in page


def test_who_is_alone_looks_again_at_their_own(cast: Cast, thread: Thread) -> None:
    alone(cast, cast.mona)
    with clock.held_at(NOON):
        decision = decided(cast, thread, Act.BAN)
    with clock.held_at(NOON + decisions.AGAIN):
        again.still_right(judge=judge(cast.mona, cast.harbour), decision=decision)
    assert Decision.objects.get().looked_again_on == (NOON + decisions.AGAIN).date()


def test_what_was_undone_is_not_looked_at_again(cast: Cast, thread: Thread) -> None:
    with clock.held_at(NOON):
        decision = decided(cast, thread, Act.BAN)
    with clock.held_at(NOON + decisions.AGAIN):
        decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="Too much.")
        assert due.due(judge=judge(cast.lead, cast.harbour)) == []
        assert Desk(cast.lead, decision.case).post("still-right").status_code == 409


# --- from outside --------------------------------------------------------------------------------------------------
def test_the_outside_person_decides_as_one_and_both_read_so(cast: Cast, thread: Thread) -> None:
    GroupCare.objects.create(group=cast.harbour, outside_person="Sam at the partner")
    Member.objects.filter(owner_tag=cast.people["weak"].tag(cast.harbour)).update(role=Role.MEMBER)
    make_operator(cast.ned)
    desk = Desk(cast.ned, report(cast.lead, send(cast.mona, thread, "You are lazy.")).case, outside=True)
    assert "Clear Brook" not in desk.page()
    assert "Clear Brook" in text_of(desk.post("look", what="name")) and "Clear Brook" not in desk.page()
    fence = desk.take()
    assert "Yours until" in desk.page()
    seen = text_of(desk.decide(fence, step="preview"))
    told = "Someone from outside the group looked at this, not the team: Sam at the partner."
    assert told in seen
    assert desk.decide(fence)["Location"] == "/operator/waiting/"
    assert f'href="{desk.base}#undo"' in text_of(cast.ned.client.get("/operator/waiting/"))
    assert Notice.objects.get().message == f"{MESSAGE}\n\n{told}"
    roles = dict(AuditEntry.objects.values_list("act", "actor_role"))
    assert roles["look at a name"] == roles["decision hide"] == "outside person"
    assert desk.post("undo", because="I misread it.").status_code == 302
    assert AuditEntry.objects.get(act="undone").actor_role == "outside person"


@pytest.mark.parametrize("act", [Act.BAN, Act.SUSPEND])
@pytest.mark.parametrize("outside", [True, False])
def test_every_page_agrees_on_who_set_a_limit(cast: Cast, thread: Thread, act: Act, outside: bool) -> None:
    """Of somebody from outside and of the team, before it is sent and after, and once its member is gone."""
    alone(cast, cast.lead)
    make_operator(cast.ned)
    post = send(cast.alice, thread, "You are lazy.")
    made = report(cast.lead if outside else cast.bob, post).case
    desk = Desk(cast.ned, made, outside=True) if outside else Desk(cast.lead, made)
    fence, told = desk.take(), "Someone from outside the group, not the team. No program took part."
    shown = text_of(desk.decide(fence, act, step="preview"))
    assert (told in shown) == outside and ("The team. No program took part." in shown) != outside
    assert desk.decide(fence, act).status_code == 302
    Decision.objects.update(decided_by=None)
    note = Decision.objects.get().notice
    assert note
    pages = [
        text_of(cast.alice.client.get(url))
        for url in ("/limits/", f"/limits/{cast.harbour.public_id}/notes/{note.public_id}/")
    ]
    assert (told in pages[1]) == outside and ("The team. No program took part." in pages[1]) != outside
    by_team = "The team here set this limit."
    by_other = "Someone from outside the group set this limit, not the team."
    assert (by_other in pages[0]) == (outside and act == Act.SUSPEND)
    assert (by_team in pages[0]) == (not outside and act == Act.SUSPEND)
    assert "A team" not in pages[0]
    Decision.objects.update(from_outside=False)
    import_module("moderation.migrations.0003_from_outside").read_from_record(apps, None)
    assert Decision.objects.get().from_outside == outside, "of a decision from before, the record says it"


def test_what_somebody_from_outside_holds_is_not_free(cast: Cast, thread: Thread) -> None:
    Member.objects.filter(owner_tag=cast.people["weak"].tag(cast.harbour)).update(role=Role.MEMBER)
    make_operator(cast.ned)
    case = report(cast.lead, send(cast.mona, thread, "You are lazy.")).case
    Desk(cast.ned, case, outside=True).take()
    Member.objects.filter(owner_tag=cast.bob.tag(cast.harbour)).update(role=Role.MODERATOR)
    cast.bob.strong = True
    from tests.people import sign_in

    sign_in(cast.bob.client, cast.bob.account, cast.bob.secret, strong=True)
    taken = Desk(cast.bob, case).post("take")
    assert taken.status_code == 409 and "Someone else has just taken this." in text_of(taken)
