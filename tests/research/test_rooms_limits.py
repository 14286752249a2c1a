"""Limits set in a room: they hold there and only there, for the person under whichever name, for several people in one
act, and tell nobody whose a name for the room is."""

from __future__ import annotations

import pytest

from chat.enums import PostState
from chat.errors import TooSoon
from community import avatars
from community.actions import leaving, personas
from community.errors import MayNot
from community.models import Standing
from moderation.actions import decisions
from moderation.enums import Act, CaseState, Reason
from moderation.errors import Incomplete
from moderation.models import Case, Decision, Notice
from moderation.selectors import cases, notices
from research.models import RoomPost
from tests.chat.saying import send
from tests.moderation.console import Desk
from tests.moderation.judging import decide, judge
from tests.moderation.own_pages import words
from tests.people import Cast, Person, add, make_thread
from tests.research.consenting import say
from tests.research.in_rooms import ONCE, InRoom, with_room
from tests.research.test_rooms_kept import report
from tests.scenes import same

OTHER = "Brave Acorn"


@pytest.fixture
@same
def one(cast: Cast) -> InRoom:
    return with_room(cast)


def quarrel(one: InRoom) -> Case:
    """Lena said something, alice answered under two names; what the first of them said is reported."""
    one.say(one.cast.lena, "You are wrong.", once=OTHER)
    post = one.say(one.cast.alice, "You are lazy.", once=ONCE)
    one.say(one.cast.alice, "She is.")
    return report(one, one.cast.lena, post).case


def silent(one: InRoom, who: Person) -> bool:
    return who.here(one.cast.harbour).is_silent_in(one.room.public_id)


# --- refusals ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", sorted(set(Act) - {Act.SLOW, Act.MUTE, Act.SUSPEND, Act.CHECK_FIRST}))
def test_nothing_else_is_decided_for_several(one: InRoom, act: Act) -> None:
    with pytest.raises(Incomplete):
        decide(one.cast.mona, quarrel(one), act, also=("B",))
    assert not Decision.objects.exists()


def test_in_care_nobody_beside_is_limited(one: InRoom) -> None:
    one.say(one.cast.lena, "You are wrong.", once=OTHER)
    post = one.say(one.cast.alice, "I am so tired.", once=ONCE)
    case = report(one, one.cast.lena, post, reason=Reason.WORRIED).case
    with pytest.raises(Incomplete):
        decide(one.cast.mona, case, Act.MUTE, also=("B",))


def test_nobody_decides_about_their_own_name_there_and_no_other_does_unseen(one: InRoom) -> None:
    cast = one.cast
    say(cast.mona, cast.harbour, one.field.study)
    one.come_in(cast.mona)
    one.say(cast.mona, "I think so, too.", once=OTHER)
    case = report(one, cast.lena, one.say(cast.alice, "You are lazy.", once=ONCE)).case
    decide(cast.mona, case, Act.MUTE, scope="thread", also=("B",))
    assert silent(one, cast.alice) and not silent(one, cast.mona)
    left = Case.objects.get(state=CaseState.OPEN)
    assert left not in cases.waiting(judge=judge(cast.mona, cast.harbour))
    assert left in cases.waiting(judge=judge(cast.lead, cast.harbour)), "it is not lost"


def test_what_waits_already_is_left_to_whoever_looks_at_it(one: InRoom) -> None:
    case = quarrel(one)
    waits = report(one, one.cast.alice, RoomPost.objects.get(text="You are wrong.")).case
    decide(one.cast.mona, case, Act.MUTE, scope="thread", also=("B",))
    waits.refresh_from_db()
    assert waits.state == CaseState.OPEN and not silent(one, one.cast.lena)


def test_what_nobody_read_is_not_judged(one: InRoom) -> None:
    """What was said after the copy, or is other words by now, is not in it."""
    case = quarrel(one)
    RoomPost.objects.filter(text="You are wrong.").update(text="Sorry.")
    one.say(one.field.rosa, "Let us be calm.")
    assert set(cases.beside(case)) == {"C"}
    decide(one.cast.mona, case, Act.MUTE, scope="thread", also=("B", "D"))
    assert Decision.objects.count() == 1


# --- there, and only there --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("once", ["", ONCE])
def test_a_slow_room_is_slow_under_both_names_and_no_talk_is(one: InRoom, once: str) -> None:
    cast = one.cast
    case = report(one, cast.lena, one.say(cast.alice, "You are lazy.", once=once)).case
    decide(cast.mona, case, Act.SLOW, scope="thread")
    one.say(cast.alice, "Once an hour", once=once)
    for under in ("", ONCE):
        with pytest.raises(TooSoon):
            one.say(cast.alice, "and again", once=under)
    thread = make_thread(cast.harbour)
    for text in ("As fast", "as I like"):
        send(cast.alice, thread, text)


