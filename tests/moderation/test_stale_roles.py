"""A role that was just taken decides nothing any more, also where the request was on its way already."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit.models import AuditEntry
from chat.models import Thread
from community.enums import Role
from community.errors import NotHere
from community.models import Member, Standing
from core import ids
from moderation.actions import (
    again,
    appeals,
    automatic,
    care,
    claims,
    decisions,
    held,
    looks,
    reports,
    visits,
    worries,
)
from moderation.actions.appeals import Answer
from moderation.enums import WORRIES, Act, Checking, Kind, OffHours, Outcome, Step
from moderation.errors import Conflict
from moderation.models import Case, Decision, GroupCare
from moderation.policies import Judge
from moderation.selectors import console
from tests.chat.saying import send
from tests.moderation.judging import claim, decide, decided, judge, report, ruling
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db


def lose_the_role(cast: Cast, person: Person) -> None:
    Member.objects.filter(pk=person.member(cast.harbour).pk).update(role=Role.MEMBER)


def shut_out(cast: Cast, person: Person) -> None:
    Standing.objects.create(group=cast.harbour, owner_tag=person.tag(cast.harbour), may_read=False)


CARE: list[Callable[..., object]] = [
    lambda here: care.check_first(here=here, checking=Checking.ALL, first_messages=2),
    lambda here: care.off_hours(here=here, off_hours=next(iter(OffHours))),
    lambda here: care.name_outside_person(here=here, name="Sister Ruth"),
    lambda here: care.slow_group(here=here, minutes=30, hours=3),
    lambda here: care.slow_thread(here=here, place="t", minutes=30, hours=3),
    lambda here: automatic.try_out(here=here, kind=Kind.CONTACT, step=Step.FLAG),
    lambda here: automatic.switch_on(here=here, kind=Kind.CONTACT, step=Step.FLAG),
    lambda here: automatic.switch_off(here=here, kind=Kind.CONTACT),
]


@pytest.mark.parametrize("lose", [lose_the_role, shut_out])
@pytest.mark.parametrize("act", CARE)
def test_how_a_group_is_looked_after_is_not_theirs_to_say(cast: Cast, act, lose) -> None:
    here = cast.lead.here(cast.harbour)
    lose(cast, cast.lead)
    with pytest.raises(NotHere):
        act(here)
    assert not GroupCare.objects.exists() and not AuditEntry.objects.exists()


def _resolve(who: Judge, case: Case, fence: int) -> None:
    answer = Answer(outcome=Outcome.UNDO, words="We read it again.")
    appeals.resolve(judge=who, appeal=case.appeal, fence=fence, answer=answer)


def _decide(who: Judge, case: Case, fence: int) -> None:
    decisions.decide(judge=who, case=case, fence=fence, ruling=ruling(Act.BAN))


CASES: list[Callable[[Judge, Case, int], object]] = [
    _decide,
    lambda who, case, fence: claims.keep(judge=who, case=case, fence=fence),
    lambda who, case, _: claims.claim(judge=who, case=case),
    lambda who, case, _: looks.look(judge=who, case=case),
    lambda who, case, _: looks.look_at_contacts(judge=who, case=case),
    lambda who, case, _: reports.ask(judge=who, case=case, report=case.reports.get(), question="Why?"),
]


@pytest.mark.parametrize("lose", [lose_the_role, shut_out])
@pytest.mark.parametrize("act", CASES)
def test_a_case_that_one_holds_is_not_theirs_to_decide(cast: Cast, thread: Thread, act, lose) -> None:
    case = claim(cast.mona, report(cast.bob, send(cast.alice, thread)).case)
    who, entries = judge(cast.mona, cast.harbour), AuditEntry.objects.count()
    lose(cast, cast.mona)
    with pytest.raises(NotHere):
        act(who, case, case.fence)
    assert not Decision.objects.exists() and AuditEntry.objects.count() == entries


@pytest.mark.parametrize("lose", [lose_the_role, shut_out])
def test_nor_is_an_appeal_or_what_was_decided(cast: Cast, thread: Thread, lose) -> None:
    made = decided(cast, thread, Act.BAN)
    assert made.notice
    tag = cast.alice.tag(cast.harbour)
    case = claim(cast.lead, appeals.appeal(notice=made.notice, owner_tag=tag, words="Look again.").case)
    who = judge(cast.lead, cast.harbour)
    lose(cast, cast.lead)
    for act in (
        lambda: _resolve(who, case, case.fence),
        lambda: decisions.undo(judge=who, decision=made, because="We misread it."),
        lambda: again.still_right(judge=who, decision=made),
    ):
        with pytest.raises(NotHere):
            act()
    made.refresh_from_db()
    assert made.undone_on is None and not case.appeal.outcome


def test_nor_is_a_worry(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread), reason=next(iter(WORRIES)))
    case, who = claim(cast.mona, made.case), judge(cast.mona, cast.harbour)
    worries.say_danger(judge=who, case=case, fence=case.fence)
    lose_the_role(cast, cast.mona)
    with pytest.raises(NotHere):
        worries.ask_colleague(judge=who, case=case, fence=case.fence)


@pytest.mark.parametrize("lose", [lose_the_role, shut_out])
def test_nor_is_the_note_for_whoever_comes_next(cast: Cast, lose) -> None:
    who = judge(cast.mona, cast.harbour)
    visits.hand_over(judge=who, note="The tide is late.", before="")
    before = console.mark_of("The tide is late.")
    lose(cast, cast.mona)
    with pytest.raises(NotHere):
        visits.hand_over(judge=who, note="Let them in.", before=before)
    assert GroupCare.objects.get().handover == "The tide is late."


def test_nor_is_what_waits_to_be_checked(cast: Cast) -> None:
    who = judge(cast.mona, cast.harbour)
    with pytest.raises(Conflict):
        held.let_appear(judge=who, public_id="x")
    lose_the_role(cast, cast.mona)
    with pytest.raises(NotHere):
        held.let_appear(judge=who, public_id="x")


def test_an_operator_who_is_none_any_more_decides_nothing_from_outside(cast: Cast, thread: Thread) -> None:
    case = report(cast.bob, send(cast.alice, thread)).case
    who = Judge(group=cast.harbour, member=None, tag=ids.new_secret())
    with pytest.raises(NotHere):
        claims.claim(judge=who, case=case)
    assert decide(cast.mona, case, Act.HIDE)
