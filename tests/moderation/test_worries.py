"""Worry is care: who can ask, what they read, what a team can do, and that nobody is limited by it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail as outbox
from django.urls import reverse

from chat.models import Post, Thread
from community import duty_addresses
from community.models import Shift, Standing
from core import clock
from moderation import policies
from moderation.actions import alerts, claims, decisions, worries
from moderation.actions.decisions import Ruling
from moderation.enums import Act, CaseState, Kind, Later, Reason, Step
from moderation.errors import Conflict, Incomplete
from moderation.models import Case, Notice, Strike, Switch, Worry
from moderation.presenters import worries as cards
from moderation.selectors import worries as reading
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import claim, judge, report
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
DARK = "I want to kill myself"
THREE = dt.datetime(2026, 3, 5, 3, tzinfo=dt.UTC)  # a Thursday night


def now_url(cast: Cast, door: str = "g") -> str:
    return reverse("moderation:now_in", args=[door, cast.harbour.public_id])


def raised(cast: Cast, thread: Thread) -> Case:
    post = send(cast.alice, thread, DARK)
    return Case.objects.get(subject_id=post.public_id)


def called(person: Person, cast: Cast, words: str = "") -> Case:
    return worries.ask_for_help(here=person.here(cast.harbour), words=words)


def on_duty(person: Person, cast: Cast, address: str = "") -> None:
    for day in range(7):
        Shift.objects.create(
            group=cast.harbour,
            member=person.member(cast.harbour),
            weekday=day,
            starts=dt.time(18),
            ends=dt.time(22),
        )
    if address:
        duty_addresses.keep(member=person.member(cast.harbour), address=address)


# --- who may ask ---------------------------------------------------------------------------------------------
def test_a_stranger_and_somebody_elsewhere_find_no_door(cast: Cast) -> None:
    for person in (cast.olga, cast.ned):
        for door in ("g", "limits"):
            for method in (person.client.get, person.client.post):
                assert method(now_url(cast, door)).status_code == 404
    nothing = cast.olga.client.get("/g/nosuchgroup/now/")
    assert nothing.status_code == 404 and not Case.objects.exists()


def test_whom_to_call_is_there_for_anyone(cast: Cast) -> None:
    page = text_of(cast.nobody.get("/now/"))
    assert "112" in page and "You are not signed in. So nobody here can be told." in page
    assert cast.harbour.name not in page


@pytest.mark.parametrize(
    ("who", "door"), [("alice", "g"), ("lena", "g"), ("muted", "g"), ("barred", "limits")]
)
def test_members_and_those_a_limit_keeps_out_reach_the_team(cast: Cast, who: str, door: str) -> None:
    person = cast.people[who]
    assert now_url(cast, door) in text_of(person.client.get("/now/"))
    assert person.client.post(now_url(cast, door), {"message": "I am not safe"}).status_code == 302
    case = Case.objects.get()
    assert (case.reason, case.urgency, case.place) == (Reason.NEEDS_HELP, 0, "")
    page = text_of(person.client.get(now_url(cast, door)))
    assert "It is on the team&#x27;s list. Nobody from the team has written to you yet." in page
    assert policies.may("see", judge(cast.mona, cast.harbour), case)


def test_somebody_kept_from_the_whole_site_reaches_a_team(cast: Cast) -> None:
    tag = cast.alice.tag(cast.harbour)
    Standing.objects.create(group=cast.harbour, owner_tag=tag, may_read=False, may_post=False, site_wide=True)
    assert cast.alice.client.post(now_url(cast, "limits"), {"message": ""}).status_code == 302
    assert Case.objects.get().reason == Reason.NEEDS_HELP


def test_one_call_for_each_person_with_all_their_words(cast: Cast) -> None:
    first, again = called(cast.alice, cast, "It is bad."), called(cast.alice, cast, "It is worse.")
    assert first.pk == again.pk and again.text == "It is bad.\n\nIt is worse."
    assert called(cast.bob, cast).pk != first.pk


def test_no_one_else_sees_how_it_stands(cast: Cast, thread: Thread) -> None:
    raised(cast, thread)
    called(cast.alice, cast)
    for person in (cast.bob, cast.mona):
        tag = person.tag(cast.harbour)
        assert reading.standing(group=cast.harbour, owner_tag=tag) is None
        assert reading.in_talk(group=cast.harbour, place=thread.public_id, owner_tag=tag).own is None


def _sent_by_script(cast: Cast, thread: Thread) -> Any:
    url = reverse("chat:post_send", args=[cast.harbour.public_id, thread.public_id])
    return cast.alice.client.post(url, {"text": DARK}, headers={"accept": "application/json"})


# --- raised --------------------------------------------------------------------------------------------------
def test_words_are_published_at_once_and_raise_it(cast: Cast, thread: Thread) -> None:
    answer = _sent_by_script(cast, thread)
    assert answer.status_code == 201
    assert "You are not in trouble" in answer.json()["care"] and "112" in answer.json()["care"]
    case = Case.objects.get()
    assert (case.reason, case.noticed, Post.objects.get().text) == (Reason.WORRIED, Kind.WORRY, DARK)
    url = f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"
    assert "You are not in trouble" in text_of(cast.alice.client.get(url))
    assert "You are not in trouble" not in text_of(cast.bob.client.get(url))


def test_two_levels(cast: Cast, thread: Thread) -> None:
    case = raised(cast, thread)
    assert not Worry.objects.get(case=case).in_danger
    grave = Case.objects.get(subject_id=send(cast.bob, thread, "I am going to kill myself tonight").public_id)
    assert Worry.objects.get(case=grave).in_danger and grave.urgency == 0


def test_a_report_tells_its_person_nothing_of_who_worries(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread, "The rain has not stopped")
    made = report(cast.bob, post, reason=Reason.WORRIED, note="She wrote that tonight is the night")
    assert Worry.objects.get(case=made.case).in_danger
    page = text_of(cast.alice.client.get(f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"))
    assert "You are not in trouble" in page and "worried" not in page.lower()


def test_a_worry_about_somebody_mentioned_is_not_told_to_who_wrote(cast: Cast, thread: Thread) -> None:
    report(cast.bob, send(cast.alice, thread, "My sister is low"), reason=Reason.WORRIED_MENTIONED)
    assert reading.standing(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour)) is None


def test_nobody_can_report_that_somebody_asks_for_help(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread)
    url = reverse("moderation:report", args=[cast.harbour.public_id, "post", post.public_id])
    cast.bob.client.post(url, {"reason": Reason.NEEDS_HELP, "then": "send"})
    assert not Case.objects.exists()


def test_a_lead_can_have_the_team_left_out_and_the_card_says_so(cast: Cast, thread: Thread) -> None:
    Switch.objects.create(
        group=cast.harbour, kind=Kind.WORRY, step=Step.HELP, of_messages=0, found=0, is_on=True
    )
    send(cast.alice, thread, DARK)
    assert not Case.objects.exists()
    page = cast.alice.client.get(
        f"/g/{cast.harbour.public_id}/t/{thread.public_id}/", {"newest": 1, "care": 1}
    )
    assert "The team has not been told. You can tell them." in text_of(page)


# --- what the team does --------------------------------------------------------------------------------------
def test_only_who_may_see_it_and_has_it_acts(cast: Cast, thread: Thread) -> None:
    case = raised(cast, thread)
    desk = Desk(cast.mona, case)
    for person in (cast.alice, cast.olga, cast.ned, cast.weak):
        for act in ("write", "care"):
            assert Desk(person, case).post(act, fence="1", message="x", does="danger").status_code == 404
    assert desk.post("write", fence="0", message="How are you?").status_code == 409
    assert desk.post("care", fence="0", does="danger").status_code == 409
    assert not Notice.objects.exists() and not Worry.objects.get().in_danger


def test_outside_doors_are_shut_while_the_team_can_look(cast: Cast, thread: Thread) -> None:
    case = raised(cast, thread)
    for name in ("moderation:outside_write", "moderation:outside_care"):
        assert cast.lead.client.post(reverse(name, args=[case.public_id])).status_code == 404


def test_care_is_for_cases_of_care(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread, "You are lazy"))
    held = claim(cast.mona, made.case)
    assert Desk(cast.mona, held).post("write", fence=held.fence, message="x").status_code == 404


def test_writing_reaches_the_person_and_leaves_it_open(cast: Cast) -> None:
    case = called(cast.lena, cast, "Please")
    desk = Desk(cast.mona, case)
    fence = desk.take()
    assert desk.post("write", fence=fence, message="").status_code == 422
    began = desk.post("write", fence=fence, script="1")
    assert "Do you think of ending your life?" in text_of(began) and not Notice.objects.exists()
    assert desk.post("write", fence=fence, message="How are you now?", shows_help="on").status_code == 302
    notice = Notice.objects.get()
    assert notice.message.startswith("How are you now?") and "112" in notice.message
    page = text_of(cast.lena.client.get(now_url(cast)))
    assert "The team wrote to you." in page and f"/notes/{notice.public_id}/" in page
    assert Case.objects.get().state == CaseState.OPEN


def test_the_page_to_act_from_has_all_of_it(cast: Cast, thread: Thread) -> None:
    case = raised(cast, thread)
    desk = Desk(cast.mona, case)
    desk.take()
    page = desk.page()
    for words in ("Words to begin with", "not yet reviewed by a clinician", "Send it to them", "Ask a colleague",
                  "Come back to it then", "A note for the others in the talk", "They are in danger now",
                  "Close it, or something else is needed"):  # fmt: skip
        assert words in page, words


def test_a_note_for_the_others_names_nobody_and_ends(cast: Cast, thread: Thread) -> None:
    case = raised(cast, thread)
    desk = Desk(cast.mona, case)
    assert desk.post("care", fence=desk.take(), does="note").status_code == 302
    url = f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"
    assert "This talk can be heavy to read." in text_of(cast.bob.client.get(url))
    with clock.held_at(clock.now() + dt.timedelta(days=worries.NOTE_DAYS + 1)):
        assert "This talk can be heavy to read." not in text_of(cast.bob.client.get(url))
    assert desk.post("care", fence=desk.fence(), does="no_note").status_code == 302
    assert "This talk can be heavy to read." not in text_of(cast.bob.client.get(url))


def test_what_is_to_be_looked_at_again_comes_back(cast: Cast) -> None:
    case = called(cast.alice, cast)
    held = claim(cast.mona, case)
    who = judge(cast.mona, cast.harbour)
    worries.write(judge=who, case=held, fence=held.fence, words="How are you?")
    worries.look_again(judge=who, case=held, fence=held.fence, later=Later.DAY)
    tag = cast.alice.tag(cast.harbour)
    worries.wake()
    before = reading.standing(group=cast.harbour, owner_tag=tag)
    assert before and before.is_answered and before.looks_again and not before.is_held
    with clock.held_at(clock.now() + dt.timedelta(hours=25)):
        worries.wake()
        after = reading.standing(group=cast.harbour, owner_tag=tag)
        assert after and not after.is_answered and not after.looks_again


def test_a_colleague_who_is_asked_sees_it(cast: Cast, thread: Thread) -> None:
    desk = Desk(cast.mona, raised(cast, thread))
    desk.post("care", fence=desk.take(), does="colleague")
    page = text_of(cast.lead.client.get(f"/g/{cast.harbour.public_id}/team/"))
    assert "A colleague is asked" in page and "Nobody has written yet" in page


def test_what_no_one_asked_for_is_not_done(cast: Cast, thread: Thread) -> None:
    desk = Desk(cast.mona, raised(cast, thread))
    assert desk.post("care", fence=desk.take(), does="ban").status_code == 404
    assert desk.post("care", fence=desk.fence(), does="later", later="5").status_code == 422


def test_whoever_asks_for_help_loses_nothing(cast: Cast) -> None:
    held = claim(cast.mona, called(cast.alice, cast, "Please"))
    ruling = Ruling(
        act=Act.BAN,
        scope="group",
        days=7,
        rule_code="kind",
        facts="They asked for help very often.",
        message="x",
    )  # type: ignore[arg-type]  # as a form would give it
    with pytest.raises(Incomplete):
        decisions.decide(judge=judge(cast.mona, cast.harbour), case=held, fence=held.fence, ruling=ruling)
    assert not Standing.objects.filter(owner_tag=cast.alice.tag(cast.harbour)).exists()
    assert not Strike.objects.exists()


def test_a_worry_leaves_no_earlier_problem_and_no_name(cast: Cast, thread: Thread) -> None:
    case = raised(cast, thread)
    desk = Desk(cast.mona, case)
    desk.take()
    assert "Show the name" not in desk.page()
    call_page = Desk(cast.mona, called(cast.bob, cast))
    assert "Calm Otter" not in call_page.page()


# --- what is true at three in the morning --------------------------------------------------------------------
def test_at_three_in_the_morning_every_word_is_true(cast: Cast) -> None:
    on_duty(cast.mona, cast)
    with clock.held_at(THREE):
        cast.alice.client.post(now_url(cast), {"message": "I cannot keep safe"})
        page = text_of(cast.alice.client.get(now_url(cast)))
    assert "Nobody from the team is on duty until 18:00 (London time)." in page
    assert "Nobody from the team has written to you yet." in page
    assert "It could be that nobody from the team sees it before" in page
    assert "We sent them a mail" not in page and "taken this up" not in page


def test_the_card_says_when_somebody_has_it_and_when_they_dropped_out(cast: Cast) -> None:
    case = called(cast.alice, cast)
    claim(cast.mona, case)
    tag = cast.alice.tag(cast.harbour)

    def says() -> str:
        return cards.card(
            group=cast.harbour, standing=reading.standing(group=cast.harbour, owner_tag=tag)
        ).state

    assert "taken this up" in says()
    with clock.held_at(clock.now() + claims.LEASE + dt.timedelta(seconds=1)):
        assert "Nobody from the team has written to you yet." in says()


# --- the mail ------------------------------------------------------------------------------------------------
@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.KITH_MAIL_HOST = "mail.example"
    settings.DEFAULT_FROM_EMAIL = "site@site.example"


@pytest.mark.usefixtures("with_mail")
def test_the_mail_says_nothing(cast: Cast, thread: Thread) -> None:
    on_duty(cast.mona, cast, "duty@mail.example")
    with clock.held_at(THREE.replace(hour=19)):
        case = raised(cast, thread)
        alerts.tell_those_on_duty()
        alerts.tell_those_on_duty()
    (sent,) = outbox.outbox
    told = f"{sent.subject}\n{sent.body}"
    assert sent.to == ["duty@mail.example"]
    for secret in (
        cast.harbour.name,
        cast.harbour.public_id,
        case.public_id,
        thread.public_id,
        "Grey Heron",
        DARK,
        "worr",
    ):
        assert secret.lower() not in told.lower()


@pytest.mark.usefixtures("with_mail")
def test_off_duty_nobody_is_mailed_and_the_next_on_duty_is(cast: Cast, thread: Thread) -> None:
    on_duty(cast.mona, cast, "duty@mail.example")
    with clock.held_at(THREE):
        raised(cast, thread)
        alerts.tell_those_on_duty()
        assert not outbox.outbox
    with clock.held_at(THREE.replace(hour=18, minute=1)):
        alerts.tell_those_on_duty()
    assert len(outbox.outbox) == 1


@pytest.mark.usefixtures("with_mail")
def test_nobody_is_mailed_about_themselves(cast: Cast, thread: Thread) -> None:
    on_duty(cast.mona, cast, "duty@mail.example")
    with clock.held_at(THREE.replace(hour=19)):
        send(cast.mona, thread, DARK)
        alerts.tell_those_on_duty()
    assert Case.objects.exists() and not outbox.outbox
    standing = reading.standing(group=cast.harbour, owner_tag=cast.mona.tag(cast.harbour))
    assert standing is not None and not standing.is_mailed


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("others", [True, False])
def test_no_row_of_a_mail_tells_whose_one_thread_name_it_is_about(
    cast: Cast, thread: Thread, others: bool
) -> None:
    on_duty(cast.mona, cast, "duty@mail.example")
    if others:
        on_duty(cast.lead, cast, "other@mail.example")
    with clock.held_at(THREE.replace(hour=19)):
        for who in (cast.mona, cast.alice):
            send(who, thread, DARK, key_for_alias=sign_as_alias(who, thread) and alias_key(who, thread))
            alerts.tell_those_on_duty()
    told = [set(worry.mails.values_list("member", flat=True)) for worry in Worry.objects.all()]
    assert len(told) == 2 and told[0] == told[1], "a thief of the database sees who was left out"


def test_a_stale_hold_writes_nothing(cast: Cast) -> None:
    held = claim(cast.mona, called(cast.alice, cast))
    with clock.held_at(clock.now() + claims.LEASE + dt.timedelta(minutes=1)), pytest.raises(Conflict):
        worries.write(judge=judge(cast.mona, cast.harbour), case=held, fence=held.fence, words="Late")
    assert not Notice.objects.exists()


def test_the_doors_of_acting(cast: Cast, thread: Thread) -> None:
    case = raised(cast, thread)
    for name in ("moderation:team_write", "moderation:team_care"):
        url = reverse(name, args=[cast.harbour.public_id, case.public_id])
        assert cast.mona.client.get(url).status_code == 405
