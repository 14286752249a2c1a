"""A worry is put off: what nobody has answered comes back within hours, and each who reads of it reads what is so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail as outbox

from chat.models import Thread
from core import clock
from moderation.actions import alerts, worries
from moderation.enums import Later, Reason
from moderation.errors import Incomplete
from moderation.models import Case, DutyMail, Worry
from moderation.presenters import worries as cards
from moderation.selectors import cases
from moderation.selectors import worries as reading
from tests.chat.saying import send
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import claim, judge, report
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
LONGER = [one for one in Later if one != Later.HOURS]


def called(person: Person, cast: Cast, words: str = "It is bad.", *, in_danger: bool = False) -> Case:
    return worries.ask_for_help(here=person.here(cast.harbour), words=words, in_danger=in_danger)


def put_off(
    cast: Cast, case: Case, later: Later = Later.HOURS, *, write: bool = False, asks: bool = False
) -> None:
    held = claim(cast.mona, case)
    given: dict[str, Any] = {"judge": judge(cast.mona, case.group), "case": held, "fence": held.fence}
    if write:
        worries.write(**given, words="How are you now?")
    if asks:
        worries.ask_colleague(**given)
    worries.look_again(**given, later=later)


def card(cast: Cast, person: Person) -> cards.Card:
    standing = reading.standing(group=cast.harbour, owner_tag=person.tag(cast.harbour))
    return cards.card(group=cast.harbour, standing=standing)


# --- for how long --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("in_danger", [True, False])
def test_a_week_is_neither_offered_nor_taken_where_nobody_has_written(cast: Cast, in_danger: bool) -> None:
    desk = Desk(cast.mona, called(cast.alice, cast, in_danger=in_danger))
    fence, page = desk.take(), desk.page()
    assert "In 3 hours</option>" in page and "In a week" not in page and "Tomorrow" not in page
    for later in LONGER:
        refused = desk.post("care", fence=fence, does="later", later=str(later.value))
        said = text_of(refused)
        assert refused.status_code == 422 and "In a week" not in said
        assert "Nobody has written to them yet. So it can wait for a few hours at most." in said
        assert ("This is marked: in danger now." in said) is in_danger
    assert Worry.objects.get().check_at is None and Case.objects.get().holder is not None
    assert desk.post("care", fence=fence, does="later", later="3").status_code == 302
    assert Worry.objects.get().check_at is not None


@pytest.mark.parametrize("later", LONGER)
def test_nor_where_their_last_words_wait_for_an_answer(cast: Cast, later: Later) -> None:
    case = called(cast.alice, cast)
    put_off(cast, case, write=True)
    called(cast.alice, cast, "It is worse.")
    with pytest.raises(Incomplete) as refused:
        put_off(cast, case, later)
    assert "Nobody has answered what they wrote last." in refused.value.reason
    put_off(cast, case, later, write=True)
    assert Worry.objects.get().is_answered


def test_nor_where_somebody_in_danger_is_to_be_looked_in_on(cast: Cast) -> None:
    case = called(cast.alice, cast, in_danger=True)
    put_off(cast, case, Later.DAY, write=True)
    with clock.held_at(clock.now() + dt.timedelta(hours=25)):
        worries.wake()
        with pytest.raises(Incomplete):
            put_off(cast, case, Later.DAY)
        put_off(cast, case, Later.HOURS)


def test_who_said_nothing_new_since_the_team_wrote_is_looked_in_on_another_day(cast: Cast) -> None:
    case = called(cast.alice, cast)
    put_off(cast, case, Later.DAY, write=True)
    with clock.held_at(clock.now() + dt.timedelta(hours=25)):
        worries.wake()
        put_off(cast, case, Later.WEEK)
        said = card(cast, cast.alice)
    assert (said.state, said.then) == (
        "The team wrote to you.", "They mean to look in again. You can tell them more at any time."
    )  # fmt: skip


# --- what stays ----------------------------------------------------------------------------------------------
def test_danger_the_asked_colleague_and_its_hour_stay_in_the_list(cast: Cast, thread: Thread) -> None:
    case = called(cast.alice, cast, in_danger=True)
    report(cast.bob, send(cast.alice, thread, "The rain has not stopped"), reason=Reason.WORRIED)
    put_off(cast, case, asks=True)
    shown = text_of(cast.lead.client.get(f"/g/{cast.harbour.public_id}/team/"))
    row = shown.split(f'data-case="{case.public_id}"')[1].split("</li>")[0]
    hour = f"{clock.this_hour() + dt.timedelta(hours=3):%H:%M}"
    for words in ("In danger now", "A colleague is asked", "Nobody has written yet", f", {hour}</span>"):
        assert words in row, words
    assert "To look again: " in row
    assert cases.waiting(judge=judge(cast.lead, cast.harbour))[0].pk == case.pk
    page = Desk(cast.lead, case).page()
    assert page.count("To look again: ") == 1 and "In danger now" in page


def test_what_was_answered_waits_below_and_what_was_not_stays(cast: Cast) -> None:
    with clock.held_at(clock.now() - dt.timedelta(hours=2)):
        answered, unanswered = called(cast.alice, cast), called(cast.bob, cast)
    last = called(cast.lena, cast)
    put_off(cast, answered, Later.WEEK, write=True)
    put_off(cast, unanswered)
    who = judge(cast.mona, cast.harbour)
    assert [one.pk for one in cases.waiting(judge=who)] == [unanswered.pk, last.pk, answered.pk]
    following = cases.next_after(judge=who)
    assert following and following.pk == last.pk, "not back to it at once"


def test_who_is_said_to_be_in_danger_does_not_rest(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread, "The rain has not stopped")
    case = report(cast.bob, post, reason=Reason.WORRIED).case
    put_off(cast, case, Later.WEEK, write=True)
    report(cast.lena, post, reason=Reason.WORRIED, note="She wrote that tonight is the night")
    assert Worry.objects.get().in_danger and not reading.rests(Worry.objects.get())


def test_a_colleague_who_is_asked_is_mailed_although_it_was_put_off(cast: Cast, settings: Any) -> None:
    from tests.moderation.test_worries import on_duty

    settings.KITH_MAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example", "site@site.example"
    on_duty(cast.lead, cast, "duty@mail.example")
    with clock.held_at(dt.datetime(2026, 3, 5, 19, tzinfo=dt.UTC)):
        put_off(cast, called(cast.alice, cast), asks=True)
        alerts.tell_those_on_duty()
    assert len(outbox.outbox) == 1 and DutyMail.objects.count() == 1


# --- what its person reads -----------------------------------------------------------------------------------
def test_whoever_was_put_off_reads_that_somebody_looked(cast: Cast) -> None:
    case = called(cast.alice, cast, in_danger=True)
    before = card(cast, cast.alice)
    assert "one of the first things on their list" in before.then and "looked at it" not in before.then
    put_off(cast, case)
    page = text_of(cast.alice.client.get(f"/g/{cast.harbour.public_id}/now/"))
    assert "Nobody from the team has written to you yet." in page
    assert "Someone from the team looked at it. They mean to look again in a few hours." in page
    assert "Please do not wait for us." in page and "one of the first things" not in page
    with clock.held_at(clock.now() + dt.timedelta(hours=4)):
        worries.wake()
        assert "one of the first things on their list" in card(cast, cast.alice).then


def test_of_two_worries_about_somebody_one_that_nobody_looked_at_counts(cast: Cast, thread: Thread) -> None:
    put_off(cast, called(cast.alice, cast))
    send(cast.alice, thread, "I want to kill myself")
    assert "looked at it" not in card(cast, cast.alice).then


# --- in which order ------------------------------------------------------------------------------------------
def test_new_worries_stand_above_whom_the_team_wrote_to_days_ago(cast: Cast, thread: Thread) -> None:
    long_ago = clock.now() - dt.timedelta(days=4)
    with clock.held_at(long_ago):
        back, grave = called(cast.alice, cast), called(cast.lead, cast, in_danger=True)
        for case in (back, grave):
            put_off(cast, case, Later.DAY, write=True)
        rule = report(cast.bob, send(cast.alice, thread, "You are lazy")).case
    with clock.held_at(long_ago + dt.timedelta(days=1)):
        worries.wake()
        answered = called(cast.muted, cast)
        held = claim(cast.mona, answered)
        worries.write(judge=judge(cast.mona, held.group), case=held, fence=held.fence, words="How are you?")
    fresh = report(cast.bob, send(cast.alice, thread, "My head is full"), reason=Reason.WORRIED).case
    danger = called(cast.bob, cast, in_danger=True)
    waiting = cases.waiting(judge=judge(cast.mona, cast.harbour))
    assert [one.pk for one in waiting] == [one.pk for one in (danger, grave, fresh, back, answered, rule)]
    called(cast.alice, cast, "It is worse.")
    assert cases.waiting(judge=judge(cast.mona, cast.harbour))[2].pk == back.pk, "they wrote again, and first"


def test_a_page_knows_which_of_what_is_new_is_a_worry(cast: Cast, thread: Thread) -> None:
    case = called(cast.alice, cast)
    rule = report(cast.bob, send(cast.alice, thread, "You are lazy")).case
    shown = text_of(cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/"))
    assert f'data-case="{case.public_id}" data-worry>' in shown and f'data-case="{rule.public_id}">' in shown
    assert '<p title="worry">A worry about someone has come in.</p>' in shown