def test_it_follows_the_person_through_every_name(one: InRoom) -> None:
    cast = one.cast
    case = report(one, cast.lena, one.say(cast.alice, "You are lazy.", once=ONCE)).case
    decide(cast.mona, case, Act.MUTE, scope="thread")
    personas.stop_using_name(here=cast.alice.here(cast.harbour))
    tile = avatars.propose(n=1)[0].choice
    personas.create_persona(here=cast.alice.here(cast.harbour), handle="Still Water", avatar=tile)
    for under in ("", ONCE, "Calm Harbour"):
        with pytest.raises(MayNot):
            one.say(cast.alice, "again", once=under)
    leaving.leave_group(here=cast.alice.here(cast.harbour), key_of=cast.alice.keyed)
    add(cast.alice, cast.harbour, handle="New Leaf")
    assert silent(one, cast.alice)
    assert send(cast.alice, make_thread(cast.harbour))


# --- several in one act -----------------------------------------------------------------------------------------------
def test_several_are_limited_in_one_act_each_with_a_decision_of_their_own(one: InRoom) -> None:
    cast, case = one.cast, quarrel(one)
    letters = cases.beside(case)
    (lena,) = [
        letter for letter, pid in letters.items() if "wrong" in RoomPost.objects.get(public_id=pid).text
    ]
    decide(cast.mona, case, Act.MUTE, scope="thread", also=(lena,))
    assert silent(one, cast.alice) and silent(one, cast.lena)
    states = set(RoomPost.objects.exclude(text="She is.").values_list("state", flat=True))
    assert states == {PostState.HIDDEN}
    for who in (cast.alice, cast.lena):
        (note,) = notices.of(group=cast.harbour, owner_tag=who.tag(cast.harbour))
        assert note.decision.rule_code and note.decision.facts and note.decision.appeal_until
    other = Decision.objects.exclude(case=case).get()
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=other, because="She was not.")
    assert silent(one, cast.alice) and not silent(one, cast.lena)


def test_two_names_of_one_person_are_decided_like_those_of_two(one: InRoom) -> None:
    """Nothing of what the team reads or finds tells that they are one."""
    cast, case = one.cast, quarrel(one)
    decide(cast.mona, case, Act.MUTE, scope="thread", also=("B", "C"))
    assert Decision.objects.count() == Case.objects.filter(state=CaseState.DECIDED).count() == 3
    assert Notice.objects.count() == Standing.objects.exclude(place="").count() == 3
    for row in Decision.objects.select_related("case"):
        assert (row.act, row.scope, row.days, row.fence) == (
            "mute",
            "thread",
            7,
            1 if row.case != case else row.fence,
        )


def test_who_reads_the_database_is_not_told_whose_a_name_is_or_that_they_take_part(one: InRoom) -> None:
    decide(one.cast.mona, quarrel(one), Act.MUTE, scope="thread", also=("B",))
    marks = set(Standing.objects.exclude(place="").values_list("place", flat=True))
    assert len(marks) == 2
    assert one.room.public_id not in marks, "nor do two people in one room have one mark"


# --- the page ---------------------------------------------------------------------------------------------------------
def test_the_page_offers_the_room_first_and_names_nobody(one: InRoom) -> None:
    cast, case = one.cast, quarrel(one)
    desk = Desk(cast.mona, case)
    fence = desk.take()
    shown = desk.page()
    assert shown.index("Only in the room of the study") < shown.index("In the whole group</option>")
    assert "Does it hold for others, too?" in shown and ONCE not in shown and OTHER not in shown
    given = {"act": "mute", "days": "3", "also": ["B"]}
    preview = desk.decide(fence, step="preview", **given)
    assert "B get the same" in words(preview) or "B gets the same" in words(preview)
    assert "It is about the room of the study" in words(preview)
    assert desk.decide(fence, **given).status_code == 302
    assert silent(one, cast.alice) and Decision.objects.count() == 2
    assert cast.alice.here(cast.harbour).may_post, "nothing was asked but the room"


def test_a_talk_reaches_as_far_as_before(cast: Cast) -> None:
    from tests.moderation.judging import report as tell

    made = tell(cast.bob, send(cast.alice, make_thread(cast.harbour), "You are lazy."))
    shown = Desk(cast.mona, made.case)
    shown.take()
    page = shown.page()
    assert page.index("In the whole group") < page.index("Only in this talk")
    assert "Does it hold for others" not in page, "there is nobody beside it"
