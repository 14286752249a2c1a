"""From a report to a decision: who gets a case, who does not, and that nobody decides twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEntry
from chat.actions import posts as posting
from chat.enums import PostState
from chat.models import Block, Post, Thread
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Member, Persona, Standing
from core import clock
from moderation.actions import claims, decisions, looks, queue, reports
from moderation.enums import Act, CaseState, Reason, Scope
from moderation.errors import Conflict, Incomplete
from moderation.models import Case, Decision, Notice, Party, Report, Strike
from moderation.policies import Judge, judge_of
from moderation.selectors import cases, notices
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.moderation.judging import FACTS, claim, decide, decided, judge, report, ruling
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


# --- who may not ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["alice", "bob", "lena", "muted", "weak"])
def test_who_is_not_of_the_team_judges_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(NotHere):
        judge_of(cast.people[who].here(cast.harbour))


def test_the_team_of_another_group_sees_nothing(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread))
    other = judge(cast.ned, cast.meadow)
    assert cases.waiting(judge=other) == []
    for act in (claims.claim, claims.release, looks.look):
        if act is not claims.release:
            with pytest.raises(NotHere):
                act(judge=other, case=made.case)
    with pytest.raises(NotHere):
        cases.find(judge=other, public_id=made.case.public_id)


def test_nobody_reports_into_another_group_or_what_is_not_there(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread)
    for kind, public_id in (("post", "nosuchpost"), ("nothing", post.public_id)):
        told = reports.Told(kind=kind, subject_id=public_id, reason=Reason.SPAM)
        with pytest.raises(NotHere):
            reports.report(here=cast.bob.here(cast.harbour), told=told, key_of=cast.bob.keyed)
    told = reports.Told(kind="post", subject_id=post.public_id, reason=Reason.SPAM)
    with pytest.raises(NotHere):
        reports.report(here=cast.alice.here(cast.meadow), told=told, key_of=cast.alice.keyed)
    assert not Case.objects.exists()


@pytest.mark.parametrize("part", ["author", "reporter", "mentioned", "blocked"])
def test_who_is_part_of_a_case_never_gets_it(cast: Cast, thread: Thread, part: str) -> None:
    writer, reporter, text = cast.alice, cast.bob, "You are lazy."
    if part == "author":
        writer = cast.mona
    elif part == "reporter":
        reporter = cast.mona
    elif part == "mentioned":
        text = "Clear Brook is lazy."
    else:
        here = [person.here(cast.harbour).persona for person in (cast.mona, cast.alice)]
        Block.objects.create(by=here[0], blocked=here[1])
    made = report(reporter, send(writer, thread, text))
    mona, lead = judge(cast.mona, cast.harbour), judge(cast.lead, cast.harbour)
    assert cases.waiting(judge=mona) == []
    assert [case.pk for case in cases.waiting(judge=lead)] == [made.case_id]
    with pytest.raises(NotHere):
        claims.claim(judge=mona, case=made.case)


def test_an_alias_of_the_team_is_known_to_the_case_alone(cast: Cast, thread: Thread) -> None:
    sign_as_alias(cast.mona, thread)
    made = report(cast.bob, send(cast.mona, thread, key_for_alias=alias_key(cast.mona, thread)))
    assert cases.waiting(judge=judge(cast.mona, cast.harbour)) == []
    tag = cast.mona.tag(cast.harbour)
    rows = [*Case.objects.values(), *Party.objects.values(), *Report.objects.values()]
    assert not [
        row for row in rows if tag in {bytes(v) for v in row.values() if isinstance(v, bytes | memoryview)}
    ]
    assert made.case.is_alias


def test_a_worry_is_open_to_all_of_the_team_but_its_writer(cast: Cast, thread: Thread) -> None:
    made = report(cast.mona, send(cast.alice, thread), reason=Reason.WORRIED)
    assert cases.waiting(judge=judge(cast.mona, cast.harbour)) == [made.case]
    own = report(cast.bob, send(cast.mona, thread), reason=Reason.WORRIED)
    assert own.case not in cases.waiting(judge=judge(cast.mona, cast.harbour))
    assert looks.has_looked(judge=judge(cast.lead, cast.harbour), case=made.case)


def test_where_the_whole_team_is_part_of_it_the_outside_person_looks(cast: Cast, thread: Thread) -> None:
    Member.objects.filter(owner_tag=cast.people["weak"].tag(cast.harbour)).update(role=Role.MEMBER)
    made = report(cast.lead, send(cast.mona, thread))
    made.case.refresh_from_db()
    assert cases.is_outside(made.case)
    for who in (cast.mona, cast.lead):
        assert cases.waiting(judge=judge(who, cast.harbour)) == []


# --- reports -------------------------------------------------------------------------------------------------------
def test_reports_on_one_thing_are_one_case_with_the_copy_of_the_first(cast: Cast, thread: Thread) -> None:
    before, post = send(cast.bob, thread, "How are you?"), send(cast.alice, thread, "Go away.")
    first = report(cast.bob, post, reason=Reason.SPAM)
    posting.edit_post(face=face(cast.alice, thread), post=post, text="I did not say that.")
    second = report(cast.lena, post, reason=Reason.GIVES_AWAY)
    assert report(cast.bob, post) == first
    case = Case.objects.get()
    assert (case.pk, case.text, case.reason) == (second.case_id, "Go away.", Reason.GIVES_AWAY)
    assert [line["text"] for line in case.context] == [before.text, "Go away."]
    assert cases.letters(case) == {post.byline.public_id: "A", before.byline.public_id: "B"}
    assert Report.objects.count() == 2


def test_worries_about_one_thing_are_a_case_beside_the_one_about_the_rules(
    cast: Cast, thread: Thread
) -> None:
    post = send(cast.alice, thread, "I cannot go on.")
    rules, worry = report(cast.bob, post), report(cast.mona, post, reason=Reason.WORRIED)
    more = report(cast.lena, post, reason=Reason.WORRIED_MENTIONED)
    assert more.case_id == worry.case_id != rules.case_id
    assert report(cast.bob, post, reason=Reason.WORRIED) == rules, "who reported it has reported it once"
    mona, lead = judge(cast.mona, cast.harbour), judge(cast.lead, cast.harbour)
    assert cases.waiting(judge=mona) == [worry.case], "who worried does not judge it by the rules"
    assert cases.waiting(judge=lead) == [worry.case, rules.case]
    decision = decide(cast.mona, worry.case, Act.NOTE)
    decisions.undo(judge=lead, decision=decision, because="It was the wrong note.")
    assert cases.waiting(judge=lead) == [worry.case, rules.case], "it waits again beside the other"


def test_a_reporter_is_asked_one_thing_and_answers_it(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread))
    mona = judge(cast.mona, cast.harbour)
    with pytest.raises(MayNot):
        reports.answer(report=made, words="Nobody asked.")
    reports.ask(judge=mona, case=made.case, report=made, question="What came before?")
    with pytest.raises(MayNot):
        reports.ask(judge=mona, case=made.case, report=made, question="And then?")
    reports.answer(report=made, words="They were angry.")
    made.refresh_from_db()
    assert (made.question, made.answer) == ("What came before?", "They were angry.")


# --- claims --------------------------------------------------------------------------------------------------------
def test_a_case_is_somebodys_for_ten_minutes(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread))
    with clock.held_at(dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)) as _:
        mine = claim(cast.mona, made.case)
        assert claim(cast.mona, made.case).fence == mine.fence == 1
        with pytest.raises(Conflict) as refusal:
            claim(cast.lead, made.case)
        assert "Someone else" in refusal.value.reason
    with clock.held_at(dt.datetime(2026, 6, 1, 12, 10, tzinfo=dt.UTC)):
        theirs = claim(cast.lead, made.case)
        assert theirs.fence == 2
        with pytest.raises(Conflict):
            decisions.decide(
                judge=judge(cast.mona, cast.harbour), case=mine, fence=mine.fence, ruling=ruling(Act.HIDE)
            )
        claims.release(judge=judge(cast.lead, cast.harbour), case=theirs)
        assert claim(cast.mona, made.case).fence == 3


def test_who_comes_as_a_claim_ends_hears_something_too(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = report(cast.bob, send(cast.alice, thread))
    end = claim(cast.mona, made.case).lease_until
    lead, case = judge(cast.lead, cast.harbour), Case.objects.get()
    moments, lock_for = iter([end - dt.timedelta(seconds=1)]), queue.lock_for

    def lock_as_it_ends(judge: Judge) -> Judge:
        found = lock_for(judge)
        monkeypatch.setattr(clock, "now", lambda: next(moments, end))
        return found

    monkeypatch.setattr(queue, "lock_for", lock_as_it_ends)
    with pytest.raises(Conflict) as refusal:
        claims.claim(judge=lead, case=case)
    assert refusal.value.reason


def test_a_late_decision_hears_what_was_decided(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread))
    held = claim(cast.mona, made.case)
    mona = judge(cast.mona, cast.harbour)
    decisions.decide(judge=mona, case=held, fence=held.fence, ruling=ruling(Act.HIDE))
    with pytest.raises(Conflict) as refusal:
        decisions.decide(judge=mona, case=held, fence=held.fence, ruling=ruling(Act.BAN))
    assert "hide the message" in refusal.value.reason
    assert Decision.objects.count() == 1 and not Standing.objects.filter(may_read=False, until__isnull=False)


# --- what a decision does ------------------------------------------------------------------------------------------
def state(decision: Decision) -> str:
    return Post.objects.get(public_id=decision.case.subject_id).state


@pytest.mark.parametrize(
    ("act", "after"),
    [
        (Act.NOTHING, PostState.SHOWN), (Act.NOTE, PostState.SHOWN), (Act.ASK_EDIT, PostState.ASKED),
        (Act.HEADS_UP, PostState.SHOWN), (Act.HIDE, PostState.HIDDEN), (Act.REMOVE, PostState.REMOVED),
    ],
)  # fmt: skip
def test_acts_on_a_message_and_their_undoing(cast: Cast, thread: Thread, act: Act, after: str) -> None:
    decision = decided(cast, thread, act)
    assert state(decision) == after
    assert cast.alice.here(cast.harbour).may_post
    assert bool(decision.notice) == (act != Act.NOTHING)
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="We misread it.")
    assert state(decision) == PostState.SHOWN
    assert Post.objects.get(public_id=decision.case.subject_id).heads_up == ""
    assert not Strike.objects.exists()
    with pytest.raises(Conflict):
        decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="Again.")


def test_a_message_asked_to_be_changed_is_back_once_it_is(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.ASK_EDIT)
    post = Post.objects.get(public_id=decision.case.subject_id)
    posting.edit_post(face=face(cast.alice, thread), post=post, text="I am sorry.")
    assert state(decision) == PostState.SHOWN


@pytest.mark.parametrize("signed", ["persona", "alias"])
def test_limits_follow_the_person_and_are_undone(cast: Cast, thread: Thread, signed: str) -> None:
    sign_as_alias(cast.alice, thread)
    key = alias_key(cast.alice, thread) if signed == "alias" else b""
    made = report(cast.bob, send(cast.alice, thread, "You are lazy.", key_for_alias=key))
    decision = decide(cast.mona, made.case, Act.MUTE)
    with pytest.raises(MayNot):
        send(cast.alice, thread, "Still here")
    with pytest.raises(MayNot):
        send(cast.alice, thread, "Still here", key_for_alias=alias_key(cast.alice, thread))
    Persona.objects.filter(member=cast.alice.member(cast.harbour)).update(is_current=False)
    assert not cast.alice.here(cast.harbour).may_post
    assert cast.alice.here(cast.meadow).may_post
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=decision, because="We misread it.")
    assert cast.alice.here(cast.harbour).may_post
    assert not Standing.objects.filter(owner_tag=cast.alice.tag(cast.harbour)).exists()


def test_a_ban_and_a_suspension(cast: Cast, thread: Thread) -> None:
    banned = decided(cast, thread, Act.BAN)
    with pytest.raises(NotHere):
        cast.alice.here(cast.harbour)
    assert banned.again_on == clock.today() + decisions.AGAIN and not banned.alone
    page = f"/g/{cast.meadow.public_id}/"
    assert cast.alice.client.get(page).status_code == 200
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=banned, because="Too much.")
    suspended = decided(cast, thread, Act.SUSPEND)
    assert cast.alice.client.get(page).status_code == 404
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=suspended, because="Too much.")
    assert cast.alice.client.get(page).status_code == 200


def test_muted_in_one_talk_only(cast: Cast, thread: Thread) -> None:
    decided(cast, thread, Act.MUTE, scope=Scope.THREAD)
    with pytest.raises(MayNot):
        send(cast.alice, thread)
    assert send(cast.alice, make_thread(cast.harbour))


def test_a_team_of_one_decides_alone_and_it_is_looked_at_again(cast: Cast, thread: Thread) -> None:
    Member.objects.filter(role__in=[Role.MODERATOR, Role.LEAD]).exclude(
        owner_tag=cast.mona.tag(cast.harbour)
    ).update(role=Role.MEMBER)
    decision = decided(cast, thread, Act.BAN)
    assert decision.alone and decision.again_on == clock.today() + decisions.AGAIN


def test_the_notice_is_found_by_its_person_alone(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.HIDE)
    found = notices.of(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour))
    assert [notice.pk for notice in found] == [decision.notice_id]
    assert notices.of(group=cast.harbour, owner_tag=cast.bob.tag(cast.harbour)) == []
    assert Notice.objects.count() == 1


def test_everything_is_on_the_record(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.HIDE)
    looks.look(judge=judge(cast.mona, cast.harbour), case=decision.case)
    looks.look(judge=judge(cast.mona, cast.harbour), case=decision.case)
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=decision, because="We misread it.")
    told = AuditEntry.objects.filter(chain__scope=cast.harbour.public_id).order_by("seq")
    assert [entry.act for entry in told] == ["report", "decision hide", "look at a name", "undone"]


# --- what cannot be stored -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "lacking",
    [
        {"rule_code": ""},
        {"rule_code": "nosuchrule"},
        {"facts": "Short."},
        {"message": " "},
        {"scope": Scope.SITE},
    ],
)
def test_an_incomplete_ruling_is_refused_and_nothing_happened(
    cast: Cast, thread: Thread, lacking: dict[str, str]
) -> None:
    made = report(cast.bob, send(cast.alice, thread))
    with pytest.raises(Incomplete):
        decide(cast.mona, made.case, Act.HIDE, **lacking)
    made.case.refresh_from_db()
    assert made.case.state == CaseState.OPEN and not Decision.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"rule_code": ""}, {"facts": "Too short."}, {"notice": None}, {"appeal_until": None},
        {"charter_version": None}, {"restricts": False}, {"days": None}, {"alone": True, "again_on": None},
        {"own": True},
    ],
)  # fmt: skip
def test_the_database_refuses_an_incomplete_decision(
    cast: Cast, thread: Thread, broken: dict[str, object]
) -> None:
    decision = decided(cast, thread, Act.BAN)
    row = Decision.objects.filter(pk=decision.pk)
    changes = {"decider_key": bytes(decision.author_key)} if broken == {"own": True} else broken
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(**changes)
    assert row.get().facts == FACTS
