"""What a decision is about, who looks at it again, and what whoever is part of it can read."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from audit.models import AuditEntry
from chat.models import Post, Thread
from community.actions import invitations, joining, leaving, roles
from community.enums import Role
from community.models import Member, Standing
from community.policies import Outside
from core import clock
from moderation import policies
from moderation.actions import appeals
from moderation.actions.appeals import Answer
from moderation.enums import Act, Outcome, Reason
from moderation.errors import Incomplete
from moderation.models import Appeal, Case, Decision, Strike
from moderation.policies import judges
from moderation.selectors import cases
from tests.chat.saying import send
from tests.moderation.console import Desk
from tests.moderation.judging import claim, decide, decided, judge, report, ruling
from tests.moderation.test_console_doors import make_operator
from tests.moderation.test_looking_again import NOON, appeal_to
from tests.people import Cast, add, make_person

pytestmark = pytest.mark.django_db


def test_an_old_page_takes_back_no_newer_decision(cast: Cast, thread: Thread) -> None:
    first = decided(cast, thread, Act.HIDE)
    old = Desk(cast.mona, first.case)
    old.page()  # shows the hiding
    assert Desk(cast.lead, first.case).post("undo", because="Too hard.").status_code == 302
    second = decide(cast.lead, Case.objects.get(pk=first.case_id), Act.BAN)
    old.post("undo", because="I should not have hidden it.")
    second.refresh_from_db()
    assert second.undone_on is None


def test_nobody_is_kept_out_for_longer_because_they_asked(cast: Cast, thread: Thread) -> None:
    with clock.held_at(NOON):
        first = decided(cast, thread, Act.BAN, days=30)
        before = Standing.objects.exclude(until=None).get().until
    with clock.held_at(NOON + dt.timedelta(days=29)):
        case = claim(cast.lead, appeal_to(cast, first))
        answer = Answer(outcome=Outcome.CHANGE, words="A little less.", instead=ruling(Act.BAN, days=29))
        try:
            appeals.resolve(
                judge=judge(cast.lead, cast.harbour),
                appeal=Appeal.objects.get(),
                fence=case.fence,
                answer=answer,
            )
        except Incomplete:
            return
        after = Standing.objects.exclude(until=None).get().until
    assert before and after and after <= before + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("after", "act", "days", "kept"),
    [(29, Act.MUTE, 1, True), (28, Act.MUTE, 9, False), (40, Act.MUTE, 1, False)],
)
def test_a_change_ends_no_later_than_what_it_replaces(
    cast: Cast, thread: Thread, after: int, act: Act, days: int, kept: bool
) -> None:
    with clock.held_at(NOON):
        first = decided(cast, thread, Act.BAN, days=30)
        before = Standing.objects.exclude(until=None).get().until
    with clock.held_at(NOON + dt.timedelta(days=after)):
        case = claim(cast.lead, appeal_to(cast, first))
        answer = Answer(outcome=Outcome.CHANGE, words="A little less.", instead=ruling(act, days=days))
        given = {"judge": judge(cast.lead, cast.harbour), "appeal": Appeal.objects.get(), "fence": case.fence}
        if not kept:
            with pytest.raises(Incomplete):
                appeals.resolve(**given, answer=answer)
            return
        appeals.resolve(**given, answer=answer)
        now = Standing.objects.exclude(until=None).get()
        assert before and now.until and now.may_read and now.until <= before


def test_who_decided_first_left_and_is_back_does_not_judge_the_appeal(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.HIDE)
    leaving.leave_group(here=cast.mona.here(cast.harbour), key_of=cast.mona.keyed)
    add(cast.mona, cast.harbour, handle="Fresh Name", role=Role.MODERATOR)
    assert Desk(cast.mona, appeal_to(cast, decision)).post("take").status_code == 404


def test_two_outside_persons_do_not_hold_one_case(cast: Cast, thread: Thread) -> None:
    jo, kim = (make_person(name=name, strong=True) for name in ("jo", "kim"))
    make_operator(jo)
    make_operator(kim)
    team = Member.objects.filter(group=cast.harbour, role__in=[Role.MODERATOR, Role.LEAD])
    team.exclude(owner_tag=cast.lead.tag(cast.harbour)).update(role=Role.MEMBER)
    made = report(cast.bob, send(cast.lead, thread, "I lead, so I may."))
    fence = Desk(jo, made.case, outside=True).take()
    other = Desk(kim, made.case, outside=True)
    assert other.post("take").status_code == 409
    assert other.decide(fence).status_code == 409 and not Decision.objects.exists()


def test_calling_it_a_worry_shows_nobody_what_others_said_about_them(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread, "Clear Brook is a bully.")
    made = report(cast.bob, post, note="It is true, Clear Brook does that to me.")
    desk = Desk(cast.mona, made.case)
    assert "It is true" not in desk.page()
    report(cast.mona, post, reason=Reason.WORRIED)
    assert "It is true" not in desk.page()


def test_a_friend_who_worries_takes_no_earlier_problem_away(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread, "You are lazy."))
    report(cast.lena, Post.objects.get(), reason=Reason.WORRIED)
    decide(cast.lead, made.case, Act.BAN)
    assert Strike.objects.exists()


def test_who_gives_a_role_stands_on_the_record(cast: Cast) -> None:
    lead = cast.lead.here(cast.harbour)
    for role in (Role.MODERATOR, Role.MODERATOR, Role.LEAD, Role.MEMBER):
        roles.give_role(here=lead, role=role, handle="Grey Heron")
    rows = AuditEntry.objects.filter(chain__scope=cast.harbour.public_id).order_by("seq")
    assert [(one.act, one.actor_role, one.ref, json.loads(one.kept.payload)) for one in rows] == [
        ("role given", "group lead", "", {"before": "member", "role": "moderator"}),
        ("role given", "group lead", "", {"before": "moderator", "role": "lead"}),
        ("role taken", "group lead", "", {"before": "lead", "role": "member"}),
    ]


def test_a_code_that_makes_a_lead_stands_on_the_record(cast: Cast) -> None:
    code = invitations.invite_lead(group=cast.harbour)
    place = Outside(group=cast.harbour, signed_in=True)
    joining.join_by_code(place=place, owner_tag=cast.olga.tag(cast.harbour), code=code, version=1)
    entry = AuditEntry.objects.get(chain__scope=cast.harbour.public_id)
    assert (entry.act, entry.actor_role) == ("role given", "operator")
    assert cast.olga.member(cast.harbour).judges_since == entry.seq


def test_a_lead_does_not_pick_who_judges_them(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.lead, thread, "I lead, so I may."))
    lead = cast.lead.here(cast.harbour)
    roles.give_role(here=lead, role=Role.MODERATOR, handle="Grey Heron")
    for other in ("Clear Brook", "Slow Cloud"):
        roles.give_role(here=lead, role=Role.MEMBER, handle=other)
    assert judges.free_for(case=made.case) == []


@pytest.mark.parametrize("steps_down", [False, True])
def test_who_came_after_a_leads_case_opened_judges_neither_it_nor_the_appeal(
    cast: Cast, thread: Thread, steps_down: bool
) -> None:
    made = report(cast.bob, send(cast.lead, thread, "I lead, so I may."))
    decision = decide(cast.mona, made.case, Act.HIDE)
    lead = cast.lead.here(cast.harbour)
    role = Role.LEAD if steps_down else Role.MODERATOR
    roles.give_role(here=lead, role=role, handle="Grey Heron")
    if steps_down:
        roles.give_role(here=lead, role=Role.MEMBER, handle="Broad Field")
    tag = cast.lead.tag(cast.harbour)
    asked = appeals.appeal(notice=decision.notice, owner_tag=tag, words="I may.").case
    found = [made.case, asked, report(cast.bob, send(cast.lead, thread, "Since then")).case]
    cast.alice.strong = True
    sees = [
        policies.may("see", judge(cast.alice, cast.harbour), cases.with_parties(pk=one.pk)) for one in found
    ]
    assert sees == [False, False, True]


def test_who_came_later_judges_what_members_wrote_and_helps_where_somebody_worries(
    cast: Cast, thread: Thread
) -> None:
    old = report(cast.lena, send(cast.bob, thread, "Unkind")).case
    worry = report(cast.bob, send(cast.lead, thread, "I cannot go on."), reason=Reason.WORRIED).case
    roles.give_role(here=cast.lead.here(cast.harbour), role=Role.MODERATOR, handle="Grey Heron")
    cast.alice.strong = True
    assert cases.waiting(judge=judge(cast.alice, cast.harbour)) == [worry, old]
    with pytest.raises(Incomplete):
        decide(cast.alice, worry, Act.HIDE)
    assert decide(cast.alice, worry, Act.NOTE)
