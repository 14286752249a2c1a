"""Words go to and fro between somebody who is not well and the team: what each of them reads is true at every step."""

from __future__ import annotations

import datetime as dt
from functools import partial
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from chat.models import Thread
from community.actions import leaving
from core import clock, keyring
from moderation.actions import claims, decisions, forgetting, worries
from moderation.actions.decisions import Ruling
from moderation.enums import Act, CaseState, Later, Reason
from moderation.errors import Unanswered
from moderation.models import Case, DutyMail, Notice, Worry, Written
from moderation.presenters import worries as cards
from moderation.selectors import cases
from moderation.selectors import worries as reading
from tests.chat.saying import send
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import claim, decide, decided, judge, report
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
NOBODY = "Nobody has written yet"
AGAIN = "They wrote again"


def now_url(cast: Cast, door: str = "g") -> str:
    return reverse("moderation:now_in", args=[door, cast.harbour.public_id])


def now_page(cast: Cast, person: Person) -> str:
    return text_of(person.client.get(now_url(cast)))


def called(person: Person, cast: Cast, words: str = "It is bad.", *, in_danger: bool = False) -> Case:
    return worries.ask_for_help(here=person.here(cast.harbour), words=words, in_danger=in_danger)


def wrote(person: Person, case: Case, words: str = "How are you now?") -> Case:
    held = claim(person, case)
    worries.write(judge=judge(person, case.group), case=held, fence=held.fence, words=words)
    return held


def state(cast: Cast, person: Person) -> str:
    tag = person.tag(cast.harbour)
    standing = reading.standing(group=cast.harbour, owner_tag=tag)
    looked = reading.looked(group=cast.harbour, owner_tag=tag)
    return cards.card(group=cast.harbour, standing=standing, looked=looked).state


# --- they write more -----------------------------------------------------------------------------------------
def test_what_the_team_wrote_stays_true_when_they_write_more(cast: Cast) -> None:
    case = called(cast.alice, cast)
    wrote(cast.mona, case)
    called(cast.alice, cast, "It is worse.")
    page = now_page(cast, cast.alice)
    assert "The team wrote to you. You wrote more; they have not answered that yet." in page
    assert "have not written to you yet" not in page and "Nobody from the team" not in page
    assert f"/notes/{Notice.objects.get().public_id}/" in page
    for shown in (
        Desk(cast.mona, case).page(),
        text_of(cast.lead.client.get(f"/g/{cast.harbour.public_id}/team/")),
    ):
        assert AGAIN in shown and NOBODY not in shown
    wrote(cast.mona, case, "I read that, too.")
    assert state(cast, cast.alice) == "The team wrote to you."
    assert AGAIN not in Desk(cast.mona, case).page()


def test_more_words_before_any_answer_are_said_to_be_so(cast: Cast) -> None:
    case = called(cast.alice, cast)
    called(cast.alice, cast, "It is worse.")
    assert "Nobody from the team has written to you yet." in state(cast, cast.alice)
    page = Desk(cast.mona, case).page()
    assert AGAIN in page and NOBODY in page


def test_a_press_without_words_is_no_writing(cast: Cast) -> None:
    case = called(cast.alice, cast)
    wrote(cast.mona, case)
    called(cast.alice, cast, " ")
    assert state(cast, cast.alice) == "The team wrote to you." and AGAIN not in Desk(cast.mona, case).page()


def test_what_comes_back_is_not_said_to_be_their_doing(cast: Cast) -> None:
    held = wrote(cast.mona, called(cast.alice, cast))
    worries.look_again(judge=judge(cast.mona, cast.harbour), case=held, fence=held.fence, later=Later.DAY)
    with clock.held_at(clock.now() + dt.timedelta(hours=25)):
        worries.wake()
        assert state(cast, cast.alice) == "The team wrote to you. It is on their list again."
        page = Desk(cast.mona, held).page()
        assert "Look in on them again" in page and AGAIN not in page and NOBODY not in page


