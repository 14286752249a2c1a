"""Who judges: nobody their own, nobody what they reported; and nobody can choose their judge, or have none."""

from __future__ import annotations

import pytest

from chat.actions import blocks
from chat.models import Post, Thread
from community.actions import leaving
from community.enums import Role
from community.models import Member
from moderation.actions import appeals
from moderation.enums import Act, Reason
from moderation.models import Case
from moderation.selectors import cases
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import decide, judge, report
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(cast: Cast) -> None:
    """The team is mona and the lead."""
    make(cast, cast.people["weak"], Role.MEMBER)


def make(cast: Cast, person: Person, role: Role) -> None:
    Member.objects.filter(owner_tag=person.tag(cast.harbour)).update(role=role)


def gets(person: Person, case: Case) -> bool:
    person.strong = True
    return case in cases.waiting(judge=judge(person, case.group))


# --- a worry --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["reported", "reported before it was a worry", "named", "blocked"])
def test_who_is_part_of_a_worry_helps_and_takes_nothing_away(cast: Cast, thread: Thread, how: str) -> None:
    post = send(cast.alice, thread, "Clear Brook is so tired." if how == "named" else "I am so tired.")
    if how == "blocked":
        blocks.block(face=face(cast.mona, thread), other=cast.alice.here(cast.harbour).persona)
    elif how != "named":
        reason = Reason.WORRIED if how == "reported" else Reason.UNKIND
        report(cast.mona, post, reason=reason)
    case = report(cast.bob, post, reason=Reason.WORRIED).case
    desk = Desk(cast.mona, case)
    fence = desk.take()
    refusal = desk.decide(fence, "ban", days="365")
    assert refusal.status_code == 422 and "You are part of this" in text_of(refusal)
    assert cast.alice.here(cast.harbour).may_post
    assert desk.decide(fence, "note").status_code == 302


def test_who_is_no_part_of_a_worry_decides_it(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread), reason=Reason.WORRIED)
    assert decide(cast.mona, made.case, Act.HIDE)


# --- the same thing once more -----------------------------------------------------------------------------------------
def test_who_reported_it_first_does_not_get_it_when_somebody_reports_it_again(
    cast: Cast, thread: Thread
) -> None:
    post = send(cast.alice, thread)
    decide(cast.lead, report(cast.mona, post).case, Act.NOTHING)
    again = report(cast.bob, post).case
    assert not gets(cast.mona, again) and gets(cast.lead, again)


def test_who_reported_it_and_came_into_the_team_since_gets_neither_the_appeal_nor_the_next_case(
    cast: Cast, thread: Thread
) -> None:
    post = send(cast.alice, thread)
    decision = decide(cast.mona, report(cast.bob, post).case, Act.HEADS_UP)
    assert decision.notice
    tag = cast.alice.tag(cast.harbour)
    appeal = appeals.appeal(notice=decision.notice, owner_tag=tag, words="Why?").case
    again = report(cast.lena, post).case
    make(cast, cast.bob, Role.MODERATOR)
    assert not gets(cast.bob, appeal) and not gets(cast.bob, again)
    assert gets(cast.lead, appeal) and gets(cast.lead, again)


# --- nobody chooses ---------------------------------------------------------------------------------------------------
def test_blocking_the_team_keeps_nothing_from_it(cast: Cast, thread: Thread) -> None:
    for who in ("mona", "weak", "lead"):
        blocks.block(face=face(cast.alice, thread), other=cast.people[who].here(cast.harbour).persona)
    case = report(cast.bob, send(cast.alice, thread, "An awful thing")).case
    assert gets(cast.mona, case) and gets(cast.lead, case) and not cases.is_outside(case)


def test_naming_the_whole_team_keeps_nothing_from_it(cast: Cast, thread: Thread) -> None:
    text = "Greetings to Clear Brook, Slow Cloud and Broad Field!"
    case = report(cast.bob, send(cast.alice, thread, text), reason=Reason.SPAM).case
    assert gets(cast.mona, case) and gets(cast.lead, case) and not cases.is_outside(case)


def test_naming_the_others_chooses_nobody(cast: Cast, thread: Thread) -> None:
    text = "Ask Clear Brook and Slow Cloud."
    case = report(cast.bob, send(cast.alice, thread, text)).case
    assert gets(cast.lead, case) and gets(cast.mona, case) and gets(cast.people["weak"], case)
    one = report(cast.bob, send(cast.alice, thread, "Ask Clear Brook.")).case
    assert not gets(cast.mona, one) and gets(cast.lead, one) and gets(cast.people["weak"], one)


def test_naming_the_others_in_a_worry_chooses_nobody(cast: Cast, thread: Thread) -> None:
    text = "I cannot go on. Clear Brook and Slow Cloud know."
    case = report(cast.bob, send(cast.alice, thread, text), reason=Reason.WORRIED).case
    assert decide(cast.mona, case, Act.HIDE)


@pytest.mark.usefixtures("two")
def test_who_is_named_steps_back_only_where_somebody_else_is_there(cast: Cast, thread: Thread) -> None:
    case = report(cast.bob, send(cast.alice, thread, "Clear Brook!")).case
    assert not gets(cast.mona, case) and gets(cast.lead, case)
    make(cast, cast.bob, Role.LEAD)
    leaving.leave_group(here=cast.lead.here(cast.harbour), key_of=cast.lead.keyed)
    assert gets(cast.mona, case), "the lead left, and bob reported it"


# --- nobody is without a judge -----------------------------------------------------------------------------------
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("how", ["loses the role", "leaves", "is kept out"])
def test_what_the_last_free_moderator_leaves_behind_is_for_the_outside_person(
    cast: Cast, thread: Thread, how: str
) -> None:
    case = report(cast.bob, send(cast.lead, thread, "By the lead")).case
    assert gets(cast.mona, case) and cases.groups_outside() == []
    if how == "loses the role":
        given = {"handle": "Clear Brook", "role": "member"}
        assert cast.lead.client.post(f"/g/{cast.harbour.public_id}/roles/", given).status_code == 302
    elif how == "leaves":
        leaving.leave_group(here=cast.mona.here(cast.harbour), key_of=cast.mona.keyed)
    else:
        from community.actions import standing

        effect = standing.Effect(may_read=False)
        standing.limit(group=cast.harbour, owner_tag=cast.mona.tag(cast.harbour), effect=effect)
    assert cases.groups_outside() == [cast.harbour]
    assert not gets(cast.lead, case)


@pytest.mark.usefixtures("two")
def test_whether_one_decided_alone_says_nothing_of_who_wrote_it(cast: Cast, thread: Thread) -> None:
    found = []
    for writer in (cast.mona, cast.alice):
        place = make_thread(cast.harbour, title=f"Talk {len(found)}")
        sign_as_alias(writer, place)
        post: Post = send(writer, place, "x", key_for_alias=alias_key(writer, place))
        found.append(decide(cast.lead, report(cast.bob, post).case, Act.BAN).alone)
    assert found == [False, False]
