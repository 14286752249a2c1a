"""Automatic help: refusals first, then trying, switching, and what each step does. It takes nothing away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEntry
from chat.actions.posts import edit_post
from chat.models import Post, Thread
from chat.selectors import noticed
from community.errors import NotHere
from community.models import DueAct
from core import clock
from moderation.actions import automatic, care
from moderation.enums import STEPS, Act, CaseState, Checking, Kind, Reason, Step
from moderation.models import Case, Decision, Held, Report, Switch
from moderation.policies import judge_of
from moderation.selectors import automatic as found_by
from moderation.selectors import cases
from tests.chat.saying import alias_key, face, fill, send
from tests.chat.test_pages import at, page
from tests.moderation.judging import decide, report
from tests.moderation.test_held import client_of, let_appear, work, write
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
BAD = "you are a waste of space"


def switch(cast: Cast, kind: Kind, step: Step, phrases: str = "") -> None:
    """As a lead does: try it, then switch it on."""
    lead = cast.lead.here(cast.harbour)
    automatic.try_out(here=lead, kind=kind, step=step, phrases=phrases)
    automatic.switch_on(here=lead, kind=kind, step=step, phrases=phrases)


def url(cast: Cast, kind: str = "phrases") -> str:
    return f"/g/{cast.harbour.public_id}/team/automatic/{kind}/"


def listed(cast: Cast, step: Step = Step.HOLD) -> Thread:
    switch(cast, Kind.PHRASES, step, "waste of space\nget lost")
    return make_thread(cast.harbour)


# --- refusals ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["nobody", "olga", "barred", "alice", "bob", "weak", "ned"])
def test_who_does_not_look_after_the_group_sees_and_changes_nothing(cast: Cast, who: str) -> None:
    client = client_of(cast, who)
    assert client.get(f"/g/{cast.harbour.public_id}/team/automatic/").status_code == 404
    assert client.get(url(cast)).status_code == 404
    assert client.post(url(cast), {"try": "1", "step": "hold", "phrases": "get lost"}).status_code == 404
    assert not Switch.objects.exists()


def test_a_moderator_reads_and_a_lead_decides(cast: Cast) -> None:
    listed(cast)
    shown = cast.mona.client.get(url(cast)).content.decode()
    assert "waste of space" in shown and "<textarea" not in shown
    for button in ("try", "on", "off"):
        data = {button: "1", "step": "hold", "phrases": "other words"}
        assert cast.mona.client.post(url(cast), data).status_code == 403
    assert [one.is_on for one in Switch.objects.all()] == [True]


def test_the_team_reads_what_is_on(cast: Cast) -> None:
    listed(cast)
    kinds = cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/automatic/").content.decode()
    assert kinds.count(">On<") == 2 and "Let it wait until the team has looked." in kinds
    assert "team/automatic/" in cast.mona.client.get(f"/g/{cast.harbour.public_id}/care/").content.decode()


def test_there_is_no_other_kind(cast: Cast) -> None:
    assert cast.lead.client.get(url(cast, "mood")).status_code == 404


def test_nothing_untried_is_switched_on(cast: Cast) -> None:
    lead, data = cast.lead.client, {"step": "hold", "phrases": "get lost"}
    assert lead.post(url(cast), data | {"on": "1"}).status_code == 409
    lead.post(url(cast), data | {"try": "1"})
    for other in ({"phrases": "get lost\nidiot"}, {"step": "flag"}):
        assert lead.post(url(cast), data | other | {"on": "1"}).status_code == 409
    with clock.held_at(clock.now() + dt.timedelta(days=1)), pytest.raises(NotHere):
        automatic.switch_on(
            here=cast.lead.here(cast.harbour), kind=Kind.PHRASES, step=Step.HOLD, phrases="get lost"
        )
    assert not Switch.objects.filter(is_on=True).exists()
    assert lead.post(url(cast), data | {"on": "1"}).status_code == 302
    assert Switch.objects.get().is_on


@pytest.mark.parametrize(
    "wrong",
    [
        {"of_messages": None}, {"found": None}, {"found": 3}, {"step": ""},
        {"phrases": "", "kind": "contact", "found": 9},
        {"kind": "contact"},
    ],
)  # fmt: skip
def test_the_database_takes_no_switch_that_was_not_tried(cast: Cast, wrong: dict[str, object]) -> None:
    right = {
        "group": cast.harbour,
        "kind": "phrases",
        "step": "hold",
        "phrases": "x y",
        "of_messages": 2,
        "found": 1,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Switch.objects.create(**(right | {"is_on": True} | wrong))
    Switch.objects.create(**right, is_on=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Switch.objects.create(**right, is_on=True)


def test_no_step_takes_away_or_shuts_out() -> None:
    assert {step for steps in STEPS.values() for step in steps} == set(Step)
    assert not {str(step) for step in Step} & {str(act) for act in Act}


@pytest.mark.parametrize("phrases", ["", " \n ", "a", "x" * 81, "--"])
def test_what_cannot_be_looked_for_is_not_taken(cast: Cast, phrases: str) -> None:
    data = {"try": "1", "step": "hold", "phrases": phrases}
    assert cast.lead.client.post(url(cast), data).status_code == 422
    assert not Switch.objects.exists()


# --- trying -----------------------------------------------------------------------------------------------------
def test_trying_counts_and_shows_and_does_nothing(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    fill(cast.alice, thread, ["Hello", "W4ste of sp4ce, call 07700 900123", "Class", "Another"])
    data = {"try": "1", "step": "hold", "phrases": "waste of space"}
    shown = cast.lead.client.post(url(cast), data).content.decode()
    assert "1 message among the last 4 here" in shown
    assert "<details><summary>Show message 1</summary>" in shown
    assert "900123" not in shown and "[a way to reach someone]" in shown
    tried = Switch.objects.get()
    assert (tried.found, tried.of_messages, tried.is_on) == (1, 4, False)
    assert Post.objects.filter(state="shown").count() == 4 and not Case.objects.exists()


def test_an_empty_group_can_try_too(cast: Cast) -> None:
    assert "no messages here yet" in cast.lead.client.post(
        url(cast), {"try": "1", "step": "hold", "phrases": "get lost"}
    ).content.decode()  # fmt: skip


def test_trying_again_leaves_what_is_on(cast: Cast) -> None:
    listed(cast)
    automatic.try_out(here=cast.lead.here(cast.harbour), kind=Kind.PHRASES, step=Step.FLAG, phrases="other")
    on = found_by.switches(group=cast.harbour)[Kind.PHRASES]
    assert on.phrases == "waste of space\nget lost"
    automatic.switch_on(here=cast.lead.here(cast.harbour), kind=Kind.PHRASES, step=Step.FLAG, phrases="other")
    assert Switch.objects.get().phrases == "other"


def test_each_change_is_on_the_record(cast: Cast) -> None:
    listed(cast)
    automatic.switch_off(here=cast.lead.here(cast.harbour), kind=Kind.PHRASES)
    acts = (
        AuditEntry.objects.filter(chain__scope=cast.harbour.public_id)
        .order_by("seq")
        .values_list("act", "actor_role")
    )
    assert list(acts) == [("automatic help on", "group lead"), ("automatic help off", "group lead")]


def test_looking_back_finds_what_would_have_been_found(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    care.check_first(here=cast.lead.here(cast.harbour), checking=Checking.OFF, first_messages=2)
    texts = [
        "See https://a.example/x",
        "Same words, many letters",
        *"abcdefg",
        "Same words, many letters",
        BAD,
    ]
    live = dict.fromkeys(Kind, 0)
    for text in texts:
        for kind in Kind:
            Switch.objects.all().delete()
            Switch.objects.create(
                group=cast.harbour, kind=kind, step="flag", of_messages=0, found=0, is_on=True,
                phrases="waste of space" if kind == Kind.PHRASES else "",
            )  # fmt: skip
            here = cast.alice.here(cast.harbour)
            found = noticed.in_draft(here=here, text=text, tid=thread.public_id)
            live[kind] += any(one.kind == kind for one in found)
        Switch.objects.all().delete()
        send(cast.alice, thread, text)
    for kind in Kind:
        phrases = "waste of space" if kind == Kind.PHRASES else ""
        assert found_by.look_back(group=cast.harbour, kind=kind, phrases=phrases).found == live[kind], kind
    assert live == {Kind.CONTACT: 0, Kind.LINKS: 1, Kind.FLOOD: 7, Kind.PHRASES: 1, Kind.WORRY: 0}


# --- holding ----------------------------------------------------------------------------------------------------
def test_what_is_held_says_why_to_its_writer_and_the_team(cast: Cast) -> None:
    thread = listed(cast)
    assert write(cast.alice, thread, "You w a s t e of space").status_code == 302
    assert not Post.objects.exists() and Held.objects.count() == 1
    why = "It waits because this group looks at some words first: “w a s t e of space”."
    own = page(cast.alice, thread)
    assert why in own and "Nobody else in the group sees this" in own
    assert why in cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/held/").content.decode()
    assert "waste" not in page(cast.bob, thread) and "waits because" not in page(cast.bob, thread)
    let_appear(cast)
    work()
    assert "w a s t e" in page(cast.bob, thread)


def test_a_title_a_change_and_a_one_thread_name_are_held_too(cast: Cast) -> None:
    thread = listed(cast)
    post = send(cast.alice, thread, "Fine words")
    change = at("post_edit", cast.harbour, thread.public_id, post.public_id)
    cast.alice.client.post(change, {"text": BAD, "as_it_is": "1"})
    assert Post.objects.get().text == "Fine words" and Held.objects.count() == 1
    new = {"title": "Get lost", "ask": "just_listening", "text": "Fine", "as_it_is": "1"}
    assert cast.bob.client.post(at("thread_new", cast.harbour), new).status_code == 302
    assert Thread.objects.count() == 1 and Held.objects.count() == 2
    write(cast.alice, thread, BAD, face="once", once="Soft Lantern")
    assert Post.objects.count() == 1 and Held.objects.count() == 3


def test_what_waits_for_its_moment_is_looked_at_then(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    write(cast.alice, thread, BAD, when="3")
    assert DueAct.objects.count() == 1 and not Held.objects.exists()
    switch(cast, Kind.PHRASES, Step.HOLD, "waste of space")
    with clock.held_at(clock.now() + dt.timedelta(days=4)):
        from community.actions import due

        due.do_due()
    assert not Post.objects.exists() and Held.objects.count() == 1


def test_nothing_of_the_team_waits(cast: Cast) -> None:
    assert write(cast.mona, listed(cast), BAD).status_code == 302
    assert Post.objects.count() == 1 and not Held.objects.exists()


def test_another_group_is_as_it_was(cast: Cast) -> None:
    listed(cast)
    assert send(cast.alice, make_thread(cast.meadow), BAD).text == BAD


def test_once_it_is_off_nothing_waits(cast: Cast) -> None:
    thread = listed(cast)
    cast.lead.client.post(url(cast), {"off": "1"})
    assert send(cast.alice, thread, BAD).text == BAD


# --- each kind --------------------------------------------------------------------------------------------------
def test_links_of_newcomers_wait_and_those_of_others_do_not(cast: Cast) -> None:
    switch(cast, Kind.LINKS, Step.HOLD)
    thread, link = make_thread(cast.harbour), "Look: https://adverts.example/buy"
    write(cast.alice, thread, link)
    assert not Post.objects.exists() and "“https://adverts.example/buy”" in page(cast.alice, thread)
    fill(cast.bob, thread, ["One", "Two"])
    write(cast.bob, thread, link)
    assert Post.objects.filter(text=link).count() == 1 and Held.objects.count() == 1


def test_the_fifth_in_a_row_and_the_same_again_are_a_flood(cast: Cast) -> None:
    switch(cast, Kind.FLOOD, Step.HOLD)
    thread, other = make_thread(cast.harbour), make_thread(cast.harbour)
    fill(cast.alice, thread, ["One", "Two", "Three"])
    write(cast.alice, thread, "Four is still fine")
    write(cast.alice, thread, "Five")
    assert Post.objects.count() == 4 and Held.objects.count() == 1
    write(cast.bob, thread, "Hello there")
    write(cast.alice, thread, "And on it goes")
    assert Post.objects.count() == 6
    write(cast.alice, other, "Four is still fine, they say")
    write(cast.alice, thread, "Four is still fine, they say")
    assert Post.objects.count() == 7 and Held.objects.count() == 2


def test_a_change_is_no_flood(cast: Cast) -> None:
    switch(cast, Kind.FLOOD, Step.HOLD)
    thread = make_thread(cast.harbour)
    fill(cast.alice, thread, ["One", "Two", "Three", "Four"])
    post = Post.objects.get(text="Two")
    change = at("post_edit", cast.harbour, thread.public_id, post.public_id)
    cast.alice.client.post(change, {"text": "Two, and a word", "as_it_is": "1"})
    assert Post.objects.filter(text="Two, and a word").exists() and not Held.objects.exists()


def test_a_one_thread_name_is_not_taken_for_the_name(cast: Cast) -> None:
    switch(cast, Kind.FLOOD, Step.HOLD)
    thread = make_thread(cast.harbour)
    fill(cast.alice, thread, ["One", "Two", "Three", "The same words as here"])
    send(cast.bob, thread)
    write(cast.alice, thread, "The same words as here", face="once", once="Soft Lantern")
    assert Post.objects.count() == 6 and not Held.objects.exists()
    here, key = cast.alice.here(cast.harbour), alias_key(cast.alice, thread)
    given = {"here": here, "tid": thread.public_id, "text": "The same words as here"}
    assert noticed.in_draft(**given, alias_key=key) and noticed.in_draft(**given)


def test_ways_to_reach_someone_can_wait(cast: Cast) -> None:
    switch(cast, Kind.CONTACT, Step.HOLD)
    write(cast.alice, make_thread(cast.harbour), "Ring me on 07700 900123")
    assert not Post.objects.exists() and Held.objects.count() == 1


# --- pointing at it ---------------------------------------------------------------------------------------------
def test_what_is_flagged_appears_and_waits_for_the_team(cast: Cast) -> None:
    thread = listed(cast, Step.FLAG)
    assert write(cast.alice, thread, BAD).status_code == 302
    post, case = Post.objects.get(), Case.objects.get()
    assert (case.subject_id, case.noticed, case.reason) == (post.public_id, "phrases", Reason.OTHER)
    assert not Report.objects.exists() and "waste" in page(cast.bob, thread)
    shown = cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/{case.public_id}/").content.decode()
    assert "Automatic help noticed it: Your group&#x27;s own phrases. It can be wrong." in shown
    entry = AuditEntry.objects.get(act="automatic help")
    assert (entry.actor_role, entry.ref) == ("automatic help", case.public_id)
    assert decide(cast.mona, case, Act.HIDE).by_machine


def test_a_report_joins_what_was_flagged_and_its_writer_gets_no_case(cast: Cast) -> None:
    from tests.moderation.judging import report

    thread = listed(cast, Step.FLAG)
    post = send(cast.mona, thread, BAD)
    assert report(cast.bob, post).case == Case.objects.get(state=CaseState.OPEN)
    assert not cases.waiting(judge=judge_of(cast.mona.here(cast.harbour)))
    assert cases.waiting(judge=judge_of(cast.lead.here(cast.harbour)))


def test_what_was_reported_before_says_that_a_program_took_part(cast: Cast) -> None:
    """The writer changes it afterwards, and automatic help finds something in that: the reasons say so."""
    switch(cast, Kind.CONTACT, Step.FLAG)
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Hello you")
    case = report(cast.bob, post).case
    edit_post(face=face(cast.alice, thread), post=post, text="Write to me: grey.heron@example.org")
    made = decide(cast.mona, case, Act.HIDE)
    assert made.by_machine and Case.objects.get().noticed == Kind.CONTACT


def test_a_person_decides_that_nothing_was_wrong(cast: Cast) -> None:
    send(cast.alice, listed(cast, Step.FLAG), BAD)
    decide(cast.mona, Case.objects.get(), Act.NOTHING)
    assert Decision.objects.get().by_machine and Post.objects.get().state == "shown"


def test_a_new_talk_and_a_change_are_flagged(cast: Cast) -> None:
    thread = listed(cast, Step.FLAG)
    new = {"title": "Get lost", "ask": "just_listening", "text": "Fine", "as_it_is": "1"}
    cast.alice.client.post(at("thread_new", cast.harbour), new)
    post = send(cast.bob, thread, "Fine words")
    assert Case.objects.count() == 1
    change = at("post_edit", cast.harbour, thread.public_id, post.public_id)
    cast.bob.client.post(change, {"text": BAD, "as_it_is": "1"})
    assert Case.objects.count() == 2


# --- asking the writer ------------------------------------------------------------------------------------------
def test_the_writer_is_asked_once_and_can_send_it(cast: Cast) -> None:
    thread = listed(cast, Step.COACH)
    asked = cast.alice.client.post(at("post_send", cast.harbour, thread.public_id), {"text": BAD})
    assert asked.status_code == 409
    assert "This group is careful with these words: “waste of space”." in asked.content.decode()
    write(cast.alice, thread, BAD)
    assert Post.objects.count() == 1 and not Held.objects.exists() and not Case.objects.exists()


def test_the_writer_is_shown_where_help_is(cast: Cast) -> None:
    thread = listed(cast, Step.HELP)
    asked = cast.alice.client.post(at("post_send", cast.harbour, thread.public_id), {"text": BAD})
    assert asked.status_code == 409 and "leads to help near you" in asked.content.decode()


def test_worry_is_answered_though_the_message_waits(cast: Cast) -> None:
    """No second press: the words wait, the team has the worry at once, and their writer reads whom to call."""
    thread = listed(cast)
    write(cast.alice, thread, f"I want to kill myself, {BAD}")
    assert Held.objects.count() == 1
    case = Case.objects.get(reason=Reason.WORRIED)
    assert case.is_worry and BAD in case.text and not case.place
    page = cast.alice.client.get(f"/g/{cast.harbour.public_id}/now/")
    assert "It is on the team&#x27;s list." in page.content.decode()


def test_help_comes_first_where_there_is_other_advice(cast: Cast) -> None:
    thread = listed(cast, Step.COACH)
    address, text = at("post_send", cast.harbour, thread.public_id), f"I want to kill myself, {BAD}"
    asked = cast.alice.client.post(address, {"text": text}).content.decode()
    assert asked.index("leads to help near you") < asked.index("This group is careful")