def test_what_the_team_wrote_about_one_thing_is_not_denied_for_another(cast: Cast, thread: Thread) -> None:
    wrote(cast.mona, called(cast.alice, cast))
    send(cast.alice, thread, "I want to kill myself")
    assert "has written to you yet" not in state(cast, cast.alice)
    talk = text_of(cast.alice.client.get(f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"))
    assert "You are not in trouble" in talk and "has written to you yet" not in talk


def test_those_on_duty_hear_anew_of_words_after_an_answer(cast: Cast) -> None:
    case = called(cast.alice, cast)
    wrote(cast.mona, case)
    DutyMail.objects.create(worry=case.worry, member=cast.mona.member(cast.harbour))
    called(cast.alice, cast, "It is worse.")
    assert not DutyMail.objects.exists()


def test_an_open_page_of_whoever_holds_it_is_told(cast: Cast) -> None:
    case = called(cast.alice, cast)
    desk = Desk(cast.mona, case)
    desk.take()
    assert "meanwhile: they wrote" not in desk.page()
    called(cast.alice, cast, "It is worse.")
    fresh = text_of(desk.client.get(desk.base, headers={"X-Kith-Fresh": "1"}))
    assert 'id="more" data-fresh role="status"' in fresh and 'id="said" data-fresh' in fresh
    assert "Something happened here meanwhile: they wrote again." in fresh and "It is worse." in fresh
    called(cast.alice, cast, "Please.")
    assert "they wrote again, 2 times." in desk.page()  # else the second would change nothing


# --- it is closed --------------------------------------------------------------------------------------------
def test_a_worry_that_was_closed_is_said_to_have_been_looked_at(cast: Cast) -> None:
    decide(cast.mona, called(cast.alice, cast), Act.NOTHING)
    day = f"{clock.today().day} {clock.today():%B}"
    page = now_page(cast, cast.alice)
    assert f"The team looked at this on {day}. You can tell them again." in page
    assert "has not been told" not in page and "Read the last note" not in page
    assert "has not been told" in now_page(cast, cast.bob)


def test_a_worry_that_was_closed_after_a_note_says_so(cast: Cast) -> None:
    wrote(cast.mona, called(cast.alice, cast))
    decide(cast.mona, Case.objects.get(), Act.NOTHING)
    page = now_page(cast, cast.alice)
    assert "and wrote to you. You can tell them again." in page and "Read the last note" in page
    called(cast.alice, cast, "Again")
    assert "Nobody from the team has written to you again yet." in state(cast, cast.alice)


def test_after_some_weeks_nothing_is_said_of_what_was_closed(cast: Cast) -> None:
    decide(cast.mona, called(cast.alice, cast), Act.NOTHING)
    with clock.held_at(clock.now() + dt.timedelta(days=reading.LOOKED_DAYS + 1)):
        assert "has not been told" in state(cast, cast.alice)


def test_last_words_of_somebody_in_danger_are_not_closed_without_a_question(cast: Cast) -> None:
    case = called(cast.alice, cast, in_danger=True)
    desk = Desk(cast.mona, case)
    asked = desk.decide(desk.take(), act=Act.NOTHING, rule="", facts="", message="")
    page = text_of(asked)
    assert asked.status_code == 409 and "Nobody has answered what they wrote last." in page
    assert "Write to them first" in page and Case.objects.get().state == CaseState.OPEN
    (seen,) = {part.split('"')[0] for part in page.split('name="seen" value="')[1:]}
    called(cast.alice, cast, "It is worse.")  # other words than those that were seen
    assert desk.decide(desk.fence(), act=Act.NOTHING, seen=seen).status_code == 409
    seen = text_of(desk.decide(desk.fence(), act=Act.NOTHING)).split('name="seen" value="')[1].split('"')[0]
    assert desk.decide(desk.fence(), act=Act.NOTHING, seen=seen).status_code == 302
    assert Case.objects.get().state == CaseState.DECIDED


def test_the_question_is_asked_of_danger_alone_and_not_after_an_answer(cast: Cast) -> None:
    with pytest.raises(Unanswered):
        decide(cast.mona, called(cast.alice, cast, in_danger=True), Act.NOTHING)
    wrote(cast.mona, Case.objects.get())
    held = claim(cast.mona, Case.objects.get())
    who = judge(cast.mona, cast.harbour)
    decisions.decide(judge=who, case=held, fence=held.fence, ruling=Ruling(act=Act.NOTHING))
    decide(cast.mona, called(cast.bob, cast), Act.NOTHING)


# --- whoever goes on with it ---------------------------------------------------------------------------------
def test_nobody_else_reads_what_the_team_wrote(cast: Cast) -> None:
    case = called(cast.alice, cast)
    wrote(cast.mona, case, "How was your night?")
    for person in (cast.alice, cast.bob, cast.olga, cast.ned, cast.weak):
        assert Desk(person, case).client.get(Desk(person, case).base).status_code == 404
    other = called(cast.bob, cast)
    assert "How was your night?" not in Desk(cast.mona, other).page()


def test_a_colleague_reads_what_was_written_before_they_take_it(cast: Cast) -> None:
    case = called(cast.alice, cast, in_danger=True)
    with clock.held_at(clock.now().replace(hour=9, minute=5)):
        wrote(cast.mona, case, "How was your night?")
        wrote(cast.mona, case, "Are you there?")
    with clock.held_at(clock.now() + claims.LEASE + dt.timedelta(days=1)):
        page = Desk(cast.lead, case).page()
    assert "In danger now" in page and "The team wrote" in page and "Take this" in page
    assert page.index("How was your night?") < page.index("Are you there?")
    assert ", between 09:00 and 10:00" in page and "not who wrote it" in page
    assert [one.at.minute for one in Written.objects.all()] == [0, 0]


def test_what_its_person_had_erased_is_gone_for_the_team(cast: Cast) -> None:
    case = called(cast.alice, cast)
    wrote(cast.mona, case, "How was your night?")
    Notice.objects.update(message="")
    assert "What the team wrote to them" not in Desk(cast.mona, case).page()


# --- in which order ------------------------------------------------------------------------------------------
def test_whom_nobody_answered_stands_first(cast: Cast, thread: Thread) -> None:
    with clock.held_at(clock.now() - dt.timedelta(hours=3)):
        wrote(cast.mona, called(cast.alice, cast, in_danger=True))
        calm = called(cast.lena, cast)
    grave = called(cast.bob, cast, in_danger=True)
    waiting = cases.waiting(judge=judge(cast.mona, cast.harbour))
    assert [one.pk for one in waiting[:2]] == [grave.pk, calm.pk] and len(waiting) == 3


def test_how_long_something_waits_is_said_by_the_hour(cast: Cast, thread: Thread) -> None:
    noon = clock.now().replace(hour=11, minute=57)
    with clock.held_at(noon):
        made = report(cast.bob, send(cast.alice, thread, "You are lazy"))
        assert "new in this hour" in Desk(cast.mona, made.case).page()
    with clock.held_at(noon + dt.timedelta(minutes=12)):
        page = Desk(cast.mona, made.case).page()
        assert "waiting since between 11:00 and 12:00" in page and "waiting 1 hour" not in page
    with clock.held_at(noon + dt.timedelta(days=3)):
        assert "waiting for about 3 days" in Desk(cast.mona, made.case).page()


def test_undoing_does_not_make_it_new(cast: Cast, thread: Thread) -> None:
    began = clock.now() - dt.timedelta(days=4)
    with clock.held_at(began):
        decision = decided(cast, thread, Act.NOTHING)
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=decision, because="It was unkind.")
    again = Case.objects.get()
    assert again.state == CaseState.OPEN and again.since == began.replace(minute=0, second=0, microsecond=0)
    assert "waiting for about 4 days" in Desk(cast.mona, again).page()


@pytest.fixture
def with_places() -> None:
    for name in ("regions", "services"):
        call_command("services", "import", str(settings.BASE_DIR / f"community/data/{name}.csv"), verbosity=0)


# --- what they read who ask ----------------------------------------------------------------------------------
@pytest.mark.usefixtures("with_places")
def test_what_was_told_is_shown_with_the_place_that_was_picked(cast: Cast) -> None:
    url = f"{now_url(cast)}?region=gb-eng"
    sent = cast.alice.client.post(url, {"message": "I am not safe"})
    assert sent.status_code == 302 and "region=gb-eng" in sent.url and "safe" not in sent.url
    page = text_of(cast.alice.client.get(sent.url))
    assert (
        "Your words are on the team's list" in page and "I am not safe" in page and 'href="tel:999"' in page
    )
    again = cast.alice.client.post(sent.url, {"message": "Please come"})
    page = text_of(cast.alice.client.get(again.url))
    assert "I am not safe" in page and "Please come" in page
    assert f'action="{now_url(cast)}?region=gb-eng"' in page


@pytest.mark.usefixtures("with_places")
def test_words_stay_in_the_box_while_a_place_is_picked(cast: Cast) -> None:
    page = text_of(cast.alice.client.get(now_url(cast)))
    assert '<select name="region" id="region" form="words"' in page and 'form="words" name="pick"' in page
    assert '<form method="post" id="words"' in page
    typed = {"message": "I am not safe", "in_danger": "on", "pick": ""}
    for place, number in (("gb-eng", True), ("", False)):  # picked; then another one is to be picked
        url = f"{now_url(cast)}?region=ie" if number else f"{now_url(cast)}?region=gb-eng"
        answer = cast.alice.client.post(url, typed | {"region": place})
        page = text_of(answer)
        assert answer.status_code == 200 and ('class="call" href="tel:999"' in page) is number
        assert ">\nI am not safe</textarea>" in page and "checked" in page and "It is not sent yet." in page
        assert f'action="{now_url(cast)}?region={place}"' in page
        assert not Case.objects.exists()
    bare = text_of(cast.alice.client.post(now_url(cast), {"message": "", "region": "gb-eng", "pick": ""}))
    assert 'href="tel:999"' in bare and "not sent yet" not in bare
    sent = cast.alice.client.post(now_url(cast), {"message": "I am not safe", "region": "gb-eng"})
    assert sent.status_code == 302 and "region=gb-eng" in sent.url and Case.objects.count() == 1


def test_words_are_not_lost_where_the_keys_are_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "standing", Mock(side_effect=keyring.RingAway))
    page = text_of(cast.alice.client.post(now_url(cast), {"message": "I am not safe", "pick": ""}))
    assert "readonly" in page and ">\nI am not safe</textarea>" in page and 'name="pick"' not in page


def test_nothing_is_said_to_be_told_that_was_not(cast: Cast) -> None:
    for told in ("words", "asked"):
        page = text_of(cast.alice.client.get(now_url(cast), {"told": told}))
        assert "are on the team's list" not in page
    cast.alice.client.post(now_url(cast), {"message": ""})
    page = text_of(cast.alice.client.get(now_url(cast), {"told": "words"}))
    assert "Your words are on the team's list" not in page
    assert "I am not safe" not in now_page(cast, cast.bob)


@pytest.mark.usefixtures("with_places")
def test_whom_to_call_comes_before_all_else(cast: Cast) -> None:
    cast.alice.client.post(now_url(cast), {"message": "I am not safe"})
    page = text_of(cast.alice.client.get(now_url(cast), {"region": "gb-eng"}))
    assert page.index('href="tel:999"') < page.index('id="stands"')
    for url in ("/help/", "/now/"):
        page = text_of(cast.nobody.get(url))
        numbers = 'href="tel:999">999 in the UK</a>,'
        assert page.index(numbers) < page.index('name="region"')


def test_who_says_that_they_are_in_danger_is_taken_at_their_word(cast: Cast) -> None:
    plain = called(cast.bob, cast, "I am in a bad way")
    assert not Worry.objects.get(case=plain).in_danger and plain.reason == Reason.NEEDS_HELP
    cast.alice.client.post(now_url(cast), {"message": "", "in_danger": "on"})
    grave = Case.objects.exclude(pk=plain.pk).get()
    assert Worry.objects.get(case=grave).in_danger and "In danger now" in Desk(cast.mona, grave).page()
    assert "In danger now" not in Desk(cast.mona, plain).page()


def test_who_is_in_danger_later_is_answered_anew(cast: Cast) -> None:
    case = called(cast.alice, cast)
    wrote(cast.mona, case)
    called(cast.alice, cast, "", in_danger=True)
    worry = Worry.objects.get(case=case)
    assert worry.in_danger and not worry.is_answered and worry.more == 0
    assert state(cast, cast.alice) == "The team wrote to you. It is on their list again."


# --- they answer ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "door"), [("alice", "g"), ("barred", "limits")])
def test_a_note_leads_to_where_one_answers_it(cast: Cast, who: str, door: str) -> None:
    person = cast.people[who]
    person.client.post(now_url(cast, door), {"message": "It is bad."})
    wrote(cast.mona, Case.objects.get(), "Are you safe?")
    decide(cast.mona, Case.objects.get(), Act.NOTE, message="Be well.")
    for notice in Notice.objects.all():
        url = reverse("moderation:notice", args=[door, cast.harbour.public_id, notice.public_id])
        page = text_of(person.client.get(url))
        assert f'href="{now_url(cast, door)}#tell">Answer the team</a>' in page and 'href="/help/"' in page
    assert 'id="tell"' in text_of(person.client.get(now_url(cast, door)))


def test_a_note_about_a_rule_is_not_answered_as_a_call_for_help(cast: Cast, thread: Thread) -> None:
    decide(cast.mona, report(cast.bob, send(cast.alice, thread, "You are lazy")).case, Act.NOTE)
    page = cast.alice.client.get(
        reverse("moderation:notice", args=["g", cast.harbour.public_id, Notice.objects.get().public_id])
    )
    assert page.status_code == 200 and "Answer the team" not in text_of(page)


# --- they are gone -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["is there", "left", "gone for good"])
def test_no_note_is_said_to_reach_somebody_and_nobody_is_told_who_left(cast: Cast, how: str) -> None:
    desk = Desk(cast.mona, called(cast.alice, cast, "It is bad.", in_danger=True))
    if how != "is there":
        leaving.leave_group(here=cast.alice.here(cast.harbour), key_of=partial(cast.alice.keyed, "leaving"))
    if how == "gone for good":
        forgetting.forget_author(str(desk.case.pk))
    fence = desk.take()
    assert "It stays open for you. If they have left, nobody reads it." in desk.page()
    page = text_of(cast.mona.client.get(desk.post("write", fence=fence, message="Are you safe?").url))
    assert "If they are still here, it waits for them. If they have left, nobody reads it." in page
    assert "with them" not in page and "They read" not in page


# --- words to begin with -------------------------------------------------------------------------------------
def test_what_was_typed_is_never_replaced(cast: Cast) -> None:
    desk = Desk(cast.mona, called(cast.alice, cast))
    fence = desk.take()
    page = text_of(desk.post("write", fence=fence, message="Hello you.", script="1"))
    assert "Hello you.\n\nI read what you wrote" in page and "ending your life?" in page
    assert "<details open><summary>Words to begin with" in page
    typed = f"Hello you.\n\n{cards.SCRIPTS[1][1]}"
    again = text_of(desk.post("write", fence=fence, message=typed, script="1"))
    assert again.count("I will not be shocked") == 1 and not Notice.objects.exists()


def test_the_message_stays_open_for_whoever_took_it(cast: Cast) -> None:
    desk = Desk(cast.mona, called(cast.alice, cast))
    assert '<details class="card" data-message><summary>' in desk.page()
    desk.take()
    assert '<details class="card" data-message open><summary>' in desk.page()
    assert '<details class="card" data-message><summary>' in Desk(cast.lead, desk.case).page()
